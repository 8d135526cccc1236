# What each optional component links. The build and the installed package both read this file.

function(outthink_component name result)
  set(link_transformer Threads::Threads)
  set(link_json nlohmann_json::nlohmann_json)
  set(link_fmt fmt::fmt)
  set(link_http CURL::libcurl nlohmann_json::nlohmann_json)
  set(link_journal SQLite::SQLite3 Threads::Threads)
  set(link_mpi MPI::MPI_CXX)
  set(link_llama_cpp llama)
  if(NOT DEFINED link_${name})
    message(FATAL_ERROR "outthink: there is no component '${name}': use transformer, json, fmt, http, "
                        "journal, mpi or llama_cpp")
  endif()
  set(${result} ${link_${name}} PARENT_SCOPE)
endfunction()

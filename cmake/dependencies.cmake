# Every dependency in one place: what is installed is used, what is not is fetched at a pinned tag.
include(FetchContent)

# Finds what the component, test or benchmark `name` depends on, or stops with what to install.
function(outthink_find name)
  if(name STREQUAL "transformer")
    find_package(Threads REQUIRED GLOBAL)
  elseif(name STREQUAL "json")
    outthink_obtain(nlohmann_json https://github.com/nlohmann/json.git v3.11.3 nlohmann-json3-dev)
  elseif(name STREQUAL "fmt")
    outthink_obtain(fmt https://github.com/fmtlib/fmt.git 10.2.1 libfmt-dev)
  elseif(name STREQUAL "http")
    # libcurl is a part of systems, not of a build: it is never fetched.
    find_package(CURL 7.85 QUIET GLOBAL)
    if(NOT CURL_FOUND)
      message(
        FATAL_ERROR
          "outthink: the component http needs libcurl 7.85 or later, which is not installed "
          "(Debian and Ubuntu: apt install libcurl4-openssl-dev).")
    endif()
    outthink_find(json)
  elseif(name STREQUAL "journal")
    find_package(Threads REQUIRED GLOBAL)
    find_package(SQLite3 3.33 QUIET GLOBAL)
    if(NOT SQLite3_FOUND)
      message(
        FATAL_ERROR
          "outthink: the component journal needs SQLite 3.33 or later, which is not installed "
          "(Debian and Ubuntu: apt install libsqlite3-dev).")
    endif()
  elseif(name STREQUAL "mpi")
    # So is MPI.
    find_package(MPI QUIET GLOBAL COMPONENTS CXX)
    if(NOT MPI_CXX_FOUND)
      message(
        FATAL_ERROR
          "outthink: the component mpi needs an MPI, which is not installed "
          "(Debian and Ubuntu: apt install libopenmpi-dev openmpi-bin).")
    endif()
  elseif(name STREQUAL "llama_cpp")
    find_package(llama QUIET GLOBAL)
    if(NOT llama_FOUND)
      message(
        FATAL_ERROR
          "outthink: the component llama_cpp needs llama.cpp, of 2025 or later, with its CMake package "
          "(build and install https://github.com/ggml-org/llama.cpp, then set llama_DIR or "
          "CMAKE_PREFIX_PATH).")
    endif()
  elseif(name STREQUAL "doctest")
    set(DOCTEST_WITH_TESTS OFF)
    outthink_obtain(doctest https://github.com/doctest/doctest.git v2.4.11 doctest-dev)
  elseif(name STREQUAL "eigen")
    set(EIGEN_BUILD_DOC OFF)
    set(BUILD_TESTING OFF)
    outthink_obtain(Eigen3 https://gitlab.com/libeigen/eigen.git 3.4.0 libeigen3-dev)
  elseif(name STREQUAL "cli11")
    set(CLI11_BUILD_TESTS OFF)
    set(CLI11_BUILD_EXAMPLES OFF)
    outthink_obtain(CLI11 https://github.com/CLIUtils/CLI11.git v2.1.2 libcli11-dev)
  elseif(name STREQUAL "benchmark")
    set(BENCHMARK_ENABLE_TESTING OFF)
    outthink_obtain(benchmark https://github.com/google/benchmark.git v1.8.3 libbenchmark-dev)
  endif()
endfunction()

function(outthink_obtain package repository tag debian_package)
  if(OUTTHINK_OFFLINE)
    find_package(${package} QUIET GLOBAL)
    if(NOT ${package}_FOUND)
      message(
        FATAL_ERROR
          "outthink: ${package} is not installed, and OUTTHINK_OFFLINE forbids to fetch it.\n"
          "Install it (Debian and Ubuntu: apt install ${debian_package}), or point ${package}_DIR "
          "to the folder of its CMake package, or set OUTTHINK_OFFLINE to OFF.")
    endif()
    return()
  endif()
  if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.25)
    set(system SYSTEM)  # no warnings from headers that are not ours
  endif()
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # options of the dependency may be set as variables
  FetchContent_Declare(
    ${package}
    GIT_REPOSITORY ${repository}
    GIT_TAG ${tag}
    GIT_SHALLOW ON ${system}
    FIND_PACKAGE_ARGS GLOBAL)
  FetchContent_MakeAvailable(${package})
endfunction()

# Finds cpp-httplib, the HTTP server of tests and examples, as the target outthink_httplib; without
# it, they are left out.
function(outthink_find_httplib)
  if(TARGET outthink_httplib)
    return()
  endif()
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(httplib QUIET IMPORTED_TARGET GLOBAL cpp-httplib)
  endif()
  if(TARGET PkgConfig::httplib)
    find_package(Threads REQUIRED)
    add_library(outthink_httplib INTERFACE)
    target_link_libraries(outthink_httplib INTERFACE PkgConfig::httplib Threads::Threads)
    find_package(OpenSSL QUIET)
    if(OPENSSL_FOUND)
      target_link_libraries(outthink_httplib INTERFACE OpenSSL::SSL OpenSSL::Crypto)
    endif()
  endif()
endfunction()

# Warnings for the project's own tests, examples and benchmarks; never passed on to users.
add_library(outthink_warnings INTERFACE)
if(MSVC)
  target_compile_options(outthink_warnings INTERFACE /W4)
else()
  target_compile_options(outthink_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
endif()

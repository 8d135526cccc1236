# Included by the project for syntax.sh: compilers read and make nothing, so that nothing is linked.
add_compile_options(-fsyntax-only)
set(CMAKE_CXX_LINKER_LAUNCHER true)

# Headers, and a package for find_package(outthink 0.1 COMPONENTS transformer json fmt http journal mpi
# llama_cpp).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/outthink)
write_basic_package_version_file(
  outthink-config-version.cmake
  COMPATIBILITY SameMinorVersion
  ARCH_INDEPENDENT)

install(TARGETS outthink EXPORT outthink-targets FILE_SET HEADERS)
install(EXPORT outthink-targets NAMESPACE outthink:: DESTINATION ${package_dir})
install(
  FILES ${PROJECT_BINARY_DIR}/outthink-config-version.cmake
        ${PROJECT_SOURCE_DIR}/cmake/outthink-config.cmake
        ${PROJECT_SOURCE_DIR}/cmake/components.cmake
  DESTINATION ${package_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# `cmake --install`, in components: "program"; "extras", its man pages, completions, service, configuration and documentation; and
# "development", the library for programs that embed lode (find_package(lode), lode.pc).
# One static archive of all modules, so that users need not know their names and order. Not a shared library: that needs
# position-independent code in every module, and a stable ABI. The exported target has the archive's dependencies.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS lode RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(DIRECTORY ${LODE_MANUAL_DIR}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT extras FILES_MATCHING PATTERN "*.1")
install(FILES ${LODE_MANUAL_DIR}/lode.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME lode
  COMPONENT extras)
install(FILES ${LODE_MANUAL_DIR}/_lode DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT extras)
install(FILES ${LODE_MANUAL_DIR}/lode.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT extras)
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT extras)
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT extras)
install(FILES share/systemd/gpu.conf DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT extras)
install(DIRECTORY share/grafana share/prometheus share/openapi DESTINATION ${CMAKE_INSTALL_DATADIR}/lode COMPONENT extras)

# The service names the program and its configuration by their full paths, which the prefix of the installation decides.
install(CODE "set(LODE_SHARE ${PROJECT_SOURCE_DIR}/share)" COMPONENT extras)
install(SCRIPT ${CMAKE_CURRENT_LIST_DIR}/LodeInstallService.cmake COMPONENT extras)

set(modules api source p2p net engine work chain util backend crypto kernels_cpu kernels_prepare)
if(LODE_HAVE_OPENCL)
  list(APPEND modules kernels_opencl)
endif()
if(LODE_HAVE_CUDA)
  list(APPEND modules kernels_cuda)
endif()
list(TRANSFORM modules REPLACE "(.+)" "$<TARGET_OBJECTS:lode_\\1>" OUTPUT_VARIABLE objects)

add_library(lode_archive STATIC ${objects})
add_library(lode::lode ALIAS lode_archive)
set_target_properties(lode_archive PROPERTIES OUTPUT_NAME lode EXPORT_NAME lode LINKER_LANGUAGE CXX
  ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
target_compile_features(lode_archive INTERFACE cxx_std_20)
target_include_directories(lode_archive INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(lode_archive PUBLIC tl::expected
  PRIVATE fmt::fmt OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads ${CMAKE_DL_LIBS})
set(pc_libraries "-pthread -ldl")
if(LODE_HAVE_CUDA)  # the runtime is a file of the toolkit, which stays where it is
  target_link_libraries(lode_archive PRIVATE ${LODE_CUDART} rt)
  string(APPEND pc_libraries " ${LODE_CUDART} -lrt")
endif()

install(TARGETS lode_archive EXPORT lodeTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/lode ${PROJECT_BINARY_DIR}/include/lode
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN "*.h")

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/lode)
install(EXPORT lodeTargets NAMESPACE lode:: DESTINATION ${package} COMPONENT development)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/lodeConfig.cmake.in ${PROJECT_BINARY_DIR}/lodeConfig.cmake
  INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lodeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lodeConfig.cmake ${PROJECT_BINARY_DIR}/lodeConfigVersion.cmake DESTINATION ${package}
  COMPONENT development)

file(RELATIVE_PATH pc_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/lode.pc.in ${PROJECT_BINARY_DIR}/lode.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lode.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

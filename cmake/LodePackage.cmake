# `cpack`: a .deb of the program; `cpack -G TGZ`: a static program for other distributions; `cpack -G TGZ -D LODE_PACKAGE=hiveos`: a
# custom miner of HiveOS. Packed again they are the same byte for byte: file times are the commit's, or SOURCE_DATE_EPOCH, and the
# program names no folder of the build (tests/packages).
if(LODE_HAVE_STATIC)
  install(PROGRAMS $<TARGET_FILE:lode_static> DESTINATION bin RENAME lode COMPONENT static EXCLUDE_FROM_ALL)
  install(PROGRAMS $<TARGET_FILE:lode_bundled> DESTINATION lode RENAME lode COMPONENT hiveos EXCLUDE_FROM_ALL)
  configure_file(share/hiveos/h-manifest.conf.in ${PROJECT_BINARY_DIR}/h-manifest.conf @ONLY)
  install(PROGRAMS share/hiveos/h-config.sh share/hiveos/h-run.sh share/hiveos/h-stats.sh ${PROJECT_BINARY_DIR}/h-manifest.conf
    DESTINATION lode COMPONENT hiveos EXCLUDE_FROM_ALL)
endif()

set(LODE_MAINTAINER "The lode developers <maintainers@lode.example.org>")
install(CODE "set(LODE_SHARE ${PROJECT_SOURCE_DIR}/share)\nset(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})\nset(CPACK_PACKAGE_CONTACT \"${LODE_MAINTAINER}\")" COMPONENT debian EXCLUDE_FROM_ALL)
install(SCRIPT ${CMAKE_CURRENT_LIST_DIR}/LodeInstallDebian.cmake COMPONENT debian EXCLUDE_FROM_ALL)

set(CPACK_PACKAGE_NAME lode)
set(CPACK_PACKAGE_VENDOR "The lode developers")
set(CPACK_PACKAGE_CONTACT ${LODE_MAINTAINER})
set(CPACK_COMPONENTS_ALL program extras debian)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_THREADS 1)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/LodePackageRun.cmake)
set(CPACK_LODE_SOURCE ${PROJECT_SOURCE_DIR})

set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_NAME lode)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "ocl-icd-libopencl1")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "lode mines on a Bitcoin node, at a pool (Stratum V1 and V2) or on a chain of
its own, on CPUs and on GPUs through CUDA and OpenCL. It verifies every hit,
loses no block, and follows the chain itself. It is for regtest, signets and
testnets, for pools and nodes under development, and for measuring hardware.

The service lode.service mines what /etc/lode/lode.json says, once it is
enabled.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/share/debian/postinst ${PROJECT_SOURCE_DIR}/share/debian/prerm
  ${PROJECT_SOURCE_DIR}/share/debian/postrm ${PROJECT_SOURCE_DIR}/share/debian/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)

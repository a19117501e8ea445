# Run by cpack after the other components: what Debian's policy wants beyond an installation.
set(usr $ENV{DESTDIR}${CMAKE_INSTALL_PREFIX})
set(doc ${usr}/share/doc/lode)
file(INSTALL ${LODE_SHARE}/debian/copyright DESTINATION ${CMAKE_INSTALL_PREFIX}/share/doc/lode)
execute_process(COMMAND date -R -u --date=@$ENV{SOURCE_DATE_EPOCH} OUTPUT_VARIABLE date COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${doc}/changelog "lode (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * What has changed says CHANGELOG.md.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}")
file(GLOB pages ${usr}/share/man/man1/*.1)
execute_process(COMMAND gzip -9nf ${pages} ${doc}/changelog COMMAND_ERROR_IS_FATAL ANY)

# Man pages (lode.1, and lode-mine.1 and so on for each subcommand) and completions: written by the program lode_manual into
# LODE_MANUAL_DIR; prose by hand is in share/man.
set(LODE_MANUAL_DIR ${PROJECT_BINARY_DIR}/manual)
file(MAKE_DIRECTORY ${LODE_MANUAL_DIR})
file(GLOB prose CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/share/man/*.roff)
add_custom_command(OUTPUT ${LODE_MANUAL_DIR}/lode.1 ${LODE_MANUAL_DIR}/lode.bash ${LODE_MANUAL_DIR}/_lode ${LODE_MANUAL_DIR}/lode.fish
  COMMAND lode_manual ${PROJECT_SOURCE_DIR}/share/man ${LODE_MANUAL_DIR} DEPENDS lode_manual ${prose} VERBATIM)
add_custom_target(lode_pages ALL DEPENDS ${LODE_MANUAL_DIR}/lode.1)

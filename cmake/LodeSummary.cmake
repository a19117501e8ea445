# Prints what was found, what was left out, and why.
message(STATUS "lode ${PROJECT_VERSION}, ${CMAKE_BUILD_TYPE}, ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
foreach(line IN LISTS LODE_SUMMARY)
  string(REPLACE "|" ": " line "${line}")
  message(STATUS "  ${line}")
endforeach()

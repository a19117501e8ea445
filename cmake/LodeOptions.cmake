# Options, the flags of all our targets, and the two ways to declare one.
include(CheckCXXCompilerFlag)
include(CheckLanguage)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(LODE_TESTS AUTO CACHE STRING "the tests: AUTO (where GoogleTest is found), ON or OFF")
option(LODE_APP "build the lode program; OFF: only kernels and back ends, which need no library" ON)
set(LODE_CUDA AUTO CACHE STRING "the CUDA back end: AUTO, ON or OFF")
set(LODE_OPENCL AUTO CACHE STRING "the OpenCL back end: AUTO, ON or OFF")
set(LODE_SANITIZE "" CACHE STRING "-fsanitize= for all our targets: address,undefined or thread")
option(LODE_FUZZ "build the libFuzzer targets (Clang)" OFF)
option(LODE_STATIC "link lode statically, as far as the driver interfaces allow" OFF)
set_property(CACHE LODE_TESTS LODE_CUDA LODE_OPENCL PROPERTY STRINGS AUTO ON OFF)

set(LODE_SUMMARY "" CACHE INTERNAL "")
# lode_summary(NAME TEXT): a line of the summary that CMake prints at its end.
function(lode_summary name text)
  set(LODE_SUMMARY ${LODE_SUMMARY} "${name}|${text}" CACHE INTERNAL "")
endfunction()

find_program(LODE_CCACHE ccache)
if(LODE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${LODE_CCACHE})
endif()

# Errors with the compilers that the project is tested with; others may warn of more, and users must be able to build.
set(werror OFF)
if((CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\.") OR
   (CMAKE_CXX_COMPILER_ID STREQUAL Clang AND CMAKE_CXX_COMPILER_VERSION MATCHES "^14\\."))
  set(werror ON)
endif()
option(LODE_WERROR "warnings are errors" ${werror})

add_library(lode_flags INTERFACE)
target_include_directories(lode_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_compile_options(lode_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${LODE_WERROR}>>:-Werror>)
# GCC 12 sees overlaps in std::string's own operator+ (GCC bug 105651).
target_compile_options(lode_flags INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>)
if(LODE_SANITIZE)
  target_compile_options(lode_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${LODE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer>)
  target_link_options(lode_flags INTERFACE -fsanitize=${LODE_SANITIZE})
endif()

if(LODE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "LODE_FUZZ needs Clang, for libFuzzer")
  endif()
  target_compile_options(lode_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link>)
endif()

# lode_library(ROOM SOURCES... [LINK libraries...]): the static library lode_ROOM.
function(lode_library room)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(lode_${room} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(lode_${room} PRIVATE lode_flags ${ARG_LINK})
endfunction()

# lode_test(ROOM SOURCES... LINK libraries...): one GoogleTest program a room, each of its tests known to ctest.
function(lode_test room)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(lode_${room}_tests ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(lode_${room}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(lode_${room}_tests PRIVATE lode_flags ${ARG_LINK} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(lode_${room}_tests TEST_PREFIX ${room}. DISCOVERY_TIMEOUT 120
    PROPERTIES TIMEOUT 300 SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]"
    ENVIRONMENT "LODE_TEST_DATA=$ENV{LODE_TEST_DATA}")
endfunction()

# lode_fuzz(NAME LINK libraries...): the libFuzzer program NAME_fuzz from NAME_fuzz.cpp, with NAME_seeds and, where
# there is one, NAME.dict; a short run of it is a test.
function(lode_fuzz name)
  if(NOT LODE_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name}_fuzz ${name}_fuzz.cpp)
  target_link_libraries(${name}_fuzz PRIVATE lode_flags ${ARG_LINK})
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  set(dict)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}.dict)
    set(dict -dict=${CMAKE_CURRENT_SOURCE_DIR}/${name}.dict)
  endif()
  set(found ${CMAKE_CURRENT_BINARY_DIR}/${name}_found)
  file(MAKE_DIRECTORY ${found})
  add_test(NAME fuzz.${name} COMMAND ${name}_fuzz -max_total_time=15 -timeout=10 -rss_limit_mb=2048 ${dict} ${found} ${CMAKE_CURRENT_SOURCE_DIR}/${name}_seeds)
endfunction()

# Build options, the compiler flags of all our targets, and the functions that declare them.
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
option(LODE_APP "build the lode program; OFF: only kernels and backends, which need no library but tl/expected" ON)
set(LODE_CUDA AUTO CACHE STRING "the CUDA backend: AUTO, ON or OFF")
set(LODE_OPENCL AUTO CACHE STRING "the OpenCL backend: AUTO, ON or OFF")
set(LODE_SANITIZE "" CACHE STRING "-fsanitize= for all our targets: address,undefined or thread")
# A whole build takes half the time this way; without, less is built again after an edit.
option(LODE_UNITY "compile modules and their tests a few files at a time" ON)
option(LODE_FUZZ "build the libFuzzer targets (Clang)" OFF)
set_property(CACHE LODE_TESTS LODE_CUDA LODE_OPENCL PROPERTY STRINGS AUTO ON OFF)

set(LODE_SUMMARY "" CACHE INTERNAL "")
# lode_summary(NAME TEXT): adds a line to the summary that CMake prints at the end.
function(lode_summary name text)
  set(LODE_SUMMARY ${LODE_SUMMARY} "${name}|${text}" CACHE INTERNAL "")
endfunction()

find_program(LODE_CCACHE ccache)
if(LODE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${LODE_CCACHE})
endif()

# Warnings are errors only with the compilers that the project is tested with: others may warn about more.
set(werror OFF)
if((CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\.") OR
   (CMAKE_CXX_COMPILER_ID STREQUAL Clang AND CMAKE_CXX_COMPILER_VERSION MATCHES "^14\\."))
  set(werror ON)
endif()
option(LODE_WERROR "warnings are errors" ${werror})

find_package(tl-expected QUIET)
if(NOT tl-expected_FOUND)
  message(FATAL_ERROR "lode needs the header-only library tl/expected (Debian: libexpected-dev)")
endif()
add_library(lode_flags INTERFACE)
target_link_libraries(lode_flags INTERFACE tl::expected)
target_include_directories(lode_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_compile_options(lode_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${LODE_WERROR}>>:-Werror>)
# GCC 12 warns about false overlaps and overflows in std::string's operator+ and insert (GCC bugs 105651, 105329), even
# in system headers once they come from a precompiled header. Clang and ASan find real ones.
target_compile_options(lode_flags INTERFACE
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread>)
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

# lode_unity(TARGET): compiles its files eight at a time.
function(lode_unity target)
  if(LODE_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    # GCC takes files that are included for headers, which should give their classes no members of anonymous types.
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# lode_unoptimized(TARGET): without the optimiser in a build with sanitizers, of which it takes more than half the time. What
# hashes keeps it.
function(lode_unoptimized target)
  if(LODE_SANITIZE)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-O0>)
  endif()
endfunction()

# lode_library(MODULE SOURCES... [LINK libraries...]): the static library lode_MODULE.
function(lode_library module)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(lode_${module} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(lode_${module} PRIVATE lode_flags ${ARG_LINK})
  # The others need few headers; kernels and crypto have flags of their own; tests replace some of backend's object files.
  if(NOT module MATCHES "^(crypto|backend|kernels|conformance)")
    lode_precompiled(lode_${module} lib)
    lode_unoptimized(lode_${module})
    lode_unity(lode_${module})
  endif()
endfunction()

# lode_test(MODULE SOURCES... LINK libraries...): one GoogleTest program per module, each of its tests registered with ctest.
function(lode_test module)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(lode_${module}_tests ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(lode_${module}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(lode_${module}_tests PRIVATE lode_flags ${ARG_LINK} GTest::gmock GTest::gtest_main)
  if(module MATCHES "^(crypto|backend|kernels|conformance|opencl|cuda|bench)")  # they hash, so they keep the optimiser
    if(LODE_APP AND NOT LODE_SANITIZE)
      lode_precompiled(lode_${module}_tests test)
    endif()
  elseif(LODE_APP)
    lode_precompiled(lode_${module}_tests test)
    lode_unoptimized(lode_${module}_tests)
    lode_unity(lode_${module}_tests)
  endif()
  gtest_discover_tests(lode_${module}_tests TEST_PREFIX ${module}. DISCOVERY_TIMEOUT 120
    PROPERTIES TIMEOUT 300 SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]"
    ENVIRONMENT "LODE_TEST_DATA=$ENV{LODE_TEST_DATA}")
endfunction()

# lode_fuzz(NAME LINK libraries...): the libFuzzer program NAME_fuzz from NAME_fuzz.cpp, with NAME_seeds and NAME.dict if
# there is one; a short run of it is a test.
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

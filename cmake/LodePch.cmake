# One precompiled header for every module that uses the libraries, and one for the tests. Modules that need only a compiler
# (base, kernels, crypto, backend) go without.
option(LODE_PCH "precompile the libraries' headers" ON)

# lode_precompiled(TARGET KIND): KIND is lib or test.
function(lode_precompiled target kind)
  if(LODE_PCH AND TARGET lode_pch_${kind})
    target_precompile_headers(${target} REUSE_FROM lode_pch_${kind})
    # GCC takes a precompiled header only where the macros are the same.
    foreach(library Boost::headers fmt::fmt)
      target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:${library},INTERFACE_COMPILE_DEFINITIONS>)
    endforeach()
  endif()
endfunction()

function(lode_pch_target kind)
  cmake_parse_arguments(ARG "" "" "LINK;HEADERS" ${ARGN})
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/pch_${kind}.cpp CONTENT "// holds the precompiled header\n")
  add_library(lode_pch_${kind} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/pch_${kind}.cpp)
  target_link_libraries(lode_pch_${kind} PRIVATE lode_flags ${ARG_LINK})
  target_precompile_headers(lode_pch_${kind} PRIVATE ${ARG_HEADERS})
  lode_unoptimized(lode_pch_${kind})
endfunction()

if(LODE_PCH)
  if(LODE_CCACHE)  # https://ccache.dev/manual: precompiled headers
    target_compile_options(lode_flags INTERFACE
      $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess> $<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-Xclang -fno-pch-timestamp>)
  endif()
  set(headers <algorithm> <array> <chrono> <cstdint> <deque> <functional> <map> <memory> <optional> <span> <string> <string_view>
    <utility> <variant> <vector> <boost/asio/any_io_executor.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
    <boost/asio/post.hpp> <boost/asio/read.hpp> <boost/asio/steady_timer.hpp> <boost/asio/write.hpp>
    <fmt/format.h> <nlohmann/json.hpp> <tl/expected.hpp>)
  set(libraries Boost::headers fmt::fmt nlohmann_json::nlohmann_json tl::expected Threads::Threads)
  lode_pch_target(lib LINK ${libraries} HEADERS ${headers})
  if(NOT LODE_TESTS STREQUAL OFF)
    find_package(GTest 1.12 QUIET)
    if(GTest_FOUND)
      lode_pch_target(test LINK ${libraries} GTest::gmock HEADERS ${headers} <gmock/gmock.h> <gtest/gtest.h>)
    endif()
  endif()
endif()

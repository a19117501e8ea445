# lode with its libraries inside, for other distributions; built when asked for, and by the tests:
# lode_static  needs nothing, not even a C library, and so loads no GPU drivers
# lode_bundled needs the C library, for GPU drivers
set(LODE_HAVE_STATIC ON)
foreach(library ssl crypto z)
  find_library(LODE_STATIC_${library} lib${library}.a)
  mark_as_advanced(LODE_STATIC_${library})
  if(NOT LODE_STATIC_${library})
    set(LODE_HAVE_STATIC OFF)
    lode_summary("static program" "left out: no lib${library}.a")
  endif()
endforeach()
if(NOT LODE_HAVE_STATIC OR LODE_SANITIZE)
  set(LODE_HAVE_STATIC OFF)
  return()
endif()

# The archives by their files: the targets would bring the shared libraries.
set(archives "")
foreach(module app doctor status cgminer_api api source p2p net engine work chain util backend crypto)
  list(APPEND archives lode_${module})
endforeach()
list(APPEND archives lode_kernels_cpu lode_kernels_prepare)
foreach(gpu CUDA OPENCL)
  string(TOLOWER ${gpu} name)
  if(LODE_HAVE_${gpu})
    list(APPEND archives lode_kernels_${name})
  endif()
endforeach()
list(TRANSFORM archives REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE files)

foreach(kind static bundled)
  add_executable(lode_${kind} EXCLUDE_FROM_ALL src/app/main.cpp src/app/static/fmt.cpp)
  target_link_libraries(lode_${kind} PRIVATE lode_flags CLI11::CLI11 -Wl,--start-group ${files} -Wl,--end-group
    ${LODE_STATIC_ssl} ${LODE_STATIC_crypto} ${LODE_STATIC_z} $<$<BOOL:${LODE_HAVE_CUDA}>:${LODE_CUDART}> Threads::Threads ${CMAKE_DL_LIBS} rt
    -static-libstdc++ -static-libgcc -s)
  add_dependencies(lode_${kind} ${archives})
endforeach()
target_sources(lode_static PRIVATE src/app/static/no_loader.cpp)
target_link_options(lode_static PRIVATE -static)

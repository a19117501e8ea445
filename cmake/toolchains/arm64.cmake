# 64-bit Arm from another machine, by Debian's g++-aarch64-linux-gnu; what is built runs under qemu-user where that is
# installed.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
find_program(LODE_QEMU_ARM64 NAMES qemu-aarch64 qemu-aarch64-static)
if(LODE_QEMU_ARM64)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${LODE_QEMU_ARM64} -L /usr/aarch64-linux-gnu)
endif()

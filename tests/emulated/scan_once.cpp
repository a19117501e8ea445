// One scan for a program that counts its instructions: lode_scan_once KERNEL VARIANTS NONCES
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "backend/cpu/kernel_table.h"
#include "backend/known_blocks.h"

int main(int argc, char** argv) {
    if (argc != 4) return 1;
    const auto variants = static_cast<unsigned>(std::atoi(argv[2]));
    const auto input = lode::backend::scan_input(lode::backend::known_blocks()[0].header, variants, 0);
    for (const auto& kernel : lode::backend::cpu_kernels()) {
        if (kernel.name != std::string_view(argv[1])) continue;
        lode::ScanResult result;
        kernel.scan(input, 0, static_cast<unsigned>(std::atoi(argv[3])), result);
        return result.total == 0 ? 0 : 1;  // a hit would cost instructions of its own
    }
    std::fprintf(stderr, "no kernel %s\n", argv[1]);
    return 1;
}

#include "bench/cuda/machine_code.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>

namespace lode::bench {
namespace {

using kernels::cuda::Adds;

// An instruction is 16 bytes on sm_70 and newer; the low nine bits name the operation.
constexpr std::size_t kBytes = 16;
enum Operation : unsigned {
    kIsetp = 0x00c,
    kIadd3 = 0x010,
    kLea = 0x011,
    kLop3 = 0x012,
    kPrmt = 0x016,
    kNop = 0x118,
    kShf = 0x019,
    kImad = 0x024,
    kImadWide = 0x025,
    kImadHi = 0x027,
    kViadd = 0x036,
    kBra = 0x147,
    kLdl = 0x183,
    kStl = 0x187,
};

unsigned operation(const char* code) {
    std::uint64_t word = 0;
    std::memcpy(&word, code, sizeof word);
    return static_cast<unsigned>(word & 0x1ff);
}

// Bytes from the next instruction to a branch's target: a signed field from bit 34 on; since sm_90 it counts
// words of four bytes and has eight low bits from bit 16 on.
std::int64_t branch_offset(const char* code, bool since_sm_90) {
    std::uint64_t low = 0, high = 0;
    std::memcpy(&low, code, sizeof low);
    std::memcpy(&high, code + 8, sizeof high);
    const std::uint64_t field = (low >> 34 | high << 30) & 0xffffffffffffull;
    const auto upper = static_cast<std::int64_t>(field << 16) >> 16;
    return since_sm_90 ? (upper * 256 + static_cast<std::int64_t>(low >> 16 & 0xff)) * 4 : upper * 4;
}

// Three general registers as operands, none of them RZ; bits 9 to 11 tell other forms.
bool reads_three_registers(const char* code) {
    constexpr std::uint64_t kGeneral = 1, kZero = 255;
    std::uint64_t low = 0, high = 0;
    std::memcpy(&low, code, sizeof low);
    std::memcpy(&high, code + 8, sizeof high);
    const auto is_register = [](std::uint64_t field) { return (field & 0xff) != kZero; };
    return (low >> 9 & 7) == kGeneral && is_register(low >> 24) && is_register(low >> 32) &&
           is_register(high);
}

void count(Counts& counts, const char* code) {
    const unsigned op = operation(code);
    if (op == kNop) return;
    ++counts.total;
    switch (op) {
        case kIsetp:
        case kIadd3:
        case kLea:
        case kLop3:
        case kPrmt:
        case kShf:
        case kViadd:
            ++counts.alu;
            break;
        case kImad:
            ++counts.imad;
            counts.three += reads_three_registers(code) ? 1 : 0;
            break;
        case kImadWide:
        case kImadHi:
            ++counts.wide;
            break;
        case kLdl:
        case kStl:
            ++counts.memory;
            break;
        default:
            break;
    }
}

void count_kernel(KernelCode& kernel, const char* code, std::size_t size, bool since_sm_90) {
    // The longest backward branch; the branch to itself that ends every kernel is none.
    std::size_t begin = 0, end = 0;
    for (std::size_t at = 0; at + kBytes <= size; at += kBytes) {
        if (operation(code + at) != kBra) continue;
        const auto next = static_cast<std::int64_t>(at + kBytes);
        const std::int64_t target = next + branch_offset(code + at, since_sm_90);
        if (target < 0 || target >= static_cast<std::int64_t>(at)) continue;
        if (at + kBytes - static_cast<std::size_t>(target) <= end - begin && end != 0) continue;
        begin = static_cast<std::size_t>(target);
        end = at + kBytes;
    }
    for (std::size_t at = 0; at + kBytes <= size; at += kBytes)
        count(at >= begin && at < end ? kernel.inside : kernel.outside, code + at);
}

// What ptxas -v says of each function: a name, then stack frame and spills, then registers.
void add_log(std::map<std::string, KernelCode>& kernels, const std::string& path) {
    std::ifstream log(path);
    KernelCode* kernel = nullptr;
    for (std::string line; std::getline(log, line);) {
        unsigned a = 0, b = 0, c = 0;
        if (const auto quote = line.find("entry function '"); quote != std::string::npos) {
            const auto from = quote + std::strlen("entry function '");
            const auto found = kernels.find(line.substr(from, line.find('\'', from) - from));
            kernel = found == kernels.end() ? nullptr : &found->second;
        } else if (kernel != nullptr &&
                   std::sscanf(line.c_str(),
                               " %u bytes stack frame, %u bytes spill stores, %u bytes spill loads", &a, &b,
                               &c) == 3) {
            kernel->stack = a;
            kernel->spilled = b + c;
        } else if (const auto used = line.find("Used "); kernel != nullptr && used != std::string::npos) {
            if (std::sscanf(line.c_str() + used, "Used %u registers", &a) == 1) kernel->registers = a;
        }
    }
}

}  // namespace

double KernelCode::per_hash(unsigned Counts::*kind) const {
    // A kernel with both loops, over nonces and over variants, is not in the table: only one would be seen.
    const unsigned trips = shape.looped ? variants : static_cast<unsigned>(shape.nonces);
    const unsigned hashes = shape.looped ? variants : variants * static_cast<unsigned>(shape.nonces);
    return (outside.*kind + static_cast<double>(inside.*kind) * trips) / hashes;
}

std::optional<KernelCode> parse_name(const std::string& mangled) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(
        abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status), &std::free);
    if (!name) return std::nullopt;
    KernelCode kernel;
    int adds = 0, nonces = 0;
    char looped[8] = {};
    const char* at = std::strstr(name.get(), "scan<");
    if (at == nullptr ||
        std::sscanf(
            at,
            "scan<%u, lode::kernels::cuda::Fixed<(lode::kernels::cuda::Adds)%d, %uu, %5[a-z], %d, %d, %d>",
            &kernel.variants, &adds, &kernel.shape.multiplied, looped, &kernel.shape.block,
            &kernel.shape.blocks_per_sm, &nonces) != 7)
        return std::nullopt;
    kernel.shape.adds = static_cast<Adds>(adds);
    kernel.shape.looped = std::strcmp(looped, "true") == 0;
    kernel.shape.nonces = nonces;
    return kernel;
}

std::vector<KernelCode> read_machine_code(const std::string& cubin, const std::string& log,
                                          std::string& error) {
    std::ifstream file(cubin, std::ios::binary);
    const std::string data{std::istreambuf_iterator<char>(file), {}};
    Elf64_Ehdr header{};
    if (data.size() < sizeof header || data.compare(0, SELFMAG, ELFMAG) != 0) {
        error = cubin + ": no cubin";
        return {};
    }
    std::memcpy(&header, data.data(), sizeof header);
    const auto section = [&](std::size_t index) {
        Elf64_Shdr s{};
        const std::size_t at = header.e_shoff + index * sizeof s;
        if (at + sizeof s <= data.size()) std::memcpy(&s, data.data() + at, sizeof s);
        if (s.sh_type == SHT_NOBITS || s.sh_offset + s.sh_size > data.size()) s.sh_size = 0;
        return s;
    };
    // Where the architecture stands has moved with the ABI: the low byte, or the second.
    const unsigned arch = (header.e_flags & 0xff) >= 70 ? header.e_flags & 0xff : header.e_flags >> 8 & 0xff;
    const Elf64_Shdr names = section(header.e_shstrndx);
    std::map<std::string, KernelCode> kernels;
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
        const Elf64_Shdr s = section(i);
        if (s.sh_name >= names.sh_size) continue;
        const std::string name = data.c_str() + names.sh_offset + s.sh_name;
        if (name.rfind(".text.", 0) != 0) continue;
        auto kernel = parse_name(name.substr(6));
        if (!kernel) continue;
        count_kernel(*kernel, data.data() + s.sh_offset, s.sh_size, arch >= 90);
        kernels[name.substr(6)] = *kernel;
    }
    if (!log.empty()) add_log(kernels, log);
    std::vector<KernelCode> all;
    for (auto& [name, kernel] : kernels) all.push_back(kernel);
    if (all.empty()) error = cubin + ": no scan kernel in it";
    return all;
}

}  // namespace lode::bench

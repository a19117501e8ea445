#include "ptx/fat_binary.h"

#include <cstdint>
#include <cstring>

#include "ptx/ptx.h"

namespace lode::ptx {
namespace {

// NVIDIA documents the wrapper (fatbinary_section.h) but not what it points to; read off from what nvcc 12
// and 13 write.
struct Wrapper {
    std::uint32_t magic, version;
    const std::byte* data;
    const void* file;
};
struct Header {
    std::uint32_t magic;
    std::uint16_t version, size;  // of this header
    std::uint64_t content;        // bytes of entries after it
};
struct Entry {
    std::uint16_t kind, version;
    std::uint32_t size;     // of this header, of which this is the beginning
    std::uint64_t content;  // bytes after it
    std::uint32_t compressed;
    std::uint32_t options;
    std::uint16_t minor, major;
    std::uint32_t chip;  // 75 is sm_75 or compute_75
};
constexpr std::uint32_t kWrapperMagic = 0x466243b1, kHeaderMagic = 0xba55ed50;
constexpr std::uint16_t kPtx = 1;

template <class Record>
Record read(const std::byte* at) {
    Record record;
    std::memcpy(&record, at, sizeof record);
    return record;
}

}  // namespace

std::string ptx_in(const void* wrapper) {
    const auto outer = read<Wrapper>(static_cast<const std::byte*>(wrapper));
    if (outer.magic != kWrapperMagic) throw Failure("no fat binary");
    const auto header = read<Header>(outer.data);
    if (header.magic != kHeaderMagic) throw Failure("a fat binary of an unknown kind");
    const std::byte* at = outer.data + header.size;
    const std::byte* const end = at + header.content;
    std::uint32_t oldest = 0;
    std::string text;
    while (at < end) {
        const auto entry = read<Entry>(at);
        if (entry.kind == kPtx && (text.empty() || entry.chip < oldest)) {
            if (entry.compressed != 0) throw Failure("the PTX is compressed");
            const auto* first = reinterpret_cast<const char*>(at + entry.size);
            text.assign(first, strnlen(first, entry.content));
            oldest = entry.chip;
        }
        at += entry.size + entry.content;
    }
    if (text.empty()) throw Failure("no PTX in the fat binary");
    return text;
}

}  // namespace lode::ptx

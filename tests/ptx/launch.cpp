#include <algorithm>
#include <array>
#include <cstring>

#include "ptx/ptx.h"

namespace lode::ptx {
namespace {

using Word = std::uint32_t;
using Long = std::uint64_t;

// Bytes chosen by the four nibbles of the selector from a, then b.
Long permute(Long a, Long b, Long selector) {
    const Long bytes = b << 32 | a;
    Long result = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const Long choice = selector >> 4 * i & 0xf;
        Long byte = bytes >> 8 * (choice & 7) & 0xff;
        if (choice > 7) byte = (byte & 0x80) != 0 ? 0xff : 0;  // its sign
        result |= byte << 8 * i;
    }
    return result;
}

// What a launch's threads share.
class Grid {
 public:
    Grid(const Module& module, const Kernel& kernel, void** arguments,
         std::span<const std::span<std::byte>> memory)
        : code(kernel.code), registers(kernel.registers), writable_(memory) {
        const auto& last = kernel.parameters.back();
        parameters_.resize(last.at + last.size);
        for (std::size_t i = 0; i < kernel.parameters.size(); ++i)
            std::memcpy(parameters_.data() + kernel.parameters[i].at, arguments[i],
                        kernel.parameters[i].size);
        for (const auto& [where, at] : kernel.parameter_addresses)
            registers[where] = reinterpret_cast<std::uintptr_t>(parameters_.data() + at);
        for (const auto& [name, bytes] : module.variables) readable_.emplace_back(bytes);
        readable_.emplace_back(parameters_);
    }

    template <class T>
    [[nodiscard]] T load(Long address) const {
        T value;
        std::memcpy(&value, at(address, sizeof value, readable_), sizeof value);
        return value;
    }
    void store(Long address, Long x, Long y) const {
        const Word pair[] = {static_cast<Word>(x), static_cast<Word>(y)};
        std::memcpy(at(address, sizeof pair, writable_), pair, sizeof pair);
    }
    [[nodiscard]] Long add(Long address, Long x) const {
        std::byte* place = at(address, sizeof x, writable_);
        Long before;
        std::memcpy(&before, place, sizeof before);
        x += before;
        std::memcpy(place, &x, sizeof x);
        return before;
    }

    const std::vector<Instruction>& code;
    std::vector<Long> registers;  // as a thread finds them

 private:
    // A GPU faults unless an access is within memory and aligned to its size.
    template <class Places>
    static auto at(Long address, std::size_t size, const Places& places) -> decltype(places[0].data()) {
        if (address % size != 0) throw Failure("an access that is not aligned");
        for (const auto& place : places) {
            const auto begin = reinterpret_cast<std::uintptr_t>(place.data());
            if (address >= begin && address + size <= begin + place.size())
                return place.data() + (address - begin);
        }
        throw Failure("an access outside the kernel's memory");
    }

    std::span<const std::span<std::byte>> writable_;
    std::vector<std::span<const std::byte>> readable_;
    Bytes parameters_;
};

// Neighbouring threads in step while they take the same branches, each on its own from where they part.
template <unsigned lanes>
class Threads {
 public:
    using Register = std::array<Long, lanes>;

    explicit Threads(const Grid& grid) : grid_(grid), r_(grid.registers.size()) {
        for (std::size_t i = 0; i < r_.size(); ++i) r_[i].fill(grid.registers[i]);
    }

    void run(std::uint32_t block, std::uint32_t first_thread) {
        r_[kBlock].fill(block);
        for (unsigned l = 0; l < lanes; ++l) r_[kThread][l] = first_thread + l;
        run_from(0);
    }

 private:
    template <unsigned>
    friend class Threads;

    void run_from(std::size_t pc) {
        for (;; ++pc) {
            const Instruction& i = grid_.code.at(pc);
            if (i.guard != kAlways) {
                const Register& guard = r_[i.guard];
                if (std::ranges::count(guard, guard[0]) != lanes) return part(pc);
                if ((guard[0] != 0) == i.unless) continue;
            }
            if (i.op == Op::Return) return;
            if (i.op == Op::Branch)
                pc = static_cast<std::size_t>(i.offset) - 1;
            else
                execute(i);
        }
    }

    void part(std::size_t pc) {
        if constexpr (lanes > 1) {
            Threads<1> one(grid_);
            for (unsigned l = 0; l < lanes; ++l) {
                for (std::size_t i = 0; i < r_.size(); ++i) one.r_[i][0] = r_[i][l];
                one.run_from(pc);
            }
        }
    }

    void each(const Instruction& i, auto compute) {
        for (unsigned l = 0; l < lanes; ++l) r_[i.d][l] = compute(r_[i.a][l], r_[i.b][l], r_[i.c][l]);
    }
    // The low half of what is computed; operands of 32 bits have zeros above them.
    void word(const Instruction& i, auto compute) {
        each(i, [&](Long x, Long y, Long z) { return compute(x, y, z) & 0xffffffff; });
    }

    void execute(const Instruction& i) {
        const auto offset = static_cast<Long>(i.offset);
        switch (i.op) {
            case Op::Add32:
                return word(i, [](Long x, Long y, Long) { return x + y; });
            case Op::And32:
                return word(i, [](Long x, Long y, Long) { return x & y; });
            case Op::Or32:
                return word(i, [](Long x, Long y, Long) { return x | y; });
            case Op::Xor32:
                return word(i, [](Long x, Long y, Long) { return x ^ y; });
            case Op::ShiftLeft32:
                return word(i, [](Long x, Long y, Long) { return y > 31 ? 0 : x << y; });
            case Op::ShiftRight32:
                return word(i, [](Long x, Long y, Long) { return y > 31 ? 0 : x >> y; });
            case Op::MultiplyHigh:
                return word(i,
                            [](Long x, Long y, Long) { return (x & 0xffffffff) * (y & 0xffffffff) >> 32; });
            case Op::MultiplyAdd:
                return word(i,
                            [](Long x, Long y, Long z) { return (x & 0xffffffff) * (y & 0xffffffff) + z; });
            case Op::Permute:
                return word(i, permute);
            case Op::FunnelLeft:
                return word(i, [](Long x, Long y, Long z) { return (y << 32 | x) << (z & 31) >> 32; });
            case Op::Add64:
                return each(i, [](Long x, Long y, Long) { return x + y; });
            case Op::ShiftLeft64:
                return each(i, [](Long x, Long y, Long) { return y > 63 ? 0 : x << y; });
            case Op::MultiplyWide:
                return each(i, [](Long x, Long y, Long) { return x * y; });
            case Op::Move:
                return each(i, [](Long x, Long, Long) { return x; });
            case Op::Load32:
                return each(i, [&](Long x, Long, Long) { return grid_.load<Word>(x + offset); });
            case Op::Load64:
                return each(i, [&](Long x, Long, Long) { return grid_.load<Long>(x + offset); });
            case Op::StorePair:
                for (unsigned l = 0; l < lanes; ++l) grid_.store(r_[i.a][l] + offset, r_[i.b][l], r_[i.c][l]);
                return;
            case Op::AtomicAdd:
                return each(i, [&](Long x, Long y, Long) { return grid_.add(x + offset, y); });
            case Op::Equal:
                return each(i, [](Long x, Long y, Long) { return Long{x == y}; });
            case Op::Less:
                return each(i, [](Long x, Long y, Long) { return Long{x < y}; });
            case Op::Greater:
                return each(i, [](Long x, Long y, Long) { return Long{x > y}; });
            case Op::Branch:
            case Op::Return:
                return;
        }
    }

    const Grid& grid_;
    std::vector<Register> r_;
};

}  // namespace

void launch(const Module& module, const Kernel& kernel, std::uint32_t blocks, std::uint32_t threads,
            void** arguments, std::span<const std::span<std::byte>> memory) {
    if (threads > kernel.block || threads == 0 || blocks == 0) throw Failure("a launch out of bounds");
    const Grid grid(module, kernel, arguments, memory);
    constexpr unsigned kLanes = 8;
    Threads<kLanes> several(grid);
    Threads<1> one(grid);
    for (std::uint32_t block = 0; block < blocks; ++block) {
        std::uint32_t thread = 0;
        for (; thread + kLanes <= threads; thread += kLanes) several.run(block, thread);
        for (; thread < threads; ++thread) one.run(block, thread);
    }
}

}  // namespace lode::ptx

// Ancestors from a list, beginning at any height.
#pragma once

#include <vector>

#include "chain/rules.h"

namespace lode::test {

class FakeAncestors final : public chain::Ancestors {
 public:
    explicit FakeAncestors(std::int64_t first = 0) : first_(first) {}
    void add(std::uint32_t time, std::uint32_t bits) { blocks_.push_back({time, bits}); }
    // count blocks after the last, this far apart
    void add_many(int count, std::uint32_t spacing, std::uint32_t bits) {
        for (int i = 0; i < count; ++i) add(blocks_.back().time + spacing, bits);
    }
    [[nodiscard]] std::int64_t height() const override {
        return first_ + static_cast<std::int64_t>(blocks_.size()) - 1;
    }
    [[nodiscard]] std::optional<Block> at(std::int64_t height) const override {
        if (height < first_) return std::nullopt;
        return blocks_.at(static_cast<std::size_t>(height - first_));
    }
    [[nodiscard]] Block& back() { return blocks_.back(); }

 private:
    std::int64_t first_;
    std::vector<Block> blocks_;
};

}  // namespace lode::test

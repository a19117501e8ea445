// Stores compiled programs and tuning results between runs, one file each in one directory. An entry that is
// incomplete, altered or for another key counts as absent, and the next save() replaces it. Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lode::backend::opencl {

class Store {
 public:
    using Bytes = std::vector<std::uint8_t>;

    // Does not access the directory yet. If it is empty or unusable nothing is stored, and `warn` is called
    // once.
    Store(std::filesystem::path directory, std::function<void(const std::string&)> warn);

    // place: names the entry's file; key: everything that its content depends on, compared in full.
    [[nodiscard]] std::optional<Bytes> load(std::string_view place, std::string_view key);
    void save(std::string_view place, std::string_view key, const Bytes& content);

    [[nodiscard]] std::filesystem::path file(std::string_view place) const;

 private:
    enum class State { Untried, Usable, GivenUp };

    bool usable();
    void give_up(const std::string& why);

    std::filesystem::path directory_;
    std::function<void(const std::string&)> warn_;
    std::mutex mutex_;  // guards state_ and writes
    State state_ = State::Untried;
};

}  // namespace lode::backend::opencl

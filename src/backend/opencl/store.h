// Compiled programs and tuning results between runs, a file each in one directory. An entry that is torn,
// altered or made for something else is not found, and the next save() takes its place. Thread-safe.
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

    // Touches nothing yet. A directory that is empty or cannot be used stores nothing, and `warn` gets one
    // line in all.
    Store(std::filesystem::path directory, std::function<void(const std::string&)> warn);

    // place: what the entry is for, one file; key: all that its content depends on, compared in full.
    [[nodiscard]] std::optional<Bytes> load(std::string_view place, std::string_view key);
    void save(std::string_view place, std::string_view key, const Bytes& content);

    [[nodiscard]] std::filesystem::path file(std::string_view place) const;

 private:
    enum class State { Untried, Usable, GivenUp };

    bool usable();
    void give_up(const std::string& why);

    std::filesystem::path directory_;
    std::function<void(const std::string&)> warn_;
    std::mutex mutex_;  // of state_ and the writing
    State state_ = State::Untried;
};

}  // namespace lode::backend::opencl

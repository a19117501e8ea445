// Socket options that Asio does not define.
#pragma once

#include <cstddef>

namespace lode::net {

// Asio's SettableSocketOption with an int value (see socket(7), tcp(7)).
template <int Level, int Name>
class SocketOption {
 public:
    explicit SocketOption(int value) : value_(value) {}

    template <typename Protocol>
    [[nodiscard]] int level(const Protocol&) const {
        return Level;
    }
    template <typename Protocol>
    [[nodiscard]] int name(const Protocol&) const {
        return Name;
    }
    template <typename Protocol>
    [[nodiscard]] const void* data(const Protocol&) const {
        return &value_;
    }
    template <typename Protocol>
    [[nodiscard]] std::size_t size(const Protocol&) const {
        return sizeof value_;
    }

 private:
    int value_;
};

}  // namespace lode::net

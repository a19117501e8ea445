// Server-sent events (HTML standard, "Server-sent events") and their readers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lode/events.h"
#include "status/http_session.h"

namespace lode::status {

// Not thread-safe.
class EventStream {
 public:
    static constexpr std::size_t kMaxReaders = 128;

    void add(const std::shared_ptr<HttpSession>& reader);
    void send(const Event& event);
    void keep_alive();  // a comment, which detects readers that are gone
    [[nodiscard]] bool full();

 private:
    void send(std::string text);

    std::vector<std::weak_ptr<HttpSession>> readers_;
};

}  // namespace lode::status

#include "status/event_stream.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "status/event_json.h"

namespace lode::status {

void EventStream::add(const std::shared_ptr<HttpSession>& reader) {
    // Also tells a browser how many milliseconds to wait before it reconnects.
    reader->send(std::make_shared<const std::string>("retry: 2000\n\n"));
    readers_.push_back(reader);
}

void EventStream::send(const Event& event) {
    if (readers_.empty()) return;
    if (const auto object = event_json(event)) send("data: " + dump(*object) + "\n\n");
}

void EventStream::keep_alive() {
    send(std::string(":\n\n"));
}

bool EventStream::full() {
    std::erase_if(readers_, [](const auto& reader) { return reader.expired(); });
    return readers_.size() >= kMaxReaders;
}

void EventStream::send(std::string text) {
    const auto piece = std::make_shared<const std::string>(std::move(text));
    std::erase_if(readers_, [&](const auto& weak) {
        const auto reader = weak.lock();
        if (reader) reader->send(piece);
        return !reader;
    });
}

}  // namespace lode::status

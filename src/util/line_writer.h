// Writes lines to standard output and standard error on its own thread: callers never block, even if the
// reader of a pipe does not read.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace lode::util {

enum class Stream { Output, Error };

// Every member may be called on any thread.
class LineWriter {
 public:
    static constexpr std::size_t kCapacity = std::size_t{1} << 20;  // queued bytes per stream
    using DroppedText = std::function<std::string(std::uint64_t lines)>;

    // File descriptors; they must stay open.
    LineWriter(int output, int error, std::size_t capacity = kCapacity);
    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;
    ~LineWriter();  // queued lines are lost: call flush() before

    // Queues the text, which includes its newline. If the queue is full the text is dropped and counted; once
    // half of the queue has been written, the number of dropped lines is written. Lines of both streams keep
    // their order while both are read.
    void write(Stream stream, std::string text);
    // The text for dropped lines. Called on the writer's thread.
    void set_dropped_text(Stream stream, DroppedText text);
    // errno of the failed write, after which the stream drops everything; 0: none.
    [[nodiscard]] int error(Stream stream) const;
    // Waits until everything is written; false on timeout.
    bool flush(std::chrono::milliseconds limit);

 private:
    struct State;
    std::shared_ptr<State> state_;  // shared with the thread, which may outlive this in a blocked write
};

// The process's standard output and standard error.
LineWriter& standard_streams();

}  // namespace lode::util

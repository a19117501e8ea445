// Prints events as lines of text, or as one JSON object per line.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lode/error.h"
#include "lode/events.h"
#include "lode/snapshot.h"

namespace lode::app {

enum class Format { Text, Json };

// Prints to standard output without blocking: its lines go through util::standard_streams().
class Reporter : public Observer {
 public:
    // Every few seconds while mining.
    virtual void tick(const Snapshot&) {}
    // At the end.
    virtual void summary(const Totals& totals, const Snapshot& snapshot) = 0;
    // Standard output is gone: there is nobody to report to.
    [[nodiscard]] static bool output_gone();
    // The write error; nullopt for a closed pipe, which is a normal end.
    [[nodiscard]] static std::optional<Error> output_error();

 protected:
    static void print(std::string line);
};

// Reports dropped lines as {"event":"dropped","lines":N}, if standard output is JSON.
void say_dropped_as_json();

std::unique_ptr<Reporter> make_reporter(Format format);
std::unique_ptr<Reporter> make_text_reporter();
std::unique_ptr<Reporter> make_json_reporter();

}  // namespace lode::app

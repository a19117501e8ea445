// Events as lines: for a person, or one JSON object a line.
#pragma once

#include <memory>
#include <optional>

#include "lode/error.h"
#include "lode/events.h"

namespace lode::app {

enum class Format { Text, Json };

class Reporter : public Observer {
 public:
    virtual void summary(const Totals& totals) = 0;
    // Standard output is gone: there is nobody to report to.
    [[nodiscard]] bool broken() const { return errno_ != 0; }
    // Why; nothing where its reader has just left (a closed pipe).
    [[nodiscard]] std::optional<Error> trouble() const;

 protected:
    void print(const std::string& line);  // to standard output, at once

 private:
    int errno_ = 0;  // of the write that failed
};

std::unique_ptr<Reporter> make_reporter(Format format);
std::unique_ptr<Reporter> make_text_reporter();
std::unique_ptr<Reporter> make_json_reporter();

}  // namespace lode::app

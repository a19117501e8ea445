// Events as lines: for a person, or one JSON object a line.
#pragma once

#include <memory>

#include "lode/events.h"

namespace lode::app {

enum class Format { Text, Json };

class Reporter : public Observer {
 public:
    virtual void summary(const Totals& totals) = 0;
    // Standard output is gone (a closed pipe): there is nobody to report to.
    [[nodiscard]] bool broken() const { return broken_; }

 protected:
    void print(const std::string& line);  // to standard output, at once

 private:
    bool broken_ = false;
};

std::unique_ptr<Reporter> make_reporter(Format format);
std::unique_ptr<Reporter> make_text_reporter();
std::unique_ptr<Reporter> make_json_reporter();

}  // namespace lode::app

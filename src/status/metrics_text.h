// Prometheus' text formats: 0.0.4, and OpenMetrics 1.0.0. Sources: prometheus.io "Exposition formats",
// OpenMetrics (draft-richih-opsawg-openmetrics).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace lode::status {

class MetricsText {
 public:
    enum class Format { Text, OpenMetrics };
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    explicit MetricsText(Format format) : format_(format) {}

    // The samples that follow belong to this family; one without samples is left out. A counter's name has no
    // "_total" here.
    void counter(std::string_view name, std::string_view help);
    void gauge(std::string_view name, std::string_view help);
    void histogram(std::string_view name, std::string_view help);
    void sample(Labels labels, double value) { sample(suffix_, labels, value); }
    void sample(std::string_view suffix, Labels labels, double value);

    [[nodiscard]] std::string finish();

    // The format that an Accept header asks for, and its Content-Type.
    static Format choose(std::string_view accept);
    static const char* content_type(Format format);

 private:
    void family(std::string_view name, std::string_view suffix, std::string_view type, std::string_view help);

    Format format_;
    std::string text_, name_, heading_;
    std::string_view suffix_;
};

}  // namespace lode::status

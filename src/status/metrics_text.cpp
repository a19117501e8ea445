#include "status/metrics_text.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace lode::status {
namespace {

std::string escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (c == '\\' || c == '"') text += '\\';
        if (c == '\n')
            text += "\\n";
        else
            text += c;
    }
    return text;
}

std::string number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    return fmt::format("{}", value);
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view suffix, std::string_view type,
                         std::string_view help) {
    name_ = name;
    suffix_ = suffix;
    // OpenMetrics names a counter's family without the suffix of its samples.
    const std::string shown = name_ + std::string(format_ == Format::OpenMetrics ? "" : suffix);
    heading_ = fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", shown, type, help);
}

void MetricsText::counter(std::string_view name, std::string_view help) {
    family(name, "_total", "counter", help);
}
void MetricsText::gauge(std::string_view name, std::string_view help) {
    family(name, "", "gauge", help);
}
void MetricsText::histogram(std::string_view name, std::string_view help) {
    family(name, "", "histogram", help);
}

void MetricsText::sample(std::string_view suffix, Labels labels, double value) {
    text_ += std::exchange(heading_, {}) + name_;
    text_ += suffix;
    char before = '{';
    for (const auto& [label, text] : labels) {
        text_ += fmt::format("{}{}=\"{}\"", before, label, escaped(text));
        before = ',';
    }
    if (labels.size() > 0) text_ += '}';
    text_ += ' ' + number(value) + '\n';
}

std::string MetricsText::finish() {
    if (format_ == Format::OpenMetrics) text_ += "# EOF\n";
    return std::move(text_);
}

MetricsText::Format MetricsText::choose(std::string_view accept) {
    return accept.find("application/openmetrics-text") != std::string_view::npos ? Format::OpenMetrics
                                                                                 : Format::Text;
}

const char* MetricsText::content_type(Format format) {
    return format == Format::OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                         : "text/plain; version=0.0.4; charset=utf-8";
}

}  // namespace lode::status

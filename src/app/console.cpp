#include "app/console.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "app/screens.h"
#include "app/text_line.h"

namespace lode::app {
namespace {

void show(const char* word, const Lines& lines) {
    for (const auto& line : lines) print_line(Color::cyan, word, line);
}

}  // namespace

Console::Console(Engine& engine, std::function<void()> pause, std::function<void()> resume)
    : engine_(engine), pause_(std::move(pause)), resume_(std::move(resume)) {
    engine_.add_observer(*this);
}

Console::~Console() {
    engine_.remove_observer(*this);
}

void Console::on(const Event& event) {
    if (!std::holds_alternative<event::Hashrate>(event)) return;
    highest_ = std::max(highest_, engine_.snapshot().rates.over_10s.value_or(0));
}

void Console::press(char key) {
    switch (std::tolower(static_cast<unsigned char>(key))) {
        case 'h':
            return show("rates", rates_screen(engine_.snapshot(), highest_));
        case 's':
            return show("shares", shares_screen(engine_.snapshot()));
        case 'd':
            return show("devices", devices_screen(engine_.snapshot()));
        case 'c':
            return show("source", connection_screen(engine_.snapshot()));
        case 'j':
            return show("job", job_screen(engine_.snapshot()));
        case 'p':
            pause_();
            return show("paused", {"r resumes"});
        case 'r':
            resume_();
            return show("resumed", {"mining"});
        case '?':
            return show("keys", keys_screen());
        default:
            return;
    }
}

}  // namespace lode::app

// How lines for a person look where they go: in colour on a terminal, for a journal with a priority and
// without the time, which it adds itself.
#pragma once

#include "util/line_writer.h"

namespace lode::util {

enum class ColorChoice { Auto, Always, Never };

// Before the first line is written.
void set_color_choice(ColorChoice choice);

// Decided at the first call, from the choice, the environment and where the stream leads. Any thread.
[[nodiscard]] bool is_colored(Stream stream);
[[nodiscard]] bool is_terminal(Stream stream);
[[nodiscard]] bool is_journal(Stream stream);

// The decisions themselves. NO_COLOR (https://no-color.org) counts where it is not empty, FORCE_COLOR where
// it is neither empty nor 0; variables that are not set are null.
[[nodiscard]] bool color_wanted(ColorChoice choice, const char* no_color, const char* force_color,
                                const char* term, bool terminal);
// JOURNAL_STREAM is "device:inode" of the stream that leads to the journal (systemd.exec(5)).
[[nodiscard]] bool leads_to_journal(const char* journal_stream, int fd);

}  // namespace lode::util

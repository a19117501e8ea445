// The terminal at standard input in a mode where each key is read at once and not shown. It is as it was
// before again when the program ends, is stopped by Ctrl-Z, or by any signal but SIGKILL.
#pragma once

namespace lode::app {

// False: standard input is no terminal. Once at a time.
bool enter_key_mode();
// What a signal handler may call; without effect where it is not in this mode.
void leave_key_mode();
// Whether this process may read the terminal now; where it has just come to the foreground, keys are read
// again.
bool may_read_keys();

}  // namespace lode::app

// Ends the program.
#pragma once

namespace lode::app {

// To be called if a thread was abandoned and may still run inside a driver (Engine::abandoned()): the program
// then ends without destroying static objects. Any thread.
void leave_without_cleanup();

// leave() then starts the program anew, with the same arguments. Any thread.
void restart_on_leaving();

// Flushes output, for up to two seconds, and returns the exit code, or ends the program with it.
int leave(int code);

}  // namespace lode::app

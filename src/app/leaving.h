// Begins and ends the program.
#pragma once

namespace lode::app {

// Opens /dev/null for each of the three standard streams that is closed. Otherwise the next file or socket
// would get its number, and the output with it. To be called first.
void open_closed_streams();

// To be called if a thread was abandoned and may still run inside a driver (Engine::abandoned()): the program
// then ends without destroying static objects. Any thread.
void leave_without_cleanup();

// leave() then starts the program anew, with the same arguments. Any thread.
void restart_on_leaving();

// Flushes output, for up to two seconds, and returns the exit code, or ends the program with it. Where output
// could not be written, success becomes kUsage, with an error.
int leave(int code);

}  // namespace lode::app

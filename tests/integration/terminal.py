#!/usr/bin/env python3
"""lode at a terminal, under a journal and under systemd's protocol: terminal.py CASE LODE."""
import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios

from nodes import Folder, wait_for

LODE = sys.argv[2]
COLUMNS = 100


class Terminal:
    """A program on a terminal of its own, with job control: it is the foreground group of a session."""

    def __init__(self, *command, **environment):
        self.screen = b""
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm"}, **environment)
            os.execv(command[0], [str(word) for word in command])
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
        self.before = self.modes()

    def modes(self):
        return termios.tcgetattr(self.master)[3] & (termios.ICANON | termios.ECHO)

    def reads_keys(self):
        return self.modes() == 0

    def read(self, seconds=0.05):
        while select.select([self.master], [], [], seconds)[0]:
            try:
                part = os.read(self.master, 65536)
            except OSError:
                return
            if not part:
                return
            self.screen += part

    def sees(self, text):
        self.read()
        return text in self.screen

    def press(self, key, expected):
        os.write(self.master, key.encode())
        wait_for(f"{expected!r} after {key}", lambda: self.sees(expected.encode()), 20)

    def end(self, how):
        os.kill(self.pid, how)
        status = []

        def gone():
            self.read()
            done, code = os.waitpid(self.pid, os.WNOHANG)
            status.append(code)
            return done == self.pid
        wait_for("the end", gone, 20)
        return status[-1]


def mine(folder, *more, **environment):
    terminal = Terminal(LODE, "mine", "--data-dir", os.path.join(folder, "data"), "-t", 1, *more, **environment)
    wait_for("keys to be read", terminal.reads_keys, 20)
    wait_for("a block", lambda: terminal.sees(b"BLOCK"), 30)
    return terminal


def keys(folder):
    terminal = mine(folder)
    terminal.press("?", "c connection")
    terminal.press("h", "highest")
    terminal.press("s", "hardware errors 0")
    terminal.press("d", "running")
    terminal.press("c", "connected for")
    terminal.press("j", "a block every" if terminal.sees(b"rate ") else "share difficulty")
    terminal.press("p", "r resumes")
    terminal.press("h", "(paused)")
    terminal.press("R", "resumed")
    terminal.press("\x03", "summary")
    assert os.waitstatus_to_exitcode(terminal.end(0)) == 0
    assert terminal.modes() == terminal.before
    text = terminal.screen.decode()
    assert "\x1b[" in text, "no colours on a terminal"
    for line in re.sub(r"\x1b\[[0-9;]*m", "", text).split("\r\n"):
        assert len(line) <= COLUMNS, line
    assert "device   cpu" in re.sub(r"\x1b\[[0-9;]*m", "", text)


def stopped(folder):
    """Ctrl-Z gives the terminal back, continuing takes the keys again; so does every end."""
    terminal = mine(folder)
    os.kill(terminal.pid, signal.SIGTSTP)
    os.waitpid(terminal.pid, os.WUNTRACED)
    assert terminal.modes() == terminal.before
    os.kill(terminal.pid, signal.SIGCONT)
    wait_for("keys to be read again", terminal.reads_keys, 20)
    terminal.press("h", "highest")
    assert os.waitstatus_to_exitcode(terminal.end(signal.SIGTERM)) == 0
    assert terminal.modes() == terminal.before
    terminal = mine(folder)
    os.kill(terminal.pid, signal.SIGTERM)
    terminal.end(signal.SIGTERM)  # the second one ends it at once, unless the first was quicker
    assert terminal.modes() == terminal.before
    terminal = mine(folder)
    terminal.end(signal.SIGQUIT)
    assert terminal.modes() == terminal.before


def colors(folder):
    for arguments, environment in ((("--color", "never"), {}), ((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"})):
        terminal = mine(folder, *arguments, **environment)
        terminal.end(signal.SIGINT)
        assert b"\x1b" not in terminal.screen, (arguments, environment)
    for arguments, environment in ((("--color", "always"), {}), ((), {"FORCE_COLOR": "1"})):
        assert "\x1b[" in piped(folder, *arguments, **environment), (arguments, environment)
    plain = piped(folder)
    assert "\x1b" not in plain
    assert re.search(r"BLOCK    height \d+  [0-9a-f]{64}  ", plain), "a hash is whole where nothing wraps"


def piped(folder, *arguments, **environment):
    done = subprocess.run([LODE, "mine", "--data-dir", os.path.join(folder, "data"), "-t", "1", "--blocks", "1", *arguments],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env={**os.environ, **environment})
    assert done.returncode == 0, done
    return done.stdout


def service(folder):
    """Lines with priorities and without times, and systemd told of each state."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(os.path.join(folder, "notify"))
        manager.settimeout(20)
        read_end, write_end = os.pipe()
        status = os.fstat(write_end)
        environment = {**os.environ, "JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}", "FORCE_COLOR": "1",
                       "NOTIFY_SOCKET": os.path.join(folder, "notify"), "WATCHDOG_USEC": "30000000"}
        command = [LODE, "mine", "--data-dir", os.path.join(folder, "data"), "-t", "1", "--time-limit", "100"]
        lode = subprocess.Popen(command, env=environment,
                                stdin=subprocess.DEVNULL, stdout=write_end, stderr=write_end)
        os.close(write_end)
        told = [manager.recv(4096).decode()]
        while told[-1] != "WATCHDOG=1":
            told.append(manager.recv(4096).decode())
        # On the local chain a block may be too early, so that there is no work for a moment.
        assert told[0] == "READY=1" and re.match("STATUS=(mining|waiting for work) at ", told[1]), told
        lode.send_signal(signal.SIGTERM)
        while told[-1] != "STOPPING=1":
            told.append(manager.recv(4096).decode())
        with os.fdopen(read_end) as journal:
            lines = journal.read().splitlines()
        assert lode.wait(20) == 0
    assert lines
    for line in lines:
        assert re.match(r"<[3-7]>[A-Za-z]+ +\S", line), line


def bench(folder):
    """Interrupted, it prints what it has."""
    terminal = Terminal(LODE, "bench", "-d", "cpu", "-t", 1, "--duration", 600, XDG_CACHE_HOME=folder)
    wait_for("the measurement to begin", lambda: terminal.sees(b" %"))
    assert os.waitstatus_to_exitcode(terminal.end(signal.SIGINT)) == 0
    assert re.search(rb"[\r\n]cpu +[a-z0-9-]+ +\d+ +1 +[0-9.]+ .?H/s", terminal.screen), terminal.screen


if __name__ == "__main__":
    with Folder() as place:
        {"keys": keys, "stopped": stopped, "colors": colors, "service": service, "bench": bench}[sys.argv[1]](place)

"""Types the beginning of a command and TAB in a real shell: completions.py SHELL MANUAL_DIR"""
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time

import debian_root

# What is typed, and what the shell makes of it, or lists.
CASES = [
    ("lode mi", "lode mine"),
    ("lode chain imp", "lode chain import"),
    ("lode mine --coinbase-a", "lode mine --coinbase-addr"),
    ("lode mine --network testnet", "testnet4"),
    ("lode mine --format js", "lode mine --format json"),
    ("lode bench --dur", "lode bench --duration"),
    ("lode doctor --prob", "lode doctor --probe"),
    ("lode mine -c here.j", "lode mine -c here.json"),
    ("lode chain import here.j", "lode chain import here.json"),
]


class Terminal:
    def __init__(self, command, environment, folder):
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)

    def read(self, until, seconds=20):
        text, deadline = "", time.monotonic() + seconds
        while until not in text and time.monotonic() < deadline:
            if select.select([self.end], [], [], 0.2)[0]:
                text += os.read(self.end, 4096).decode(errors="replace")
                text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r|\x08|\x07", "", text)
        return text

    def type(self, text):
        os.write(self.end, text.encode())


def interactive(shell, manual, folder):
    environment = {"PATH": os.environ["PATH"], "TERM": "dumb", "PS1": "READY> ", "HOME": folder, "LC_ALL": "C"}
    command, prepare = (["bash", "--norc", "--noprofile", "-i"], f"source {manual}/lode.bash") if shell == "bash" else (
        ["zsh", "-f", "-i"], f"fpath=({manual} $fpath); autoload -U compinit; compinit -D -u")
    terminal = Terminal(command, environment, folder)
    terminal.type(prepare + "; PS1='GO''> '\n")
    for typed, expected in CASES:
        assert "GO> " in terminal.read("GO> "), "no prompt"
        terminal.type(typed + "\t\t")
        seen = terminal.read(expected)
        assert expected in seen, f"{typed!r} became {seen!r}, not {expected!r}"
        terminal.type("\x15\n")  # forget the line
    os.close(terminal.end)
    os.waitpid(terminal.child, 0)


def fish(manual, folder):
    for typed, expected in CASES:
        done = subprocess.run(["fish", "--no-config", "-c", f"source {manual}/lode.fish; complete -C '{typed}'"], capture_output=True,
                              text=True, cwd=folder, env={**os.environ, "HOME": folder})
        words = [line.split("\t")[0] for line in done.stdout.splitlines()]
        assert expected.split()[-1] in words, f"{typed!r}: {words} {done.stderr}"


def main():
    shell, manual = sys.argv[1:]
    debian_root.need(shell)
    with tempfile.TemporaryDirectory() as folder:
        open(os.path.join(folder, "here.json"), "w").close()
        fish(manual, folder) if shell == "fish" else interactive(shell, manual, folder)
    print(len(CASES), "lines completed in", shell)


main()

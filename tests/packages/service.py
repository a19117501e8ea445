"""lode.service under a systemd that was booted for it: service.py BUILD SOURCE

The .deb is installed in a bare Debian 12, which systemd-nspawn boots with a network of its own. Then what an administrator
does: start, reload, a wrong configuration; and what may happen: the process is killed, the process hangs."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import debian_root
from debian_root import build_deb, in_root, need, run, skip

UNIT = "lode"
ENDED_BY_WATCHDOG = "Watchdog timeout"


class Machine:
    def __init__(self, root, console):
        self.console = open(console, "w+b")
        self.process = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--private-network", "--directory", root],
            stdin=subprocess.DEVNULL, stdout=self.console, stderr=subprocess.STDOUT)
        self.leader = None

    def boot(self):
        """False where this machine does not allow it."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout.split()
            if children:
                self.leader = children[0]
                state = self.try_do("systemctl", "is-system-running").stdout.strip()
                if state in ("running", "degraded"):
                    return True
            time.sleep(0.5)
        return False

    def said(self):
        with open(self.console.name, errors="replace") as console:
            return console.read()

    def inside(self, *words):
        return ["nsenter", "--target", self.leader, "--all", *words]

    def try_do(self, *words):
        return subprocess.run(self.inside(*words), capture_output=True, text=True, timeout=120)

    def do(self, *words):
        return run(*self.inside(*words))

    def property(self, name):
        return self.do("systemctl", "show", UNIT, "--property", name, "--value").strip()

    def journal(self):
        """Each message with its priority."""
        lines = self.do("journalctl", "--unit", UNIT, "--output", "json", "--no-pager").splitlines()
        return [(int(entry["PRIORITY"]), entry["MESSAGE"]) for entry in map(json.loads, lines)]

    def ready(self):
        """What /readyz answers, asked from inside by the only client there: bash."""
        ask = "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.1\\r\\nHost: 127.0.0.1:8080\\r\\nConnection: close\\r\\n\\r\\n' >&3 && cat <&3"
        return self.try_do("bash", "-c", ask).stdout.rstrip().endswith("\n\nready")

    def stop(self):
        if self.process.poll() is None and self.leader:
            self.try_do("systemctl", "--no-block", "poweroff")
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                pass
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


def wait_for(what, condition, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.3)


def said(machine, text):
    return any(text in message for _, message in machine.journal())


def starts(machine):
    machine.do("systemctl", "start", UNIT)  # returns at READY=1
    assert machine.property("ActiveState") == "active"
    wait_for("/readyz: ready", machine.ready)
    wait_for("a block", lambda: said(machine, "BLOCK "))
    main = machine.property("MainPID")
    user = re.search(r"Uid:\s+(\d+)", machine.do("cat", f"/proc/{main}/status")).group(1)
    assert 61184 <= int(user) <= 65519, f"not a dynamic user: {user}"
    assert {priority for priority, message in machine.journal() if "local chain at height" in message} == {6}
    wait_for("a status", lambda: machine.property("StatusText"))
    print(f"started: ready, blocks found, user {user}, status \"{machine.property('StatusText')}\"")


def reloads(machine, configuration):
    before = machine.property("MainPID")
    text = configuration.read_text()
    configuration.write_text(text.replace('"network": "local",', '"network": "local", "verbose": true,'))
    machine.do("systemctl", "reload", UNIT)
    wait_for("the reload is told", lambda: said(machine, "reloaded: verbose"))
    configuration.write_text("{")
    machine.try_do("systemctl", "reload", UNIT)
    wait_for("the wrong file is told", lambda: any(priority <= 4 and "lode.json" in message for priority, message in machine.journal()))
    assert machine.property("MainPID") == before and machine.property("ActiveState") == "active"
    configuration.write_text(text)
    print("reloaded: verbose; a wrong file changes nothing")


def comes_back(machine, how, signal):
    restarts = int(machine.property("NRestarts"))
    machine.do("systemctl", "kill", "--kill-who=main", f"--signal={signal}", UNIT)
    wait_for("it was restarted", lambda: int(machine.property("NRestarts")) > restarts)
    wait_for("it is active", lambda: machine.property("ActiveState") == "active")
    wait_for("/readyz: ready", machine.ready)
    print(f"{how}: restarted by systemd, ready")


def main():
    build_dir, source = map(pathlib.Path, sys.argv[1:])
    need("systemd-nspawn", "nsenter", "pgrep", "cpack", "dpkg-shlibdeps")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        package = build_deb(build_dir, folder / "package")
        root = debian_root.fresh_root(folder / "root")
        run("cp", package, root / "lode.deb")
        in_root(root, "apt-get", "install", "-y", "--no-install-recommends", *debian_root.SYSTEMD, "/lode.deb")
        drop_ins = root / "etc/systemd/system/lode.service.d"
        drop_ins.mkdir(parents=True)
        (drop_ins / "quick.conf").write_text("[Service]\nWatchdogSec=5\nRestartSec=1\n")
        machine = Machine(root, folder / "console")
        try:
            if not machine.boot():
                skip(f"systemd does not boot here: {machine.said()[-300:]}")
            starts(machine)
            reloads(machine, root / "etc/lode/lode.json")
            comes_back(machine, "killed", "KILL")
            comes_back(machine, "hung", "STOP")
            assert said(machine, ENDED_BY_WATCHDOG)
            machine.do("systemctl", "stop", UNIT)
            assert machine.property("Result") == "success", machine.property("Result")
            print("stopped:", [message for _, message in machine.journal() if "BLOCK" not in message][-1])

            # What a GPU needs changes much of the unit. The group comes with udev, which a machine with a GPU has.
            machine.do("groupadd", "--system", "render")
            (drop_ins / "gpu.conf").write_bytes((source / "share/systemd/gpu.conf").read_bytes())
            machine.do("systemctl", "daemon-reload")
            starts(machine)
            machine.do("systemctl", "stop", UNIT)

            (root / "etc/lode/lode.json").write_text('{"netwrk": "local"}')
            assert machine.try_do("systemctl", "start", UNIT).returncode != 0
            time.sleep(3)  # longer than RestartSec
            assert machine.property("ActiveState") == "failed" and machine.property("ExecMainStatus") == "1"
            error = [message for priority, message in machine.journal() if "netwrk" in message][-1]
            print("a wrong configuration: failed, not started again:", error)
        except AssertionError:
            for priority, message in machine.journal() if machine.leader else []:
                print(priority, message)
            raise
        finally:
            machine.stop()


main()

"""Builds the .deb, installs it in a bare Debian 12, runs the service as its unit says, and purges it: deb.py BUILD SOURCE"""
import os
import pathlib
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import debian_root
from debian_root import build_deb, in_root, need, run

USER = 61184  # the first that systemd gives to DynamicUser=
# What dpkg and apt keep for themselves, whatever is installed.
BOOKS = re.compile(r"/var/(lib/(dpkg|apt)|log|cache/(apt|debconf|ldconfig))(/|$)|/(proc|sys|dev)/")


def check_package(package, folder, source, build_dir):
    run("lintian", "--fail-on", "error,warning", "--allow-root", package)
    tree = folder / "tree"
    run("dpkg-deb", "--extract", package, tree)
    program = (tree / "usr/bin/lode").read_bytes()
    for path in (source, build_dir):
        assert str(path).encode() not in program, f"the program names {path}, so that it depends on where it was built"
    unit = tree / "usr/lib/systemd/system/lode.service"
    print(run("systemd-analyze", "security", "--offline=true", "--threshold=19", unit).strip().splitlines()[-1])


def paths(root):
    found = set()
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)[len(str(root)):]
            if not BOOKS.match(path):
                found.add(path)
    return found


def setting(unit, name):
    return [line.split("=", 1)[1].replace("%S", "/var/lib").replace("%C", "/var/cache")
            for line in unit.splitlines() if line.startswith(name + "=")]


def make_state(root):
    """As systemd does for StateDirectory= and CacheDirectory= of a dynamic user."""
    for place in ("var/lib", "var/cache"):
        private = root / place / "private"
        private.mkdir(mode=0o700, exist_ok=True)
        private.chmod(0o711)  # systemd opens it by a mount of the service's own
        (private / "lode").mkdir()
        os.chown(private / "lode", USER, USER)
        (root / place / "lode").symlink_to("private/lode")


def readyz():
    try:
        return urllib.request.urlopen("http://127.0.0.1:8080/readyz", timeout=2).read().decode().strip()
    except urllib.error.HTTPError as error:
        return error.read().decode().strip()
    except OSError as error:
        return str(error)


def start_and_mine(root):
    unit = (root / "usr/lib/systemd/system/lode.service").read_text()
    [command] = setting(unit, "ExecStart")
    environment = dict(pair.split("=", 1) for line in setting(unit, "Environment") for pair in line.split())
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(root / "run/notify"))
    os.chmod(root / "run/notify", 0o666)
    manager.settimeout(30)
    began = time.monotonic()
    lode = subprocess.Popen(
        ["chroot", f"--userspec={USER}:{USER}", root, "env", "-i", "NOTIFY_SOCKET=/run/notify", "WATCHDOG_USEC=60000000",
         *(f"{k}={v}" for k, v in environment.items()), *shlex.split(command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        told = ""
        while "READY=1" not in told:
            told += manager.recv(4096).decode()
        print(f"{command}: READY=1 after {time.monotonic() - began:.1f} s")
        while (answer := readyz()) != "ready":
            assert time.monotonic() < began + 60 and lode.poll() is None, answer
            time.sleep(0.2)
        print("/readyz: ready")
        while "WATCHDOG=1" not in told:
            told += manager.recv(4096).decode()
    finally:
        lode.terminate()
        output = lode.communicate(timeout=30)[0]
    manager.close()
    (root / "run/notify").unlink()
    assert lode.returncode == 0 and "STOPPING=1" not in told, output
    found = output.count("BLOCK ")
    assert found > 0, output
    print(f"{found} blocks in {time.monotonic() - began:.0f} s, exit code {lode.returncode}")


def main():
    build_dir, source = map(pathlib.Path, sys.argv[1:])
    need("cpack", "dpkg-shlibdeps", "dpkg-deb", "lintian", "systemd-analyze", "unshare", "ip")
    if os.environ.get("LODE_TEST_NETWORK") != "own":  # the service's port is fixed
        debian_root.kept_root()  # while there is a network
        os.environ["LODE_TEST_NETWORK"] = "own"
        os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])
    run("ip", "link", "set", "lo", "up")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        package = build_deb(build_dir, folder / "first")
        assert build_deb(build_dir, folder / "second").read_bytes() == package.read_bytes(), "packed again, it is another file"
        print(run("sha256sum", package.name, cwd=package.parent).strip())
        check_package(package, folder, source, build_dir)

        root = debian_root.fresh_root(folder / "root")
        before = paths(root)
        run("cp", package, root / "lode.deb")
        in_root(root, "apt-get", "install", "-y", "--no-install-recommends", "/lode.deb")
        (root / "lode.deb").unlink()
        print(in_root(root, "lode", "--version").splitlines()[0], "installed,", len(paths(root) - before), "paths more")
        make_state(root)
        start_and_mine(root)
        in_root(root, "apt-get", "purge", "-y", "--auto-remove", "lode")
        left, gone = paths(root) - before, before - paths(root)
        left -= {"/var/lib/private", "/var/cache/private"}  # systemd's own, for every dynamic user
        assert not left and not gone, f"left: {sorted(left)}, gone: {sorted(gone)}"
        print("purged: nothing left")


main()

"""A bare Debian 12 in a folder: made once by debootstrap, kept outside the tree, copied for each use."""
import os
import pathlib
import shutil
import subprocess
import sys


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def need(*tools):
    for tool in tools:
        if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            skip(f"no {tool} here")


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}"
    return done.stdout


def in_root(root, *command):
    return run("chroot", root, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", *command)


SYSTEMD = ("systemd", "systemd-sysv", "dbus")


def build_deb(build_dir, out):
    run("cpack", "--config", build_dir / "CPackConfig.cmake", "-G", "DEB", "-B", out, cwd=build_dir)
    [package] = out.glob("*.deb")
    return package


def kept_root():
    """The root as it is kept: made where there is none. Needs a network then, and only then."""
    if os.geteuid() != 0:
        skip("debootstrap and chroot need root")
    need("debootstrap", "chroot")
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "lode"
    kept = cache / "debian-12-root-2"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        part = cache / f"debian-12-root.{os.getpid()}"
        try:
            run("debootstrap", "--variant=minbase", "bookworm", part)
            in_root(part, "apt-get", "clean")
            # What lode's package and its tests need: here, but not installed.
            in_root(part, "apt-get", "install", "-y", "--no-install-recommends", "--download-only", "libfmt9", "libssl3", *SYSTEMD)
        except AssertionError as error:
            shutil.rmtree(part, ignore_errors=True)
            skip(f"no Debian root: {str(error)[-300:]}")
        part.rename(kept)
    return kept


def fresh_root(folder):
    run("cp", "-a", "--reflink=auto", kept_root(), folder)
    return folder

"""Packs and runs what is for other distributions: archives.py static|hiveos BUILD"""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

from debian_root import need, run, skip


def pack(build, out, *more):
    run("cpack", "--config", build / "CPackConfig.cmake", "-G", "TGZ", *more, "-B", out, cwd=build)
    [archive] = out.glob("*.tar.gz")
    return archive


def packed(build, folder, *more):
    archive = pack(build, folder / "first", *more)
    assert pack(build, folder / "second", *more).read_bytes() == archive.read_bytes(), "packed again, it is another file"
    print(run("sha256sum", archive.name, cwd=archive.parent).strip())
    tree = folder / "tree"
    tree.mkdir()
    run("tar", "--extract", "--file", archive, "--directory", tree)
    return tree


def static(build, folder):
    tree = packed(build, folder)
    root = tree / "usr/local"
    assert "ExecStart=/usr/local/bin/lode " in (root / "lib/systemd/system/lode.service").read_text()
    assert (root / "share/man/man1/lode.1").exists() and (root / "etc/lode/lode.json").exists(), list(root.rglob("*"))
    dynamic = run("readelf", "--dynamic", "--program-headers", root / "bin/lode")
    assert "NEEDED" not in dynamic and "INTERP" not in dynamic, dynamic
    if os.geteuid() != 0:
        skip("chroot needs root")
    empty = folder / "empty"
    empty.mkdir()
    (root / "bin/lode").rename(empty / "lode")
    print(run("chroot", empty, "/lode", "--version").splitlines()[0], "in a root that is empty otherwise")
    print(run("chroot", empty, "/lode", "mine", "--blocks", "3", "-t", "1", "--data-dir", "/data").splitlines()[-2])
    assert run("chroot", empty, "/lode", "devices").count("cpu"), "no CPU"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def hiveos(build, folder):
    """As HiveOS does: the flight sheet in the environment, h-config.sh and h-stats.sh sourced, h-run.sh run."""
    need("bash", "jq", "curl")
    home = packed(build, folder, "-D", "LODE_PACKAGE=hiveos") / "lode"
    port = free_port()
    config = folder / "lode.json"
    sheet = {**os.environ, "CUSTOM_URL": "", "CUSTOM_TEMPLATE": "WALLET.rig", "CUSTOM_PASS": "x", "CUSTOM_CONFIG_FILENAME": str(config),
             "CUSTOM_USER_CONFIG": json.dumps({"http": f"127.0.0.1:{port}", "network": "local", "devices": "cpu", "threads": 1})}

    def sourced(script, then="", **more):
        done = subprocess.run(["bash", "-c", f". ./{script}; {then}"], cwd=home, env={**sheet, **more}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    sourced("h-config.sh", CUSTOM_URL="stratum+tcp://a.example:3333 stratum+ssl://b.example:3334")
    pools = json.loads(config.read_text())["pools"]
    assert [(p["url"], p["user"]) for p in pools] == [("stratum+tcp://a.example:3333", "WALLET.rig"),
                                                      ("stratum+ssl://b.example:3334", "WALLET.rig")], pools
    sourced("h-config.sh || true", CUSTOM_USER_CONFIG="not JSON")
    assert not config.exists(), "a configuration that is not JSON is used"
    khs, stats = sourced("h-stats.sh", 'echo "$khs"; echo "$stats"').split()
    assert (khs, stats) == ("0", "null"), "without a lode"

    sourced("h-config.sh")
    manifest = (home / "h-manifest.conf").read_text()
    for name, value in (("CUSTOM_LOG_BASENAME", folder / "log/lode"), ("CUSTOM_CONFIG_FILENAME", config)):
        [old] = [line for line in manifest.splitlines() if line.startswith(name + "=")]
        manifest = manifest.replace(old, f"{name}={value}")
    (home / "h-manifest.conf").write_text(manifest)
    miner = subprocess.Popen(["./h-run.sh"], cwd=home, env=sheet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while True:
            khs, stats = sourced("h-stats.sh", 'echo "$khs"; echo "$stats"').split()
            if float(khs) > 0:
                break
            assert time.monotonic() < deadline and miner.poll() is None, "no hash rate"
            time.sleep(1)
    finally:
        os.killpg(miner.pid, 15)
        miner.communicate(timeout=30)
    print(khs, stats)
    seen = json.loads(stats)
    assert len(seen["hs"]) == len(seen["temp"]) == len(seen["fan"]) == 1 and seen["hs_units"] == "khs", seen
    assert abs(sum(seen["hs"]) - float(khs)) < 0.01 * float(khs) and len(seen["ar"]) == 2 and seen["uptime"] > 0, seen
    assert "BLOCK" in (folder / "log/lode.log").read_text()


with tempfile.TemporaryDirectory() as name:
    {"static": static, "hiveos": hiveos}[sys.argv[1]](pathlib.Path(sys.argv[2]), pathlib.Path(name))

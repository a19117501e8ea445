#!/usr/bin/env python3
"""Under a limit on file sizes (ulimit -f): file_limit.py CASE LODE. lode is not ended by SIGXFSZ; it says what cannot be
written, and nothing it said before is lost. Exit status 77: skipped, with the reason."""
import json
import os
import resource
import subprocess
import sys

from nodes import Folder, Knots, free_port, install, wait_for

LODE = sys.argv[2]


def run(folder, limit, *arguments, output=subprocess.PIPE):
    """The exit status, the events and what was logged. limit: bytes a file may have; None: any."""
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    done = subprocess.run([LODE, *arguments, "--format", "json", "--data-dir", os.path.join(folder, "data")],
                          stdout=output, stderr=subprocess.PIPE, text=True, timeout=120,
                          preexec_fn=limited if limit is not None else None)
    events = [json.loads(line) for line in (done.stdout or "").splitlines()]
    return done.returncode, events, done.stderr


def of(events, kind):
    return [event for event in events if event["event"] == kind]


def height(folder, network):
    return run(folder, None, "chain", "status", "--network", network)[1][0]["height"]


def one_error(errors, text):
    found = [line for line in errors.splitlines() if " error " in line or " warning " in line]
    assert len(found) == 1 and text in found[0], errors
    print(found[0])


def local(folder):
    """Mining a local chain: it ends at the block that cannot be stored, with all that it said were accepted kept."""
    for limit in (0, 1000, 4000):
        at = os.path.join(folder, str(limit))
        code, events, errors = run(at, limit, "mine", "-d", "cpu", "-t", "1", "--time-limit", "60")
        assert code == 1, (code, errors)
        one_error(errors, "File too large")
        accepted = [e["height"] for e in of(events, "block") if e["result"] == "accepted"]
        # The last ones may have been written, but not yet be known to be on the disk when the next one failed.
        stored = height(at, "local")
        assert accepted == list(range(1, len(accepted) + 1)) and len(accepted) <= stored, (limit, accepted, stored)
        assert (stored > 0) == (limit > 0), (limit, stored)
        verified = run(at, None, "chain", "verify", "--network", "local")
        assert verified[0] == 0 and verified[1][0]["ok"], verified
        more = of(run(at, None, "mine", "-d", "cpu", "-t", "1", "--blocks", "1")[1], "block")
        assert [e["height"] for e in more] == [stored + 1], (stored, more)
        print(f"limit {limit}: {len(accepted)} accepted, all kept")


def output(folder):
    """The events go to a file that cannot grow. It is full before the blocks of the 5 s until that is seen are."""
    path = os.path.join(folder, "events")
    with open(path, "wb") as file:
        code, _, errors = run(folder, 20_000, "mine", "-d", "cpu", "-t", "1", "--time-limit", "60", output=file)
    assert code == 1, (code, errors)
    one_error(errors, "standard output: File too large")
    assert os.path.getsize(path) == 20_000


def sync_from(folder, peer, network, limit, least):
    arguments = ["chain", "sync", "--network", network, "--peer", f"127.0.0.1:{peer}"]
    code, events, errors = run(folder, limit, *arguments)
    assert code == 1 and not of(events, "sync"), (code, events, errors)
    one_error(errors, "File too large")
    kept = height(folder, network)
    code, events, errors = run(folder, None, *arguments)
    assert code == 0 and of(events, "sync")[0]["height"] == height(folder, network) >= least, (events, errors)
    print(f"{network}, limit {limit}: kept {kept}, then {height(folder, network)}")


def sync_blocks(folder):
    """Blocks of a local chain from another lode."""
    port = free_port()
    peer = subprocess.Popen([LODE, "mine", "-d", "cpu", "-t", "1", "--listen", f"127.0.0.1:{port}", "--format", "json",
                             "--time-limit", "60", "--data-dir", os.path.join(folder, "peer")],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for("a chain", lambda: subprocess.run(
            [LODE, "chain", "show", "15", "--network", "local", "--data-dir", os.path.join(folder, "peer")],
            capture_output=True).returncode == 0)
        sync_from(folder, port, "local", 1000, 15)
        code, events, errors = run(os.path.join(folder, "miner"), 1000, "mine", "-d", "cpu", "-t", "1", "--peer",
                                   f"127.0.0.1:{port}", "--time-limit", "30")
        assert code == 1 and errors.count("error ") == 1 and "File too large" in errors, (code, errors)
        print(errors)
    finally:
        peer.terminate()
        peer.wait()


def sync_headers(folder):
    """Headers from a node; the second batch does not fit, nor does a new block's header."""
    node = start_node(folder)
    node.rpc("generatetoaddress", 1000, node.address)
    node.rpc("generatetoaddress", 1500, node.address)
    sync_from(folder, node.peer_port, "regtest", 200_000, 2500)
    node.rpc("generatetoaddress", 1, node.address)
    size = os.path.getsize(os.path.join(folder, "data", "regtest", "headers.dat"))
    sync_from(folder, node.peer_port, "regtest", size + 83, 2501)


def start_node(folder):
    install("knots")
    node = Knots(folder, extra=["-vbparams=testdummy:-2:0"])
    node.start()
    return node


def journal(folder):
    """Blocks for a node that cannot be kept, or noted: they are sent all the same, and what stays is settled later."""
    node = start_node(folder)
    mine = ["mine", "-o", node.url, "--coinbase-addr", node.address, "--network", "regtest", "-d", "cpu", "-t", "1"]
    for limit, missing in ((100, "is not in the journal"), (3000, "blocks.log")):
        before = node.height()
        code, events, errors = run(folder, limit, *mine, "--blocks", "30")
        assert code == 0 and node.height() == before + 30, (code, errors)
        assert of(events, "summary")[0]["blocks"] == 30
        assert f"{missing}" in errors and "File too large" in errors, errors
        print(errors.splitlines()[-1])
    left = os.listdir(os.path.join(folder, "data", "blocks-pending"))
    assert left
    code, events, errors = run(folder, None, *mine, "--blocks", "1")
    assert code == 0 and not os.listdir(os.path.join(folder, "data", "blocks-pending")), errors
    assert errors.count("found earlier: accepted") == len(left), errors
    print(len(left), "blocks whose outcome could not be noted, settled at the next start")


def judged(folder):
    """The headers of a peer cannot be stored: mining goes on."""
    node = start_node(folder)
    node.rpc("generatetoaddress", 20, node.address)
    code, events, errors = run(folder, 1000, "mine", "-o", node.url, "--coinbase-addr", node.address, "--network",
                               "regtest", "-d", "cpu", "-t", "1", "--peer", f"127.0.0.1:{node.peer_port}",
                               "--time-limit", "5")
    assert code == 0 and of(events, "summary")[0]["blocks"] > 0, (code, errors)
    found = [line for line in errors.splitlines() if "headers.dat: cannot write" in line]
    assert len(found) == 1, errors
    print(found[0])


if __name__ == "__main__":
    cases = {f.__name__: f for f in (local, output, sync_blocks, sync_headers, journal, judged)}
    with Folder() as place:
        cases[sys.argv[1]](place)
    print("ok")

#!/usr/bin/env python3
"""The chain tracker with real peers: chain.py CASE LODE. Exit status 77: skipped, with the reason."""
import json
import os
import subprocess
import sys
import threading
import time

from nodes import Bcoin, Folder, Knots, Lode, free_port, install, wait_for


class ListeningBcoin(Bcoin):
    def __init__(self, folder):
        super().__init__(folder)
        self.peer_port = free_port()

    def command(self):
        return [a for a in super().command() if a != "--listen=false"] + [
            "--listen=true", "--host=127.0.0.1", f"--port={self.peer_port}"]


class Sync(Lode):
    """`lode chain sync` on regtest."""

    def command(self, program, folder, arguments):
        return [program, "chain", "sync", "--network", "regtest", "--format", "json", "--data-dir",
                os.path.join(folder, "data"), *arguments]

    def __init__(self, program, folder, peers, *arguments):
        super().__init__(program, folder, *arguments, *(f"--peer=127.0.0.1:{p.peer_port}" for p in peers))


def make(kind, folder):
    install(kind)
    os.makedirs(folder, exist_ok=True)
    node = {"knots": Knots, "bcoin": ListeningBcoin}[kind](folder)
    node.start()
    return node


def generate(node, count):
    return node.rpc("generatetoaddress", count, node.address)


def status(lode, folder):
    out = subprocess.run([lode, "chain", "status", "--network", "regtest", "--format", "json", "--data-dir",
                          os.path.join(folder, "data")], capture_output=True, text=True, check=True).stdout
    return json.loads(out)


def follows(sync, node, what, seconds=30):
    """Waits until the latest tip that lode said is the node's, and says how long that took."""
    start = time.monotonic()
    wait_for(what, lambda: (sync.events("sync") or [{}])[-1].get("tip") == node.rpc("getbestblockhash"), seconds)
    print(f"{what}: height {node.height()}, {time.monotonic() - start:.2f} s")


def follow(lode, folder, kind):
    """Sync, live announcements, a reorganisation; a Knots is also killed and started again."""
    node = make(kind, folder)
    generate(node, 120)
    first = Sync(lode, folder, [node]).wait()
    print("sync:", first.events("sync"))
    assert status(lode, folder)["tip"] == node.rpc("getbestblockhash")

    sync = Sync(lode, folder, [node], "--follow")
    follows(sync, node, "synced again")
    for _ in range(3):
        generate(node, 1)
        follows(sync, node, "a new block")
    assert not sync.events("reorg")

    node.rpc("invalidateblock", node.rpc("getblockhash", 119))
    if kind == "knots":  # else the same blocks could come out again
        node.rpc("setmocktime", int(time.time()) + 60)
    generate(node, 7)
    follows(sync, node, "after invalidateblock")
    reorg = sync.events("reorg")[-1]
    print("reorganisation:", reorg)
    assert reorg["depth"] == 5, reorg  # heights 119 to 123

    if kind == "knots":
        node.rpc("gettxoutsetinfo")  # makes it write its blocks to disk
        node.process.kill()
        node.process.wait()
        time.sleep(2)
        node.start()
        assert node.height() == 125
        generate(node, 2)
        follows(sync, node, "after its restart", 60)
    sync.end()
    assert sync.process.returncode == 0
    assert status(lode, folder)["tip"] == node.rpc("getbestblockhash")


def branches(lode, folder):
    """Two peers on different branches: the one with more work wins, the other is known as a fork."""
    knots, bcoin = make("knots", folder + "/a"), make("bcoin", folder + "/b")
    generate(knots, 30)
    generate(bcoin, 25)
    sync = Sync(lode, folder, [knots, bcoin], "--follow")
    follows(sync, knots, "synced with both")
    assert status(lode, folder)["forks"] == 1
    generate(bcoin, 10)
    follows(sync, bcoin, "the other overtakes")
    reorg = sync.events("reorg")[-1]
    print("reorganisation:", reorg)
    assert reorg["depth"] == 30
    bcoin.process.kill()
    generate(knots, 6)
    follows(sync, knots, "and is overtaken")
    sync.end()
    assert status(lode, folder)["forks"] == 1


def killed(lode, folder):
    """kill -9 while it syncs, again and again: what was stored is read again, and it gets there in the end."""
    node = make("knots", folder)
    for _ in range(6):
        generate(node, 1000)
    heights = []
    for i in range(20):
        sync = Sync(lode, folder, [node])
        time.sleep(0.005 * i)
        sync.kill()
        heights.append(status(lode, folder)["height"])
    print("heights after each kill:", heights)
    assert heights == sorted(heights)
    Sync(lode, folder, [node]).wait()
    assert status(lode, folder)["tip"] == node.rpc("getbestblockhash")


def busy(lode, folder):
    """bcoin announces by headers, here before it has answered: that is no reason to leave it."""
    node = make("bcoin", folder)
    for _ in range(5):
        generate(node, 1000)
    done = threading.Event()

    def find_blocks():
        while not done.is_set():
            generate(node, 1)

    finder = threading.Thread(target=find_blocks)
    finder.start()
    try:
        for i in range(5):
            place = os.path.join(folder, str(i))
            os.mkdir(place)
            sync = Sync(lode, place, [node]).wait()
            assert sync.events("sync")[-1]["height"] > 5000, sync.errors()
    finally:
        done.set()
        finder.join()
    print("synced each time, node at height", node.height())


def unreachable(lode, folder):
    """Nobody there: exit code 2, and the reason."""
    done = subprocess.run([lode, "chain", "sync", "--network", "regtest", "--data-dir", folder, "--peer",
                           f"127.0.0.1:{free_port()}"], capture_output=True, text=True)
    print(done.stderr.strip())
    assert done.returncode == 2 and "Connection refused" in done.stderr


def judged(lode, folder):
    """The jobs of a node are judged by a peer that does not know its blocks, and soon has a longer chain."""
    ours, theirs = make("knots", folder + "/a"), make("knots", folder + "/b")
    for raw in [ours.rpc("getblock", h, 0) for h in generate(ours, 20)]:
        theirs.rpc("submitblock", raw)
    Sync(lode, folder, [theirs]).wait()
    lode = Lode(lode, folder, "-o", ours.url, "--coinbase-addr", ours.address, "--network", "regtest", "-t", 1,
                "--peer", f"127.0.0.1:{theirs.peer_port}", "--time-limit", 8)
    wait_for("blocks", lambda: len(lode.events("block")) > 3)
    generate(theirs, 500)
    lode.wait()
    verdicts = [e["verdict"] for e in lode.events("judgement")]
    print("verdicts:", {v: verdicts.count(v) for v in verdicts})
    assert verdicts[0] == "tip" and "ahead" in verdicts and "unknown-chain" in verdicts


def local_killed(lode, folder):
    """kill -9 while a local chain is mined: every block that was announced is there afterwards, also on disk."""
    announced = []
    for i in range(8):
        mining = Lode(lode, folder, "-t", 1)
        wait_for("blocks", lambda: len(mining.events("block")) > i % 3)
        mining.kill()
        announced += [e["hash"] for e in mining.events("block") if e["result"] == "accepted"]
    for block in announced:
        shown = subprocess.run([lode, "chain", "show", block, "--network", "local", "--data-dir",
                                os.path.join(folder, "data")], capture_output=True, text=True)
        assert shown.returncode == 0, shown.stderr
    mining = Lode(lode, folder, "--blocks", 1).wait()
    print(len(announced), "blocks announced before 8 kills, all kept; next height",
          mining.events("block")[0]["height"])
    assert mining.events("block")[0]["height"] >= len(announced) + 1


def local_twice(lode, folder):
    """A second process on one data directory gets one clear line; looking at the chain works all the while."""
    mining = Lode(lode, folder, "-t", 1)
    wait_for("a block", lambda: mining.events("block"))
    second = Lode(lode, folder, "-t", 1)
    second.process.wait(20)
    print("second:", second.process.returncode, second.errors().strip())
    assert second.process.returncode == 1 and str(mining.process.pid) in second.errors()
    looked = subprocess.run([lode, "chain", "status", "--network", "local", "--format", "json", "--data-dir",
                             os.path.join(folder, "data")], capture_output=True, text=True, check=True)
    print("status meanwhile:", looked.stdout.strip())
    assert json.loads(looked.stdout)["height"] >= 1
    mining.end()
    assert mining.process.returncode == 0


CASES = {
    "local_killed": local_killed,
    "local_twice": local_twice,
    "knots": lambda lode, folder: follow(lode, folder, "knots"),
    "bcoin": lambda lode, folder: follow(lode, folder, "bcoin"),
    "branches": branches,
    "killed": killed,
    "busy": busy,
    "unreachable": unreachable,
    "judged": judged,
}

if __name__ == "__main__":
    with Folder() as place:
        CASES[sys.argv[1]](sys.argv[2], place)
    print("ok")

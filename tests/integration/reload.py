#!/usr/bin/env python3
"""A running lode whose configuration changes: reload.py CASE LODE. The pools are scripts; nothing else is needed."""
import json
import os
import signal
import socketserver
import sys
import threading
import time
import urllib.error
import urllib.request

from cgminer_api import ask as ask_api
from nodes import Folder, Lode, free_port, wait_for

LODE = sys.argv[2]
TOKEN = "correct-horse-battery"


class Pool(socketserver.ThreadingTCPServer):
    """A pool of Stratum V1 that takes every share: `shares` has their users. Answers come after `delay` seconds."""
    daemon_threads = allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Connection)
        self.shares, self.delay, self.refused, self.connections = [], 0, "", 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"stratum+tcp://127.0.0.1:{self.server_address[1]}"


class Connection(socketserver.StreamRequestHandler):
    def tell(self, **message):
        self.wfile.write((json.dumps(message) + "\n").encode())

    def handle(self):
        self.server.connections += 1
        prefix = f"{self.server.connections:08x}"
        for line in self.rfile:
            request = json.loads(line)
            method, number = request["method"], request["id"]
            if method == "mining.configure":
                self.tell(id=number, result={"version-rolling": True, "version-rolling.mask": "1fffe000"}, error=None)
            elif method == "mining.subscribe":
                self.tell(id=number, result=[[["mining.notify", "1"]], prefix, 4], error=None)
            elif method == "mining.authorize":
                user = request["params"][0]
                self.tell(id=number, result=user != self.server.refused, error=None)
                self.tell(id=None, method="mining.set_difficulty", params=[0.0005])
                self.tell(id=None, method="mining.notify",
                          params=["1", "00" * 32, "01000000" + "00" * 36, "ff" * 8, [], "20000000", "1d00ffff",
                                  f"{int(time.time()):08x}", True])
            elif method == "mining.submit":
                if self.server.delay:
                    time.sleep(self.server.delay)
                self.server.shares.append(request["params"][0])
                self.tell(id=number, result=True, error=None)
            else:
                self.tell(id=number, result=None, error=[20, "unknown", None])


class Miner:
    def __init__(self, folder, *options):
        self.config = os.path.join(folder, "lode.json")
        self.port, self.api = free_port(), free_port()
        self.options = options

    def write(self, *pools, text=None, **keys):
        with open(self.config, "w") as file:
            file.write(text or json.dumps({"pools": [{"url": p.url, "user": u, "pass": "x"} for p, u in pools], **keys}))

    def start(self, folder):
        self.lode = Lode(LODE, folder, "-t", 1, "-c", self.config, "--http", self.port, "--http-token", TOKEN,
                         "--api", self.api, "--api-allow", "W:127.0.0.1", *self.options)

    def hang_up(self):
        self.lode.process.send_signal(signal.SIGHUP)

    def ask(self, path, post=False):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method="POST" if post else "GET",
                                         headers={"Authorization": "Bearer " + TOKEN})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as e:
            return e.code, json.loads(e.read())

    def command(self, name, parameter=""):
        """Of cgminer's API."""
        return json.loads(ask_api(self.api, json.dumps({"command": name, "parameter": parameter}).encode()).rstrip(b"\0"))

    def pools(self):
        """Of cgminer's API: user and priority."""
        return [(pool["User"], pool["Priority"]) for pool in self.command("pools")["POOLS"]]

    def hashes(self):
        return self.ask("/api/v1/status")[1]["hashes"]

    def says(self, text):
        wait_for(f"{text!r} in the log", lambda: text in self.lode.errors(), 20)

    def accepted(self):
        return sum(event["result"] == "accepted" for event in self.lode.events("share"))


def more(pool, user):
    """Waits for a new share of the user's."""
    before = pool.shares.count(user)
    wait_for(f"a share of {user}", lambda: pool.shares.count(user) > before, 30)


def rate(miner, seconds):
    began, hashes = time.monotonic(), miner.hashes()
    time.sleep(seconds)
    return (miner.hashes() - hashes) / (time.monotonic() - began)


def through(miner, name, change, seconds=2.0):
    """The hash rate before a change and through it, and the longest time without a hash: a row of the table."""
    before = rate(miner, seconds)
    longest, began, hashes = 0.0, time.monotonic(), miner.hashes()
    change()
    last, seen = began, hashes
    while time.monotonic() < began + seconds:
        time.sleep(0.05)
        now = miner.hashes()
        if now > seen:
            seen, last = now, time.monotonic()
        longest = max(longest, time.monotonic() - last)
    during = (seen - hashes) / (time.monotonic() - began)
    said = [line for line in miner.lode.errors().splitlines() if "reloaded" in line or "switching" in line][-1]
    print(f"| {name} | {said[18:]} | {before / 1e6:.2f} | {during / 1e6:.2f} | {longest:.2f} |", flush=True)


def reload(folder):
    a, b = Pool(), Pool()
    miner = Miner(folder)
    miner.write((a, "alice"))
    miner.start(folder)
    more(a, "alice")
    devices = len(miner.lode.events("device"))
    wait_for("the rate is known", lambda: miner.lode.events("hashrate"))

    def hang_up(*pools, text=None, **keys):
        miner.write(*pools, text=text, **keys)
        miner.hang_up()

    print("| change | what happened | MH/s before | MH/s through it | longest s without a hash |\n|---|---|---|---|---|")
    through(miner, "another user", lambda: (hang_up((a, "bob")), more(a, "bob")))
    through(miner, "another pool", lambda: (hang_up((b, "carol")), more(b, "carol")))
    through(miner, "a pool before it", lambda: (hang_up((a, "alice"), (b, "carol")), more(a, "alice")))
    assert miner.pools() == [("alice", 0), ("carol", 1)], miner.pools()
    through(miner, "POST switch?to=1", lambda: (miner.ask("/api/v1/switch?to=1", True), more(b, "carol")))
    assert miner.pools() == [("alice", 1), ("carol", 0)], miner.pools()
    through(miner, "cgminer's switchpool", lambda: (miner.command("switchpool", "0"), more(a, "alice")))
    assert miner.pools() == [("alice", 0), ("carol", 1)], miner.pools()
    through(miner, "limits, verbosity",
            lambda: (hang_up((b, "carol"), **{"time-limit": 3600, "blocks": 9, "verbose": True}),
                     miner.says("time-limit, pools, verbose; this takes a restart: blocks")))
    through(miner, "a file that is wrong", lambda: (hang_up(text='{"pools": [], "bloks": 1}'), miner.says("not reloaded")))
    more(b, "carol")
    [pool] = miner.command("pools")["POOLS"]
    assert pool["User"] == "carol" and pool["Accepted"] > 0 and pool["Status"] == "Alive", pool
    code, body = miner.ask("/api/v1/reload", True)
    assert code == 400 and "pools" in body["error"], (code, body)

    # A pool that refuses changes nothing but the log.
    a.refused = "mallory"
    hang_up((a, "mallory"))
    miner.says("still")
    more(b, "carol")

    # The last answers are waited for.
    b.delay = 0.05
    more(b, "carol")
    miner.lode.process.send_signal(signal.SIGTERM)
    miner.lode.wait(30)
    summary = miner.lode.summary()
    assert summary["unknown"] == summary["stale"] == summary["shares_rejected"] == 0, summary
    assert summary["shares_accepted"] == len(a.shares) + len(b.shares) == miner.accepted(), summary
    assert len(miner.lode.events("device")) == devices == 1, "a device was opened again"


def drain(folder):
    """--drain-timeout bounds the wait for a pool that does not answer."""
    pool = Pool()
    miner = Miner(folder, "--drain-timeout", "0.5")
    miner.write((pool, "alice"))
    miner.start(folder)
    more(pool, "alice")
    pool.delay = 60
    time.sleep(0.5)  # for shares that are not answered
    miner.lode.process.send_signal(signal.SIGTERM)
    miner.lode.wait(30)
    assert miner.lode.summary()["unknown"] > 0, miner.lode.summary()


if __name__ == "__main__":
    with Folder() as directory:
        globals()[sys.argv[1]](directory)
    print("ok")

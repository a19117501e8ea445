#!/usr/bin/env python3
"""Mining at a real pool: pool.py CASE LODE. Exit status 77 where a peer cannot be had. LODE_TEST_SHARES: how
many; LODE_TEST_ROUNDS: how often the pool is killed."""
import os
import signal
import sys
import time

from nodes import Bcoin, Folder, Knots, Lode, install, wait_for
from pools import Pool, Socks, Stunnel, Testnet4

LODE = sys.argv[2]
SHARES = int(os.environ.get("LODE_TEST_SHARES", "10"))
EASY = 0.001  # four million hashes a share


def testnet4(folder, **settings):
    for peer in ("knots", "pool"):
        install(peer)
    node = Testnet4(folder)
    node.start()
    return Pool(folder, node, EASY, **settings).start()


def mine(folder, pool, *more, url=None):
    return Lode(LODE, folder, "-o", url or pool.url, "-u", pool.user, "-p", "x", *more)


def check(lode, pool, shares=SHARES):
    """So many shares accepted, and none refused, by lode's account and by the pool's."""
    summary = lode.wait(280).summary()
    print({key: summary[key] for key in ("shares_accepted", "shares_rejected", "stale", "hardware_errors", "seconds")})
    assert summary["shares_accepted"] == shares and summary["shares_rejected"] == 0, lode.errors()
    assert summary["hardware_errors"] == 0
    assert len(pool.shares("valid")) >= shares and not pool.shares("invalid") and not pool.shares("stale"), pool.output()


def tcp(folder):
    pool = testnet4(folder)
    lode = mine(folder, pool, "--shares", SHARES)
    check(lode, pool)
    assert "version rolling with mask 1fffe000" in lode.errors()


def tls(folder):
    pool = testnet4(folder)
    check(mine(folder, pool, "--shares", SHARES, "--tls-ca", pool.certificate, url=pool.tls_url), pool)
    refused = mine(folder, pool, "--shares", 1, "-r", 0, url=pool.tls_url)
    assert refused.process.wait(60) == 2 and "certificate not accepted" in refused.errors(), refused.errors()


def no_rolling(folder):
    pool = testnet4(folder, versionRolling=False)
    check(mine(folder, pool, "--shares", SHARES), pool)


def vardiff(folder):
    """The pool raises the difficulty while shares are under way."""
    pool = testnet4(folder, shareTime=1, retargetTime=5, rebroadcast=5)
    lode = mine(folder, pool)
    wait_for("shares at three difficulties", lambda: len({event["difficulty"] for event in accepted(lode)}) > 2, 200)
    lode.end()
    print(sorted({event["difficulty"] for event in accepted(lode)}), lode.summary())
    assert lode.summary()["shares_rejected"] == 0 and not pool.shares("invalid"), lode.errors()


def regtest(folder, node):
    """Each hash in two is a block. What is refused must be explained by a block that came first, and be little:
    lode says nothing more of a job that it knows to be over."""
    node.start()
    node.rpc("generatetoaddress", 17, node.address)  # the pool encodes the heights 1 to 16 wrongly
    pool = Pool(folder, node, 0.01).start()
    lode = mine(folder, pool, "--shares", 20 * SHARES).wait(280)
    reasons = {event["reason"] for event in lode.events("share") if event["result"] == "rejected"}
    print(lode.summary(), reasons, "height", node.height())
    assert lode.summary()["shares_accepted"] == 20 * SHARES
    assert not pool.shares("invalid") and all("job not found" in reason for reason in reasons), reasons
    assert lode.summary()["shares_rejected"] <= 4 * SHARES
    assert node.height() > 17


def knots(folder):
    for peer in ("knots", "pool"):
        install(peer)
    regtest(folder, Knots(folder, extra=["-vbparams=testdummy:-2:0"]))


def bcoin(folder):
    for peer in ("bcoin", "pool"):
        install(peer)
    regtest(folder, Bcoin(folder))


def proxies(folder):
    install("tools")
    pool = testnet4(folder)
    done = 0

    def through(*more, url=None):
        nonlocal done
        done += 3
        check(mine(folder, pool, "--shares", 3, *more, url=url), pool, 3)

    open_proxy, closed_proxy = Socks(folder), Socks(folder, "bob", "secret")
    through("-x", f"socks5://127.0.0.1:{open_proxy.port}")
    through("-x", f"socks5://bob:secret@127.0.0.1:{closed_proxy.port}")
    # the name is for the proxy to resolve, and for the certificate
    through("-x", f"socks5://127.0.0.1:{open_proxy.port}", "--tls-ca", pool.certificate,
            url=f"stratum+ssl://localhost:{pool.tls_port}")
    tunnel = Stunnel(folder, pool)
    through("--tls-ca", pool.certificate, url=f"stratum+ssl://127.0.0.1:{tunnel.port}")
    assert len(pool.shares("valid")) == done
    refused = mine(folder, pool, "-r", 0, "-x", f"socks5://bob:wrong@127.0.0.1:{closed_proxy.port}")
    assert refused.process.wait(60) == 2 and "user or password refused" in refused.errors(), refused.errors()


def resumed(lode, what, since, seconds=90):
    """Waits for a share of new work after what happened at since; says how long it took."""
    before = len(accepted(lode))
    wait_for("a share after " + what, lambda: len(accepted(lode)) > before, seconds)
    print(f"{what}: {time.monotonic() - since:.1f} s to the first share of new work")


def accepted(lode):
    return [event for event in lode.events("share") if event["result"] == "accepted"]


def killed(folder):
    """The pool is killed and restarted under load."""
    pool = testnet4(folder)
    lode = mine(folder, pool)
    wait_for("a share", lambda: accepted(lode))
    for round in range(int(os.environ.get("LODE_TEST_ROUNDS", "3"))):
        pool.stop()
        time.sleep(1)
        pool.start()
        resumed(lode, f"restart {round + 1}", time.monotonic())
    lode.end()
    assert lode.summary()["shares_rejected"] == 0, lode.errors()


def halted(folder):
    """The pool is there, but says nothing: a half-open connection, as far as lode can see."""
    pool = testnet4(folder)
    lode = mine(folder, pool)
    wait_for("a share", lambda: accepted(lode))
    pool.process.send_signal(signal.SIGSTOP)
    time.sleep(75)
    pool.process.send_signal(signal.SIGCONT)
    resumed(lode, "75 s of silence", time.monotonic(), 120)
    lode.end()
    reasons = [event.get("error", "") for event in lode.events("source")]
    assert any("no answer to a share" in reason for reason in reasons), reasons


def failover(folder):
    """A second pool takes over, and gives back."""
    for peer in ("knots", "pool"):
        install(peer)
    node = Testnet4(folder)
    node.start()
    first, second = Pool(folder, node, EASY, "first").start(), Pool(folder, node, EASY, "second").start()
    lode = mine(folder, first, "-o", second.url)
    wait_for("a share at the first", lambda: first.shares("valid"))
    first.stop()
    lost = time.monotonic()
    wait_for("a share at the second", lambda: second.shares("valid"))
    print(f"taken over: {time.monotonic() - lost:.1f} s")
    before = len(first.shares("valid"))
    first.start()
    back = time.monotonic()
    wait_for("a share at the first again", lambda: len(first.shares("valid")) > before, 120)
    print(f"given back: {time.monotonic() - back:.1f} s")
    lode.end()
    assert lode.summary()["shares_rejected"] == 0, lode.errors()


CASES = [tcp, tls, no_rolling, vardiff, knots, bcoin, proxies, killed, halted, failover]

if __name__ == "__main__":
    with Folder() as folder:
        {case.__name__: case for case in CASES}[sys.argv[1]](folder)

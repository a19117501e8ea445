#!/usr/bin/env python3
"""Mining at pools of Stratum V2: sv2.py CASE LODE. Exit status 77 where a peer cannot be had. LODE_TEST_SHARES: how
many; LODE_TEST_ROUNDS: how often a pool is killed."""
import json
import os
import subprocess
import sys
import time

from nodes import Folder, Knots, Lode, install, wait_for
from pools import Pool, Testnet4
from sv2_peers import OwnPool, SriPool, Templates, Translator

LODE = sys.argv[2]
SHARES = int(os.environ.get("LODE_TEST_SHARES", "200"))
TESTDUMMY_OFF = "-vbparams=testdummy:-2:0"


def own(folder, name="own", **settings):
    install("curves")
    return OwnPool(folder, name, **settings).start()


def provider(folder, node):
    for peer in ("knots", "curves"):
        install(peer)
    node.start()
    templates = Templates(folder, node).start()
    wait_for("a template", lambda: "template " in templates.output())
    return templates


def sri(folder, node, shares_per_minute=6000):
    install("sri")
    templates = provider(folder, node)
    return SriPool(folder, templates, node.address, shares_per_minute).start(), templates


def mine(folder, pool, *more, url=None):
    return Lode(LODE, folder, "-o", url or pool.url, "-u", pool.user, *more)


def check(lode, shares=SHARES):
    """So many shares acknowledged, and none refused."""
    summary = lode.wait(280).summary()
    print({key: summary[key] for key in ("shares_accepted", "shares_rejected", "stale", "unknown", "hardware_errors", "seconds")})
    assert summary["shares_accepted"] >= shares and summary["shares_rejected"] == 0, lode.errors()
    assert summary["hardware_errors"] == 0
    return summary


def accepted(lode):
    return [event for event in lode.events("share") if event["result"] == "accepted"]


def extended(folder):
    pool = own(folder)
    check(mine(folder, pool, "--shares", SHARES))
    assert len(pool.lines("share valid")) >= SHARES and not pool.lines("share invalid"), pool.output()
    opened = pool.lines("open extended bob.w1 ")
    # As the devices measured it when they were opened; 1e6 is what is said where nothing was measured.
    assert len(opened) == 1 and float(opened[0].split()[-1]) not in (0, 1e6), opened


def standard(folder):
    pool = own(folder)
    check(mine(folder, pool, "--shares", SHARES, "--sv2-channel", "standard"))
    assert pool.lines("open standard") and not pool.lines("share invalid"), pool.output()


def batches(folder):
    """Ten are acknowledged at once: five more than fit are sent, rather than waited for."""
    pool = own(folder, batch=10)
    check(mine(folder, pool, "--shares", 25), 25)
    assert not pool.lines("share invalid"), pool.output()


def groups(folder):
    """Jobs and blocks for the group, new ones all the time."""
    pool = own(folder, group=True, jobEvery=100, blockEvery=1500)
    check(mine(folder, pool, "--shares", SHARES))
    print(len(pool.lines("share valid")), pool.lines("share invalid")[:3])
    assert not [line for line in pool.lines("share invalid") if "stale" not in line], pool.output()


def vardiff(folder):
    """The target falls with every 40 shares, while others are under way."""
    pool = own(folder, retarget=40)
    lode = mine(folder, pool, "--shares", SHARES)
    check(lode)
    difficulties = {event["difficulty"] for event in accepted(lode)}
    print(sorted(difficulties))
    assert len(difficulties) >= 3 and not pool.lines("share invalid"), pool.output()


def killed(folder):
    pool = own(folder, shareBits=236)
    lode = mine(folder, pool)
    wait_for("a share", lambda: accepted(lode))
    for round in range(int(os.environ.get("LODE_TEST_ROUNDS", "3"))):
        pool.stop()
        time.sleep(1)
        pool.start()
        before, since = len(accepted(lode)), time.monotonic()
        wait_for("a share after the restart", lambda: len(accepted(lode)) > before)
        print(f"restart {round + 1}: {time.monotonic() - since:.1f} s to the first share")
    lode.end()
    assert lode.summary()["shares_rejected"] == 0, lode.errors()


def certificates(folder):
    """Each fault of a certificate is named, and mining goes on at the next pool."""
    good = own(folder, "good", shareBits=236)
    for fault, says in (("version", "version 1"), ("future", "not valid for another"), ("expired", "expired"),
                        ("authority", "not signed by the authority")):
        bad = own(folder, "bad-" + fault, fault=fault)
        before = len(good.lines("share valid"))
        lode = mine(folder, bad, "-o", good.url)
        wait_for("a share at the next pool", lambda: len(good.lines("share valid")) > before)
        lode.end()
        lost = [event["error"] for event in lode.events("source") if event["state"] == "lost"]
        assert lost and all(says in error for error in lost), (lost, lode.errors())
        assert not bad.lines("open"), bad.output()


def wrong_version(folder):
    """A pool of one version by the URL of the other: recognised, and said."""
    install("knots")
    install("pool")
    v2 = own(folder)
    node = Testnet4(folder)
    node.start()
    v1 = Pool(folder, node, 0.001).start()
    as_v1 = mine(folder, v2, "-r", 0, url=f"stratum+tcp://127.0.0.1:{v2.port}")
    assert as_v1.process.wait(60) == 2 and "as a pool of Stratum V2 does" in as_v1.errors(), as_v1.errors()
    as_v2 = mine(folder, v1, "-r", 0, url=f"stratum2+tcp://127.0.0.1:{v1.port}/{v2.key}")
    assert as_v2.process.wait(60) == 2 and "as a pool of Stratum V1 does" in as_v2.errors(), as_v2.errors()


def examine(pool, *more, rc=0):
    """lode doctor: what it found by rule, and its exit status."""
    done = subprocess.run([LODE, "doctor", pool.url, "-u", pool.user, "--listen", "3", "--format", "json", *more],
                          capture_output=True, text=True, timeout=200)
    found = {row["rule"]: row for row in map(json.loads, done.stdout.splitlines())}
    for row in found.values():
        print(f"{row['verdict']:7}{row['rule']:20}{row['seen']} ({row['source']})")
    assert done.returncode == rc, (done.returncode, done.stderr)
    return found


def broken(found):
    return {rule for rule, row in found.items() if row["verdict"] == "broken"}


def doctor(folder):
    """A pool that keeps the rules, deliberately bad shares included, and every fault of a certificate by its name."""
    pool = own(folder, blockEvery=1000)
    found = examine(pool, "--probe")
    assert not broken(found)
    for rule in ("handshake", "certificate-signed", "extended-channel", "standard-channel", "update-channel", "unknown-channel",
                 "unknown-job", "low-share", "stale-share", "good-share", "duplicate", "unknown-extension"):
        assert found[rule]["verdict"] == "ok", found[rule]
    for fault, rule in (("version", "certificate-version"), ("future", "certificate-time"), ("expired", "certificate-time"),
                        ("authority", "certificate-signed")):
        faulty = examine(own(folder, "bad-" + fault, fault=fault), rc=5)
        # A certificate is signed with its version and its times.
        assert broken(faulty) == {rule}, broken(faulty)


def mixed(folder):
    """Pools of both versions: one takes over, and gives back."""
    for peer in ("knots", "pool"):
        install(peer)
    node = Testnet4(folder)
    node.start()
    first, second = own(folder, shareBits=236), Pool(folder, node, 0.001).start()
    lode = mine(folder, second, "-o", second.url, url=first.url)
    wait_for("a share at the first", lambda: first.lines("share valid"))
    first.stop()
    wait_for("a share at the second", lambda: second.shares("valid"))
    before = len(first.lines("share valid"))
    first.start()
    wait_for("a share at the first again", lambda: len(first.lines("share valid")) > before, 120)
    lode.end()
    assert lode.summary()["shares_rejected"] == 0, lode.errors()


def sri_extended(folder):
    """On testnet4 no share is a block."""
    pool, _ = sri(folder, Testnet4(folder))
    check(mine(folder, pool, "--shares", SHARES))


def sri_standard(folder):
    pool, _ = sri(folder, Testnet4(folder))
    check(mine(folder, pool, "--shares", SHARES, "--sv2-channel", "standard"))


def sri_regtest(folder, *more):
    """Each share is a block. The node takes them; a share may come too late, after another's block."""
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    pool, templates = sri(folder, node)
    lode = mine(folder, pool, "--shares", SHARES, *more).wait(280)
    summary = lode.summary()
    print(summary, "height", node.height(), "blocks", len(templates.blocks()))
    assert summary["shares_accepted"] >= SHARES and summary["shares_rejected"] == 0, lode.errors()
    assert node.height() > SHARES / 2


def sri_regtest_standard(folder):
    sri_regtest(folder, "--sv2-channel", "standard")


def sri_killed(folder):
    pool, _ = sri(folder, Testnet4(folder))
    lode = mine(folder, pool)
    wait_for("a share", lambda: accepted(lode))
    pool.stop()
    time.sleep(1)
    pool.start()
    before = len(accepted(lode))
    wait_for("a share after the restart", lambda: len(accepted(lode)) > before, 90)
    lode.end()
    assert lode.summary()["shares_rejected"] == 0, lode.errors()


def sri_translator(folder):
    """lode speaks V1, the pool V2."""
    pool, _ = sri(folder, Testnet4(folder))
    translator = Translator(folder, pool, 6000).start()
    check(mine(folder, translator, "--shares", SHARES))
    acknowledged = f"last_sequence_number={SHARES // 10 * 10},"
    wait_for("the pool's answer to the last of them", lambda: acknowledged in translator.output())


def sri_doctor(folder):
    """The reference pool under lode doctor."""
    pool, _ = sri(folder, Testnet4(folder), 6)
    found = examine(pool, "--probe")
    assert not broken(found), broken(found)


def solo(folder, templates, node, *more):
    return Lode(LODE, folder, "-o", templates.url, "--network", "regtest", "--coinbase-addr", node.address, *more)


def template_blocks(folder):
    """50 blocks by template distribution, every one in the node's chain; the journal is empty at the end."""
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    templates = provider(folder, node)
    summary = solo(folder, templates, node, "--blocks", 50).wait().summary()
    print(summary, "height", node.height())
    assert summary["blocks"] == 50 and summary["blocks_rejected"] == 0 and summary["hardware_errors"] == 0
    assert node.height() == 50 and len(templates.blocks()) == 50, templates.output()
    block = node.rpc("getblock", node.rpc("getbestblockhash"), 2)
    assert block["tx"][0]["vout"][0]["scriptPubKey"]["address"] == node.address
    assert not os.listdir(os.path.join(folder, "data", "blocks-pending"))
    with open(os.path.join(folder, "data", "blocks.log")) as log:
        assert len([line for line in log if "accepted" in line]) == 50


def template_killed(folder):
    """The provider is killed under way: mining goes on at the next, and no block is refused."""
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    templates = provider(folder, node)
    lode = solo(folder, templates, node)
    for _ in range(3):
        reached = node.height() + 5
        wait_for("blocks", lambda: node.height() >= reached)
        templates.stop()
        before = len(lode.events("block"))
        templates.start()
        wait_for("a block after the restart", lambda: len(lode.events("block")) > before + 3)
    lode.end()
    summary = lode.summary()
    left = os.listdir(os.path.join(folder, "data", "blocks-pending"))
    print(summary, "height", node.height(), "pending", len(left))
    assert summary["blocks_rejected"] == 0, lode.errors()
    assert summary["blocks"] + summary["unknown"] + summary["stale"] >= node.height()


CASES = [extended, standard, batches, groups, vardiff, killed, certificates, wrong_version, doctor, mixed, sri_extended,
         sri_standard, sri_regtest, sri_regtest_standard, sri_killed, sri_translator, sri_doctor, template_blocks, template_killed]

if __name__ == "__main__":
    with Folder() as folder:
        {case.__name__: case for case in CASES}[sys.argv[1]](folder)

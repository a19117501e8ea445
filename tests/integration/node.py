#!/usr/bin/env python3
"""Mining on real nodes: node.py CASE LODE LATENCY_PROGRAM. Exit status 77 where the node cannot be had."""
import hashlib
import json
import os
import random
import signal
import struct
import subprocess
import sys
import time

from nodes import Bcoin, Folder, Knots, Lode, install, wait_for
from proxy import Proxy

LODE, LATENCY = sys.argv[2], sys.argv[3]
LATE = float(os.environ.get("LODE_TEST_LATE", "5"))  # seconds that a late node lets wait
TESTDUMMY_OFF = "-vbparams=testdummy:-2:0"


def mine(folder, node, blocks, *more, url=None, network="regtest", address=None):
    return Lode(LODE, folder, "-o", url or node.url, "--coinbase-addr", address or node.address, "--network", network,
                "--blocks", blocks, *more)


def check(lode, blocks):
    summary = lode.summary()
    print({key: summary[key] for key in ("blocks", "blocks_rejected", "stale", "hardware_errors", "seconds")})
    assert summary["blocks"] == blocks and summary["blocks_rejected"] == 0 and summary["stale"] == 0, lode.errors()
    assert summary["hardware_errors"] == 0
    assert not pending(lode), pending(lode)


def pending(lode):
    folder = os.path.join(lode.arguments[lode.arguments.index("--data-dir") + 1], "blocks-pending")
    return os.listdir(folder) if os.path.isdir(folder) else []


def from_zero(node, folder, blocks=450):
    node.start()
    check(mine(folder, node, blocks).wait(), blocks)
    assert node.height() == blocks, node.height()


def knots(folder):
    install("knots")
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    from_zero(node, folder)
    return node


def threads(folder):
    """With one RPC thread, which a long poll would hold, the node goes on answering others while it is mined on."""
    install("knots")
    node = Knots(folder, extra=[TESTDUMMY_OFF, "-rpcthreads=1"])
    node.start()
    lode = mine(folder, node, 20)
    waits = []
    while lode.process.poll() is None:
        asked = time.monotonic()
        node.rpc("getblockcount")
        waits.append(time.monotonic() - asked)
        time.sleep(0.1)
    print(f"getblockcount: {len(waits)} answers, the slowest after {max(waits):.3f} s")
    check(lode.wait(), 20)
    assert max(waits) < 5, waits
    return node


def signalling(folder):
    """Version bit 28, inside the rolled mask, is signalled from height 144 and locks in: rolling leaves it alone."""
    install("knots")
    node = Knots(folder, extra=["-vbparams=testdummy:0:9223372036854775807"])
    from_zero(node, folder)
    deployment = node.rpc("getdeploymentinfo")["deployments"]["testdummy"]
    print("testdummy:", deployment["bip9"]["status"])
    assert deployment["active"], deployment
    return node


def bcoin(folder):
    """Segwit activates on the way, at height 432."""
    install("bcoin")
    node = Bcoin(folder)
    from_zero(node, folder)
    # Serialized size shows the 36 bytes of the coinbase's witness.
    for height, witness in ((431, False), (440, True)):
        block = bytes.fromhex(node.rpc("getblock", node.rpc("getblockhash", height), 0))
        assert (block[85:87] == b"\0\1") == witness, (height, block[81:100].hex())
    return node


def true_script():
    """A P2WSH output that anybody can spend: its witness script is OP_TRUE."""
    return b"\0\x20" + hashlib.sha256(b"\x51").digest()


def bech32_address(hrp, script):
    digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    groups, bits, value = [0], 0, 0
    for byte in script[2:]:
        value, bits = value << 8 | byte, bits + 8
        while bits >= 5:
            bits -= 5
            groups.append(value >> bits & 31)
    if bits:
        groups.append(value << 5 - bits & 31)

    def polymod(values):
        check = 1
        for v in values:
            top, check = check >> 25, (check & 0x1ffffff) << 5 ^ v
            for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
                check ^= g if top >> i & 1 else 0
        return check
    head = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
    check = polymod(head + groups + [0] * 6) ^ 1
    return hrp + "1" + "".join(digits[g] for g in groups + [check >> 5 * (5 - i) & 31 for i in range(6)])


def spend(txid, value):
    """Output 0 of txid, which pays true_script(), to itself; the transaction as hex, and its id."""
    script = true_script()
    core = (b"\1" + bytes.fromhex(txid)[::-1] + struct.pack("<I", 0) + b"\0" + b"\xfd\xff\xff\xff" + b"\1" +
            struct.pack("<q", value) + bytes([len(script)]) + script)
    plain = struct.pack("<i", 2) + core + b"\0\0\0\0"
    whole = struct.pack("<i", 2) + b"\0\1" + core + b"\1\1\x51" + b"\0\0\0\0"
    double = hashlib.sha256(hashlib.sha256(plain).digest()).digest()
    return whole.hex(), double[::-1].hex()


def mempool(folder):
    """Transactions with witnesses, one of them of another unconfirmed one, end up in the next block."""
    install("knots")
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    node.start()
    address = bech32_address("bcrt", true_script())
    check(mine(folder, node, 120, address=address).wait(), 120)
    sent = []
    for height in range(1, 11):
        coinbase = node.rpc("getblock", node.rpc("getblockhash", height))["tx"][0]
        value = 50 * 10**8
        for _ in range(2):
            value -= 10_000
            raw, coinbase = spend(coinbase, value)
            assert node.rpc("sendrawtransaction", raw) == coinbase
            sent.append(coinbase)
    assert len(node.rpc("getrawmempool")) == len(sent)
    # A node remakes its template for new transactions every few seconds, for a new tip at once.
    check(mine(folder, node, 2, address=address).wait(), 2)
    assert node.rpc("getrawmempool") == []
    got = []
    for height in (121, 122):
        block = node.rpc("getblock", node.rpc("getblockhash", height), 2)
        got += [tx["txid"] for tx in block["tx"][1:]]
        reward, fees = block["tx"][0]["vout"][0]["value"], (len(block["tx"]) - 1) * 0.0001
        print(f"block {height}: {len(block['tx']) - 1} transactions of the mempool, reward {reward}")
        assert abs(reward - 50 - fees) < 1e-9
    assert sorted(got) == sorted(sent), (got, sent)
    return node


def signet(folder):
    """Blocks of real difficulty on a signet whose challenge is OP_TRUE: about 4.9 million hashes each."""
    install("knots")
    node = Knots(folder, chain="signet")
    node.start()
    blocks = int(os.environ.get("LODE_TEST_SIGNET_BLOCKS", "2"))
    check(mine(folder, node, blocks, network="signet").wait(280), blocks)
    header = node.rpc("getblockheader", node.rpc("getbestblockhash"))
    print("height", header["height"], "bits", header["bits"], "difficulty", header["difficulty"])
    assert header["bits"] == "1e0377ae" and header["height"] == blocks
    return node


def signed_signet(folder):
    """Ten blocks of a signet with one key, signed by the node's wallet, a second apart, followed by P2P too."""
    install("knots")
    # The key 1, whose addresses are BIP 173's examples.
    node = Knots(folder, chain="signet", extra=["-disablewallet=0"],
                 challenge="0014751e76e8199196d454941c45d1b3a323f1433bd6")
    node.start()
    refused = mine(folder, node, 1, "--retries", 0, network="signet")
    assert refused.process.wait(60) == 2, refused.errors()
    assert "No wallet is loaded" in refused.errors(), refused.errors()
    node.rpc("createwallet", "signer")
    key = node.rpc("getdescriptorinfo", "wpkh(cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA)")
    descriptor = "wpkh(cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA)#" + key["checksum"]
    assert node.rpc("importdescriptors", [{"desc": descriptor, "timestamp": "now"}])[0]["success"]
    began = time.monotonic()
    lode = mine(folder, node, 10, "--block-interval", 1, "--peer", f"127.0.0.1:{node.peer_port}", network="signet").wait(120)
    took = time.monotonic() - began
    check(lode, 10)
    assert took > 9, took  # nine pauses
    assert node.height() == 10, node.height()
    verdicts = {event["verdict"] for event in lode.events("judgement")}
    assert "tip" in verdicts and not verdicts - {"tip", "ahead", "behind"}, verdicts
    block = node.rpc("getblock", node.rpc("getbestblockhash"), 2)
    commitment = block["tx"][0]["vout"][-1]["scriptPubKey"]["hex"]
    assert commitment[76:].find("ecc7daa2") >= 0, commitment
    print(f"10 signed blocks in {took:.1f} s, verdicts {verdicts}, the last commitment {commitment}")
    return node


def killed(folder):
    """lode is killed after a block is found and before the node hears of it."""
    install("knots")
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    node.start()
    with Proxy(node.port, hold="submitblock") as proxy:
        lode = mine(folder, node, 5, url=proxy.url(node))
        wait_for("a block is held by the proxy", lambda: proxy.held)
        lode.kill()
        assert node.height() == 0 and len(pending(lode)) == 1, pending(lode)
        block = pending(lode)[0].removesuffix(".json")
    lode = mine(folder, node, 1).wait()
    check(lode, 1)
    assert node.rpc("getblockheader", block)["confirmations"] == 2 and node.height() == 2
    print("block", block, "is in the chain after kill -9 and a new start")
    return node


def chaos(folder):
    """lode is killed again and again at any moment, the node is restarted between: every block found is in the chain."""
    install("knots")
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    node.start()
    moments = random.Random(1)
    announced = set()
    for turn in range(6):
        before = node.height()
        lode = mine(folder, node, 100_000)
        wait_for("some blocks", lambda: node.height() > before + 20)
        time.sleep(moments.uniform(0, 0.3))
        if turn % 3 == 2:
            node.stop()
            time.sleep(moments.uniform(0, 0.5))
        lode.kill()
        if turn % 3 == 2:
            node.start()
        announced |= {event["hash"] for event in lode.events("block") if event["result"] == "accepted"}
        announced |= {name.removesuffix(".json") for name in pending(lode) if name.endswith(".json")}
        assert not [event for event in lode.events("block") if event["result"] == "rejected"]
    lode = mine(folder, node, 1).wait()
    left = [name for name in pending(lode) if name.endswith(".json")]  # a torn draft was never acknowledged
    assert not left, left
    chain = {node.rpc("getblockhash", height) for height in range(1, node.height() + 1)}
    with open(os.path.join(folder, "data", "blocks.log")) as log:
        outcomes = {entry["hash"]: entry["outcome"] for entry in map(json.loads, log)}
    # A pending block may prove stale: killed between two, lode mines beside it until it is submitted again.
    lost = {block for block in announced - chain if not outcomes.get(block, "").startswith("stale")}
    print(f"{len(announced)} blocks over 6 kill -9 and 2 restarts of the node, {len(announced - chain)} stale, "
          f"{len(lost)} lost")
    assert not lost, lost
    return node


def failover(folder):
    """The second node while the first is down, and back to the first."""
    install("knots")
    os.mkdir(os.path.join(folder, "second"))
    first, second = (Knots(place, extra=[TESTDUMMY_OFF]) for place in (folder, os.path.join(folder, "second")))
    second.start()
    lode = mine(folder, first, 100_000, "-o", second.url)
    wait_for("blocks on the second node", lambda: second.height() > 50)
    first.start()
    wait_for("blocks on the first node", lambda: first.height() > 50, 90)
    lode.end()
    print("failed over and came back:", second.height(), "and", first.height(), "blocks")
    assert not [event for event in lode.events("block") if event["result"] == "rejected"]
    second.stop()
    return first


def restart(folder):
    """The node is restarted in mid-run, with a new cookie, and nothing is lost."""
    install("knots")
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    node.start()
    blocks = 1500
    lode = mine(folder, node, blocks, "--rpc-cookie", node.cookie, url=f"http://127.0.0.1:{node.port}")
    wait_for("some blocks", lambda: node.height() > 100)
    node.stop()
    print("stopped the node after", len(lode.events("block")), "blocks")
    time.sleep(2)
    node.start()
    check(lode.wait(), blocks)
    assert node.height() == blocks, node.height()
    return node


def late(folder):
    """The node starts after lode; later it says nothing for as long."""
    install("knots")
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    blocks = 1500
    lode = mine(folder, node, blocks)
    time.sleep(LATE)
    node.start()
    wait_for("some blocks", lambda: node.height() > 100)
    node.process.send_signal(signal.SIGSTOP)
    time.sleep(LATE)
    node.process.send_signal(signal.SIGCONT)
    check(lode.wait(240), blocks)
    assert node.height() == blocks, node.height()
    print(f"late by {LATE} s at the start and in mid-run")
    return node


def tls(folder):
    """https, with a certificate that the system does not know."""
    install("knots")
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    node.start()
    key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out",
                    certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                   check=True, capture_output=True)
    with Proxy(node.port, tls=(certificate, key)) as proxy:
        check(mine(folder, node, 20, "--tls-ca", certificate, url=proxy.url(node)).wait(), 20)
        refused = mine(folder, node, 1, "--retries", 1, url=proxy.url(node))
        assert refused.process.wait(60) == 2, refused.errors()
        print(refused.errors().strip().splitlines()[-1])
    return node


def rules(folder):
    """A rule marked '!' that lode does not know: the template is refused by name."""
    install("knots")
    node = Knots(folder, extra=[TESTDUMMY_OFF, "-testactivationheight=blake2b@5"])
    node.start()
    lode = mine(folder, node, 10)
    code = lode.process.wait(60)
    print(code, lode.errors().strip().splitlines()[-1])
    assert code == 2 and "'blake2b' rule" in lode.errors() and node.height() == 4, (code, node.height(), lode.errors())
    return node


def latency(folder):
    """Milliseconds from a tip to the first nonce scanned on it: printed, not asserted."""
    install("knots")
    node = Knots(folder, extra=[TESTDUMMY_OFF])
    node.start()
    done = subprocess.run([LATENCY, node.url, node.address, "50"], capture_output=True, text=True, timeout=120)
    print(done.stdout.strip())
    assert done.returncode == 0, done.stderr
    return node


if __name__ == "__main__":
    with Folder() as place:
        globals()[sys.argv[1]](place).stop()

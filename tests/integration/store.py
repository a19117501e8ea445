#!/usr/bin/env python3
"""The header store when things go wrong: store.py CASE LODE. Needs nothing but lode: it makes its own regtest chain,
which costs two hashes a block. Exit status 77: skipped, with the reason."""
import hashlib
import json
import os
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time

COUNT = 120_000  # headers after genesis: several batches of an import
PROLOGUE, RECORD = 64, 84


def hash_of(header):
    return hashlib.sha256(hashlib.sha256(header).digest()).digest()


def make_chain(count):
    """Raw regtest headers from genesis on."""
    root = bytes.fromhex("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b")[::-1]
    when = 1296688602
    headers = [struct.pack("<I32s32sIII", 1, bytes(32), root, when, 0x207fffff, 2)]
    for _ in range(count):
        when += 60
        front = struct.pack("<I32s32sII", 0x20000000, hash_of(headers[-1]), bytes(32), when, 0x207fffff)
        nonce = 0
        while hash_of(front + struct.pack("<I", nonce))[31] >= 0x7f:
            nonce += 1
        headers.append(front + struct.pack("<I", nonce))
    return headers


class Chain:
    def __init__(self, lode):
        self.lode = lode
        self.dir = tempfile.mkdtemp(prefix="lode-store-")
        self.data = os.path.join(self.dir, "data")
        self.store = os.path.join(self.data, "regtest", "headers.dat")
        self.headers = make_chain(COUNT)
        self.input = os.path.join(self.dir, "chain.bin")
        with open(self.input, "wb") as file:
            file.write(b"".join(self.headers))

    def command(self, name, *arguments, data=None):
        return [self.lode, "chain", name, *arguments, "--network", "regtest", "--format", "json",
                "--data-dir", data or self.data]

    def run(self, name, *arguments, **options):
        return subprocess.run(self.command(name, *arguments), capture_output=True, text=True, timeout=120, **options)

    def json(self, name, *arguments, code=0):
        done = self.run(name, *arguments)
        assert done.returncode == code, (name, done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def complete(self):
        """Whatever happened before: an import now makes it whole."""
        done = self.json("import", self.input)
        assert done["ok"] and done["headers"] == COUNT + 1 and done["height"] == COUNT, done
        check = self.json("verify")
        assert check["ok"] and check["remarks"] == [] and check["headers"] == COUNT + 1, check


def killed(chain, times=200):
    """kill -9 at any point of an import: what it said is stored is there, and the file is read without complaint."""
    rng = random.Random(6)
    cuts = complete = 0
    acknowledged_most = 0
    for _ in range(times):
        process = subprocess.Popen(chain.command("import", chain.input), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        acknowledged = 0
        for _ in range(rng.randrange(0, 9)):
            line = process.stdout.readline()
            if not line:
                break
            acknowledged = json.loads(line)["headers"]
        time.sleep(rng.random() * rng.choice([0.001, 0.01, 0.1]))
        process.kill()
        rest, errors = process.communicate()
        for line in rest.splitlines(keepends=True):
            if line.endswith("\n"):
                acknowledged = json.loads(line)["headers"]
        cuts += "cut" in errors
        found = chain.json("status")
        assert found["headers"] >= acknowledged, (found, acknowledged)
        assert found["height"] == found["headers"] - 1
        acknowledged_most = max(acknowledged_most, acknowledged)
        if found["headers"] == COUNT + 1:
            complete += 1
            shutil.rmtree(chain.data)
    chain.complete()
    print(f"{times} times killed: nothing acknowledged was lost; {complete} had come to their end, "
          f"{cuts} found an unfinished record to cut, most acknowledged {acknowledged_most}")


def full_disk(chain):
    """A limit on the file's size, then a file system with no room."""
    limit = 3_000_000
    done = chain.run("import", chain.input,
                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert done.returncode == 1 and "cannot write" in done.stderr, (done.returncode, done.stderr)
    print("limit:", done.stderr.strip())
    found = chain.json("status")
    assert 0 < found["headers"] < COUNT and os.path.getsize(chain.store) == PROLOGUE + RECORD * found["headers"]
    chain.complete()

    small = os.path.join(chain.dir, "small")
    os.mkdir(small)
    script = ('mount -t tmpfs -o size=2m none "$0" && "$@"; code=$?; "${1}" chain status --network regtest '
              '--format json --data-dir "$0"; exit $code')
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script, small,
                           *chain.command("import", chain.input, data=small)], capture_output=True, text=True)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        print("no file system of our own here:", done.stderr.strip())
        return
    print("tmpfs:", done.stderr.strip())
    assert done.returncode == 1 and "No space left" in done.stderr, (done.returncode, done.stderr)
    left = json.loads(done.stdout.splitlines()[-1])
    assert 0 < left["headers"] < COUNT, left


def damaged(chain, times=30):
    """A wrong byte, several, and a cut anywhere: named, the good part kept, the bad file set aside; an import mends it."""
    rng = random.Random(7)
    chain.complete()
    good = open(chain.store, "rb").read()
    for i in range(times):
        record = rng.randrange(1, COUNT + 1)
        at = PROLOGUE + RECORD * record + rng.randrange(RECORD - 8)
        bad = bytearray(good)
        for k in range(1 if i % 2 == 0 else 4):
            bad[at + k] ^= rng.randrange(1, 256)
        with open(chain.store, "wb") as file:
            file.write(bad)
        check = chain.json("verify", code=1)
        assert not check["ok"] and f"record {record} " in check["remarks"][0], (at, check)
        assert check["headers"] == (COUNT + 1 if i % 2 == 0 else record), (at, check)
        if i < 2:
            print("damaged:", *check["remarks"], sep="\n  ")
        chain.complete()
        aside = chain.store + ".damaged-1"
        assert open(aside, "rb").read() == bad
        os.remove(aside)
        assert open(chain.store, "rb").read() == good
    for i in range(times):
        size = rng.randrange(PROLOGUE + RECORD, len(good))
        os.truncate(chain.store, size)
        check = chain.json("verify")
        assert check["ok"] and check["headers"] == (size - PROLOGUE) // RECORD, (size, check)
        done = chain.run("import", chain.input)
        assert done.returncode == 0, done.stderr
        torn = (size - PROLOGUE) % RECORD
        assert (f"cut {torn} bytes" in done.stderr) == (torn > 0), (torn, done.stderr)
        if i == 0:
            print("truncated:", done.stderr.strip())
        assert open(chain.store, "rb").read() == good
    print(f"{times} damaged records and {times} cuts: each found, each mended")


def read_while_written(chain):
    """status and show need no lock; a second writer is told who holds it."""
    process = subprocess.Popen(chain.command("import", "-"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    data = b"".join(chain.headers)
    process.stdin.write(data[:5_000_000])
    process.stdin.flush()
    process.stdout.readline()
    found = chain.json("status")
    assert 1 < found["headers"] < COUNT, found
    assert chain.json("show", "1")["height"] == 1
    second = chain.run("import", chain.input)
    assert second.returncode == 1 and f"process {process.pid} (import)" in second.stderr, second.stderr
    print("second writer:", second.stderr.strip())
    process.stdin.write(data[5_000_000:])
    process.stdin.close()
    assert process.wait(60) == 0
    chain.complete()


if __name__ == "__main__":
    cases = {f.__name__: f for f in (killed, full_disk, damaged, read_while_written)}
    chain = Chain(os.path.abspath(sys.argv[2]))
    try:
        cases[sys.argv[1]](chain)
    finally:
        shutil.rmtree(chain.dir, ignore_errors=True)

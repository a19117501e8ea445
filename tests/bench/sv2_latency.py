#!/usr/bin/env python3
"""From a pool's new block to the first scan on it, Stratum V2 and V1 by turns: sv2_latency.py LODE [ROUNDS]. The pool is
that of the integration tests; V1 is spoken by the reference translator before it."""
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from nodes import Folder, Lode, install
from sv2_peers import OwnPool, Translator

SECONDS = 10


def latencies(folder, lode, url, user):
    """Of every block after the first, in microseconds, as lode reports them."""
    mining = Lode(lode, folder, "-o", url, "-u", user, "--time-limit", SECONDS, "-t", 1)
    return [event["latency_us"] for event in mining.wait(10 * SECONDS).events("started")][1:]


def main(lode, rounds):
    for peer in ("curves", "sri"):
        install(peer)
    with Folder() as folder:
        pool = OwnPool(folder, shareBits=224, blockEvery=100).start()
        translator = Translator(folder, pool, 60).start()
        found = {"V2": [], "V1": []}
        for _ in range(rounds):
            for version, url in (("V2", pool.url), ("V1", translator.url)):
                times = latencies(folder, lode, url, pool.user)
                found[version] += times
                print(version, len(times), "blocks, median", statistics.median(times), "us", flush=True)
                time.sleep(1)
        for version, times in found.items():
            times.sort()
            print(f"{version}: {len(times)} blocks, median {statistics.median(times):.0f} us, "
                  f"10 % {times[len(times) // 10]:.0f}, 90 % {times[len(times) * 9 // 10]:.0f}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)

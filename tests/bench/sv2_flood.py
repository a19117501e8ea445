#!/usr/bin/env python3
"""What a pool that sends 10,000 jobs a second costs, by turns with one that sends none: sv2_flood.py LODE [ROUNDS]. The pool
is that of the integration tests."""
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from nodes import Folder, Lode, install
from sv2_peers import OwnPool

SECONDS = 10


def cpu_seconds(process):
    """Of the io thread, which is the first."""
    with open(f"/proc/{process.pid}/task/{process.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def mine(lode, name, **settings):
    """Hashes a second."""
    with Folder() as folder:
        pool = OwnPool(folder, shareBits=232, **settings).start()
        run = Lode(lode, folder, "-o", pool.url, "-u", pool.user, "--time-limit", SECONDS, "-t", 1)
        time.sleep(SECONDS - 2)
        busy = cpu_seconds(run.process) / (SECONDS - 2)
        summary = run.wait(10 * SECONDS).summary()
        pool.stop()
        counts = [int(line.split()[1]) for line in pool.lines("jobs ")]
        jobs = (counts[-1] - counts[0]) / (len(counts) - 1) if len(counts) > 1 else 0
        rate = summary["hashes"] / summary["seconds"]
        print(f"{name}: {rate / 1e6:.1f} MH/s, {jobs:.0f} jobs/s, io thread {100 * busy:.0f} % of a core, {summary['shares_accepted']} shares accepted, "
              f"{summary['shares_rejected']} refused, {summary['stale']} stale", flush=True)
        return rate


def main(lode, rounds):
    install("curves")
    quiet, flooded = [], []
    for _ in range(rounds):
        quiet.append(mine(lode, "no flood"))
        flooded.append(mine(lode, "flood", jobRate=10_000))
    print(f"ratio of the medians {statistics.median(flooded) / statistics.median(quiet):.3f}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3)

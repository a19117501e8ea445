#!/usr/bin/env python3
"""Instructions that the Arm kernels execute a hash, counted under qemu-user one by one.

arm64_counts.py LODE_SCAN_ONCE                        compares the SHA-2 instructions with EXPECTED
arm64_counts.py LODE_SCAN_ONCE --table                prints all kernels and counts, for tests/bench/RESULTS.md
arm64_counts.py --program PROGRAM HASHES_A_NONCE ARGUMENTS...  counts another program, run with ARGUMENTS and a count of nonces

The difference of two runs that differ in their nonces alone: what comes before and after a scan cancels out. Programs are
static, at fixed addresses.
"""
import collections
import re
import subprocess
import sys
import tempfile
from pathlib import Path

NONCES = (64, 128)
# Of these a hash needs 30 groups of four rounds, two instructions each but for the last, and of the schedules of second hash
# and header 21.5 and 19; the latter is shared by the variants.
EXPECTED = {1: 59 + 21.5 + 19, 8: 59 + 21.5 + 19 / 8}
KINDS = {
    "SHA-2": r"sha256",
    "vector arithmetic": r"(add|eor|and|bic|orr|bsl|bit|bif|shl|sri|sli|ushr|rev32|ext|cmh[is]|addv|movi|mvni|dup|ins|zip\d|uzp\d)\S* v",
    "vector moves": r"mov\S* v",
    "loads": r"ld",
    "stores": r"st",
}


def mnemonics(program):
    listing = subprocess.run(["aarch64-linux-gnu-objdump", "-d", "--no-show-raw-insn", program], check=True, capture_output=True,
                             text=True).stdout
    return {int(m[1], 16): f"{m[2]} {m[3]}" for m in re.finditer(r"^\s*([0-9a-f]+):\s+(\S+)[ \t]*(.*)$", listing, re.M)}


def executed(program, arguments):
    qemu = "qemu-aarch64"
    one = "-one-insn-per-tb" if "one-insn-per-tb" in subprocess.run([qemu, "-help"], capture_output=True, text=True).stdout else "-singlestep"
    with tempfile.NamedTemporaryFile() as log:
        subprocess.run([qemu, one, "-d", "exec,nochain", "-D", log.name, program, *arguments], check=True, stdout=subprocess.DEVNULL)
        return collections.Counter(int(pc, 16) for pc in re.findall(r"\[[0-9a-f]+/([0-9a-f]+)/", Path(log.name).read_text()))


def a_hash(program, arguments, hashes_a_nonce):
    few, many = (executed(program, [*arguments, str(nonces)]) for nonces in NONCES)
    many.subtract(few)
    text = mnemonics(program)
    hashes = (NONCES[1] - NONCES[0]) * hashes_a_nonce
    counts = dict.fromkeys(["all", *KINDS], 0)
    for address, times in many.items():
        counts["all"] += times / hashes
        kind = next((kind for kind, pattern in KINDS.items() if re.match(pattern, text[address])), None)
        if kind:
            counts[kind] += times / hashes
    return counts


def row(name, counts):
    print(f"| {name} | " + " | ".join(f"{value:.1f}" for value in counts.values()) + " |")


def main(arguments):
    if arguments[0] == "--program":
        row(arguments[1], a_hash(arguments[1], arguments[3:], int(arguments[2])))
    elif arguments[1:] == ["--table"]:
        for kernel in ("arm-sha2", "neon"):
            for variants in (1, 2, 4, 8):
                row(f"{kernel}, {variants}", a_hash(arguments[0], [kernel, str(variants)], variants))
    else:
        for variants, expected in EXPECTED.items():
            found = a_hash(arguments[0], ["arm-sha2", str(variants)], variants)["SHA-2"]
            print(f"arm-sha2, {variants} variants: {found} SHA-2 instructions a hash, {expected} expected")
            if found != expected:
                return 1
    return 0


sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""What Clang makes of scan.cl for AMD's GPUs: vector (VALU) instructions a hash, registers, spills, occupancy.

amd_counts.py SOURCE-DIRECTORY          compares with EXPECTED; exit code 1: a difference, 77: no Clang knows a chip
amd_counts.py SOURCE-DIRECTORY --table  prints them all, for tests/bench/RESULTS.md

Every wave executes what is outside the loop over variants once and the loop once a variant. What only a hit executes is
left out. Scalar instructions run beside the vectors' and are not counted.
"""
import collections
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FORMS = {"rotate": [], "bitselect": ["-DLODE_USE_BITSELECT"], "add3": ["-DLODE_USE_ADD3=1"], "xoradd": ["-DLODE_USE_ADD3=2"]}
Expected = collections.namedtuple("Expected", "form outside loop")  # of the best form
GCN = Expected("xoradd", 421, 2350)
RDNA = Expected("add3", 385, 2189)
EXPECTED = {"gfx906": GCN, "gfx90a": GCN, "gfx942": GCN, "gfx1030": RDNA, "gfx1100": RDNA, "gfx1201": RDNA}
TOLERANCE = 0.01
MOST_REGISTERS = 100  # more would leave a SIMD of gfx906 with two waves
INPUTS = ["opencl/words.cl", "sha256_constants.h", "sha256_prepared.h", "sha256_rounds.h", "opencl/scan.cl"]
CLANGS = ["clang-19", "clang-18", "clang-17", "clang-16", "clang-15", "clang"]


class Counts:
    """The kernel "scan" in an assembly listing."""

    def __init__(self, listing):
        body = listing[listing.index("\nscan:"):]
        block = "outside"
        self.blocks = collections.defaultdict(collections.Counter)
        for line in body[:body.index(".Lfunc_end")].splitlines():
            if re.match(r"\.LBB|; %bb", line):
                block = "loop" if "Loop Header" in line else "hit" if "in Loop" in line else "outside"
            if instruction := re.match(r"\s+(v_\w+)", line):
                self.blocks[block][re.sub(r"(_e32|_e64|_dpp|_sdwa)+$", "", instruction[1])] += 1
        number = lambda name: int(re.search(rf"; {name}:? =? ?(\d+)", body)[1])
        self.registers, self.scratch, self.occupancy = number("NumVgprs"), number("ScratchSize"), number("Occupancy")
        self.bytes = number("codeLenInByte")

    def outside(self):
        return sum(self.blocks["outside"].values())

    def loop(self):
        return sum(self.blocks["loop"].values())

    def a_hash(self, variants):
        return self.outside() / variants + self.loop()

    def of(self, *names):  # with one variant
        both = self.blocks["outside"] + self.blocks["loop"]
        return sum(count for name, count in both.items() if name.startswith(names))


def compiler_for(chip):
    for clang in filter(shutil.which, CLANGS):
        known = subprocess.run([clang, "--target=amdgcn-amd-amdhsa", f"-mcpu={chip}", "-nogpulib", "-x", "cl", "-fsyntax-only",
                                "/dev/null"], capture_output=True)
        if known.returncode == 0:
            return clang
    return None


def count(clang, chip, form, source, builtins):
    command = [clang, "-x", "cl", "-cl-std=CL1.2", "--target=amdgcn-amd-amdhsa", f"-mcpu={chip}", "-nogpulib", "-O3", "-Xclang",
               "-finclude-default-header", "-D__OPENCL_VERSION__=120", "-include", str(builtins), "-DLODE_VECTOR=1",
               "-DLODE_WORK_GROUP=64", *FORMS[form], "-S", "-o", "-", str(source)]
    return Counts(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    root = Path(sys.argv[1])
    table = "--table" in sys.argv[2:]
    wrong = counted = 0
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "scan.cl")  # as EmbedSource.cmake joins it
        lines = "".join((root / "kernels" / name).read_text() + "\n" for name in INPUTS).splitlines()
        source.write_text("\n".join(line for line in lines if not re.match(r'#(include "|pragma once)', line)))
        for chip, expected in EXPECTED.items():
            clang = compiler_for(chip)
            if not clang:
                print(f"{chip}: no Clang here knows it")
                continue
            for form in FORMS if table else [expected.form]:
                c = count(clang, chip, form, source, root / "tests/kernels/amd_builtins.cl")
                counted += 1
                print(f"| {chip} | {form} | {c.a_hash(1):,.0f} | {c.a_hash(8):,.0f} | {c.of('v_alignbit', 'v_perm')} | {c.of('v_bfi')} | "
                      f"{c.of('v_xor3')} | {c.of('v_add3')} | {c.of('v_xad')} | {c.of('v_xor_')} | {c.of('v_add_')} | "
                      f"{c.registers} | {c.scratch} | {c.occupancy} | {c.bytes} | {clang} |")
                good = (abs(c.outside() - expected.outside) <= TOLERANCE * expected.outside
                        and abs(c.loop() - expected.loop) <= TOLERANCE * expected.loop
                        and c.registers <= MOST_REGISTERS and c.scratch == 0)
                if not table and not good:
                    wrong += 1
                    print(f"{chip}: {c.outside()} outside the loop, {c.loop()} in it; expected {expected.outside} and "
                          f"{expected.loop} within 1 %, at most {MOST_REGISTERS} registers, no spill", file=sys.stderr)
    return 1 if wrong else 0 if counted else 77


sys.exit(main())

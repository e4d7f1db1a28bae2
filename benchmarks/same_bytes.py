"""Whether a verdict depends on how busy the machine is: the same JSON bytes plain, beside busy loops, and by two processes.

Usage: python benchmarks/same_bytes.py [--nice N]

Lints some twenty circuits of the fixtures three times: as they are, at a low priority (19 unless given) beside two loops that
keep two processors busy, and with ``-j 2``. Prints each circuit's engine and the seconds of each run, and exits with 1 where
the bytes differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = [
    "tied/qaoa3r_n8_p1",
    "tied/qaoa3r_n16_p1",
    "tied/qaoa3r_n30_p1",
    "tied/qaoa3r_n12_p2_meanz",
    "tied/qaoa3r_n100_p2",
    "tied/qaoacomplete_n8_p2",
    "tied/qaoacomplete_n12_p2",
    "tied/qaoaring_n12_p2",
    "tied/uccsd_h2",
    "tied/uccsd_h4",
    "tied/uccsd_lih",
    "tied/tfim_n8_d8",
    "tied/xxz_n8_d4",
    "verdicts/even6",
    "verdicts/alike5",
    "verdicts/hea24_shallow",
    "verdicts/product14_local",
    "verdicts/product14_parity",
    "verdicts/product30_local",
    "verdicts/qaoa_k6",
]
LOOP = "while True: pass"


def run(*options: str, nice: int = 0) -> tuple[bytes, float]:
    """What is printed, and how many seconds passed."""
    files = [str(Path("fixtures") / f"{name}.qasm") for name in NAMES]
    command = [
        sys.executable,
        "-m",
        "bplint",
        "check",
        "--isolated",
        "--no-suggest",
        "--no-cache",
        "--format",
        "json",
        *options,
        *files,
    ]
    begin = time.monotonic()
    done = subprocess.run(["nice", "-n", str(nice), *command], cwd=ROOT, capture_output=True, check=False)
    return done.stdout, time.monotonic() - begin


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Whether a verdict depends on how busy the machine is.")
    parser.add_argument("--nice", type=int, default=19, help="priority of the run beside two busy loops")
    nice = parser.parse_args().nice
    plain, seconds = run()
    for circuit in json.loads(plain)["circuits"]:
        gradient = circuit["analyses"].get("gradient", {"status": "-"})
        print(f"{circuit['id']:44} {gradient['status']:12} {gradient.get('method', '-')}")
    print(f"plain: {len(plain):,} bytes in {seconds:.1f} s")
    loops = [subprocess.Popen([sys.executable, "-c", LOOP]) for _ in range(2)]
    try:
        busy = run(nice=nice)
    finally:
        for loop in loops:
            loop.kill()
    differ = False
    for name, (found, seconds) in {f"nice -n {nice} beside two loops": busy, "-j 2": run("-j", "2")}.items():
        differ |= found != plain
        print(f"{name}: {'the same' if found == plain else 'OTHER'} bytes in {seconds:.1f} s", flush=True)
    sys.exit(differ)


if __name__ == "__main__":
    main()

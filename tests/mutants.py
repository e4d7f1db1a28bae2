"""Breaks what each rule rests on, one comparison or sign at a time, and looks whether a test notices.

    python tests/mutants.py [RULE ...] [-j N]

A mutant is made in a copy of the sources, and some test of those named beside it must fail there; without the mutant all
of them pass. RULE is a code, or a room of the engines such as ``frame``. The table lists rule or room, mutant, and the test
that killed it. Exit code 1 if one survived.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutant import ROOT, Mutant
from mutants_of_rooms import OF_ROOMS
from mutants_of_rules import OF_RULES

SECONDS = 120
"""A mutant that takes longer is killed as well: no test here needs as much."""

MUTANTS = (*OF_RULES, *OF_ROOMS)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Break what each rule rests on and see a test fail.")
    parser.add_argument("rules", nargs="*", metavar="RULE", help="codes or rooms; all unless given")
    parser.add_argument("-j", type=int, default=1, dest="jobs", metavar="N", help="mutants at once")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.rules) - {mutant.rule for mutant in MUTANTS}:
        parser.error(f"no mutants of {', '.join(sorted(unknown))}")
    chosen = sorted(mutant for mutant in MUTANTS if not asked.rules or mutant.rule in asked.rules)
    killed = 0
    with ThreadPoolExecutor(asked.jobs) as pool:
        selections = list(dict.fromkeys(mutant.tests for mutant in chosen))
        failing = dict(zip(selections, pool.map(failure_of, selections), strict=True))
        failures = pool.map(lambda m: "" if failing[m.tests] else failure_of(m.tests, m), chosen)
        for mutant, failure in zip(chosen, failures, strict=True):
            killed += failure != ""
            told = f"FAILS WITHOUT IT: {failing[mutant.tests]}" if failing[mutant.tests] else failure or "SURVIVED"
            print(f"{mutant.rule} | {mutant} | {told}", flush=True)
    print(f"{killed} of {len(chosen)} mutants killed")
    return 0 if killed == len(chosen) else 1


def failure_of(tests: str, mutant: Mutant | None = None) -> str:
    """The first of the tests that fails on a copy of the sources, with the mutant if there is one; empty if none does."""
    with tempfile.TemporaryDirectory() as folder:
        for source in ("bplint", "rules"):
            shutil.copytree(ROOT / source, Path(folder, source))
        if mutant:
            file = Path(folder, mutant.file)
            file.write_text(mutant.made(file.read_text("utf-8")), "utf-8")
        paths = {
            "PYTHONPATH": os.pathsep.join([folder, str(Path(folder, "rules"))]),
            "PYTHONSAFEPATH": "1",  # else the sources in the current folder come first
            "HYPOTHESIS_STORAGE_DIRECTORY": str(Path(folder, "hypothesis")),
        }
        command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
        try:
            done = subprocess.run(
                [*command, *shlex.split(f"tests/{tests}")],
                cwd=ROOT,
                env=os.environ | paths,
                timeout=SECONDS,
                capture_output=True,
                text=True,
            )
        except subprocess.TimeoutExpired:
            return f"no end within {SECONDS} s"
    if done.returncode == 0:
        return ""
    failed = re.search(r"^FAILED (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    if done.returncode != 1 or not failed:
        raise RuntimeError(f"{mutant or tests}: the tests did not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return failed[1].partition("::")[2][:100]


if __name__ == "__main__":
    sys.exit(main())

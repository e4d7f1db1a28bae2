"""Breaks what each rule rests on, one comparison or sign at a time, and looks whether a test notices.

    python tests/mutants.py [RULE ...] [-j N]

A mutant is made in a copy of the sources, and some test of those named beside it must fail there; without the mutant all
of them pass. The table lists rule, mutant, and the test that killed it. Exit code 1 if one survived.
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
from typing import NamedTuple

ROOT = Path(__file__).parents[1]

SECONDS = 120
"""A mutant that takes longer is killed as well: no test here needs as much."""


class Mutant(NamedTuple):
    """``old``, which ``file`` has once, becomes ``new``; ``tests`` is a path in ``tests/``, with ``-k`` words if need be."""

    rule: str
    file: str
    old: str
    new: str
    tests: str

    def __str__(self) -> str:
        return f"{self.file}: {self.old} → {self.new}"

    def made(self, text: str) -> str:
        """The text of the file with the mutant in it. ``ValueError`` if it has no such place, or several."""
        if text.count(self.old) != 1 or self.new == self.old:
            raise ValueError(f"{self.rule}: want {self.old!r} once in {self.file}, and something else for it")
        return text.replace(self.old, self.new)


def _of_rule(code: str, old: str, new: str, tests: str = "") -> Mutant:
    """A mutant of the rule's own file; its examples notice unless other tests are named."""
    (file,) = (ROOT / "rules" / "bplint_rules").glob(f"{code.lower()}_*.py")
    return Mutant(code, file.relative_to(ROOT).as_posix(), old, new, tests or f"rules -k {code}")


def _of_analysis(code: str, name: str, old: str, new: str, tests: str = "") -> Mutant:
    """A mutant of ``analyses/name.py``; the tests of that file notice unless others in ``tests/analyses`` are named."""
    folder, slash, stem = name.rpartition("/")
    own = f"{folder}{slash}test_{stem}.py"
    return Mutant(code, f"bplint/analyses/{name}.py", old, new, f"analyses/{tests or own}")


_MUTANTS_OF_READING = (
    Mutant(
        "BP001",
        "bplint/importers/qasm/operands.py",
        "if lowest <= index < size:",
        "if lowest <= index <= size:",
        "importers/qasm/test_messages.py",
    ),
    Mutant(
        "BP001",
        "bplint/importers/qasm/calls.py",
        "zip(here, want, strict=True) if h != w",
        "zip(here, want, strict=True) if h == w",
        "importers/qasm/test_messages.py",
    ),
    Mutant(
        "BP002",
        "bplint/suppress.py",
        "(comment.directive, code) not in used",
        "(comment.directive, code) in used",
        "test_suppress.py",
    ),
    Mutant(
        "BP002",
        "bplint/suppress.py",
        "finding.span.line == comment.line",
        "finding.span.line != comment.line",
        "test_suppress.py",
    ),
    _of_rule("BP003", 'observable_source != "assumed"', 'observable_source == "assumed"'),
    Mutant(
        "BP003",
        "bplint/prepare.py",
        "circuit.measured or range(n)",
        "circuit.measured and range(n)",
        "test_prepare.py",
    ),
    _of_rule("BP004", "elif selection.guessed:", "elif not selection.guessed:"),
    Mutant(
        "BP004",
        "bplint/ir/trainable.py",
        "distance > np.where(decimal",
        "distance < np.where(decimal",
        "ir/test_trainable.py",
    ),
    Mutant(
        "BP004",
        "bplint/ir/trainable.py",
        "< TIED_BELOW * len(values)",
        "> TIED_BELOW * len(values)",
        "ir/test_trainable.py",
    ),
)

_MUTANTS_OF_ALGEBRAS = (
    _of_rule("BP101", "largest.pairs < max(6, n / 2)", "largest.pairs <= max(6, n / 2)"),
    _of_rule("BP101", "shallow = seen < n / 2", "shallow = seen > n / 2"),
    _of_rule(
        "BP101",
        "any(form.is_polynomial for form in forms)",
        "not any(form.is_polynomial for form in forms)",
        "rules/test_bp101_exponential_algebra.py",
    ),
    _of_rule("BP101", "c.dimension // c.copies for n", "c.dimension for n", "rules/test_bp101_exponential_algebra.py"),
    _of_analysis(
        "BP101",
        "dla/pauli/quadric",
        "arf ^= form[left] & form[right]",
        "arf ^= form[left] | form[right]",
        "dla/pauli/test_classify.py -k table",
    ),
    _of_analysis(
        "BP101", "dla/pauli/free_fermions", "len(root.stars) > 3", "len(root.stars) < 3", "dla/pauli/test_classify.py"
    ),
    _of_rule("BP102", "if share <= 0.5:", "if share > 0.5:"),
    _of_rule("BP102", "found.degree(pulled) >= max(6, n / 2)", "found.degree(pulled) < max(6, n / 2)"),
    _of_rule("BP102", "shallow = cone < n / 2", "shallow = cone > n / 2"),
    _of_analysis("BP102", "deep_limit/orbits", "count << len(shifts) - len(flat)", "count << len(shifts) + len(flat)"),
    _of_analysis(
        "BP103",
        "dla/culprit",
        "2 * max((c.pairs for c in touched), default=0) >= pairs",
        "2 * max((c.pairs for c in touched), default=0) < pairs",
        "../rules/test_bp103_culprit_generator.py",
    ),
    _of_analysis(
        "BP103",
        "dla/culprit",
        "largest.pairs < max(6, n / 2)",
        "largest.pairs > max(6, n / 2)",
        "../rules/test_bp103_culprit_generator.py",
    ),
    _of_analysis("BP103", "dla/dla", "if i not in without", "if i in without", "dla/test_dla.py -k without"),
    _of_analysis("BP103", "dla/pauli/obstruction", "if size > len(pool):", "if size >= len(pool):"),
)

_MUTANTS_OF_STRUCTURE = (
    _of_rule("BP104", "elif not found.live:", "elif found.live:"),
    _of_analysis("BP104", "gradients/parity", "x_part(term[1], n) in span]", "x_part(term[1], n) not in span]"),
    _of_analysis("BP104", "gradients/parity", "(k == 2) ^ negative", "(k == 0) ^ negative"),
    _of_rule("BP104", "(whole.variance or 0.0) <= _ROUNDING", "(whole.variance or 0.0) > _ROUNDING"),
    _of_analysis("BP104", "light_cone/alive", "x_part(string, n) == 0", "x_part(string, n) != 0"),
    _of_analysis(
        "BP104", "light_cone/alive", "used.get(parameter, False) or matters", "used.get(parameter, False) and matters"
    ),
    _of_rule("BP201", "found <= share", "found > share"),
    _of_rule("BP201", "(term.first_met or 0) >= n / 2", "(term.first_met or 0) < n / 2"),
    _of_rule("BP201", "if size >= n / 2", "if size < n / 2"),
    _of_analysis("BP201", "light_cone/locality", "waiting &= ~meets", "waiting |= meets"),
    _of_rule("BP202", "2 * weight < total", "2 * weight > total"),
    _of_rule("BP202", "any(term.light_cone < n", "any(term.light_cone <= n"),
    _of_analysis(
        "BP202", "light_cone/locality", "if quarters[operation] in (0, 2):", "if quarters[operation] not in (0, 2):"
    ),
    _of_rule("BP203", "if not found.dead or not found.live:", "if found.dead or not found.live:"),
    _of_rule("BP203", "len(found.dead) > len(found.live)", "len(found.dead) < len(found.live)"),
    _of_analysis(
        "BP203", "light_cone/alive", "for q in range(n)], forward=True)", "for q in range(n)], forward=False)"
    ),
    _of_analysis("BP203", "light_cone/passage", "return not wrong and not any(", "return not any("),
    _of_rule("BP204", "len(merges) > _MOST", "len(merges) >= _MOST"),
    _of_analysis("BP204", "light_cone/mergeable", "frame.negative[i] != (phase == 2)", "frame.negative[i]"),
    _of_analysis("BP204", "light_cone/mergeable", "abs(c) > 1e-12", "abs(c) >= 0"),
    _of_rule("BP951", "n_qubits <= _SMALL", "n_qubits < _SMALL"),
    _of_analysis("BP951", "dla/simulation", "max(cones) <= CONE_LIMIT", "max(cones) < CONE_LIMIT"),
    _of_analysis("BP951", "dla/simulation", "c.copies <= frame.n_qubits", "c.copies >= frame.n_qubits"),
    _of_rule("BP951", "if not ask(reach).live", "if ask(reach).live"),
    _of_analysis("BP951", "dla/pauli/enumerated_module", "if len(found) > limit:", "if len(found) >= limit:"),
)

_MUTANTS_OF_GRADIENTS = (
    _of_rule("BP301", "bound >= 1 / shots", "bound < 1 / shots"),
    _of_analysis("BP301", "gradients/paths/staged_plan", "if upper < threshold else", "if upper > threshold else"),
    _of_analysis(
        "BP301",
        "gradients/paths/sampler",
        "flip &= anticommute",
        "flip &= ~anticommute",
        "gradients/paths/test_sampler.py -k exact_chain",
    ),
    Mutant(
        "BP301",
        "bplint/bounds.py",
        "divergence(mean, middle) < target",
        "divergence(mean, middle) > target",
        "test_bounds.py",
    ),
    _of_rule("BP303", "for width in widths) < 3", "for width in widths) < 2", "rules/test_bp303_exponential_decay.py"),
    _of_rule(
        "BP303",
        "0 < self.bound < 1 / self.shots",
        "0 < self.bound > 1 / self.shots",
        "rules/test_bp303_exponential_decay.py",
    ),
    _of_rule("BP303", "len(found) < len(measured)", "len(found) < 1", "rules/test_bp303_exponential_decay.py"),
    _of_rule("BP303", "law.model is not Model.EXPONENTIAL or ", ""),
    _of_analysis("BP303", "scaling", "< ENOUGH:", "< ENOUGH - 1:"),
    _of_analysis("BP303", "scaling", "bend**2 * norm > _CURVED and last", "bend**2 * norm > _CURVED or last"),
    _of_analysis("BP303", "scaling", "last > _FLATTER * slope", "last < _FLATTER * slope"),
    _of_analysis("BP303", "scaling", "self.interval[1] < 0", "self.interval[1] > 0"),
    _of_analysis("BP303", "family", "low / scale, high / scale", "low, high"),
    _of_rule("BP302", "measured.lower_max / scale <= 1 / shots", "measured.lower_max / scale > 1 / shots"),
    _of_rule("BP302", "2 * found.number <= found.live", "2 * found.number < found.live"),
    _of_analysis(
        "BP302",
        "gradients/paths/path_moments",
        "bounds_on(parts, share, upper=True) < effort.threshold",
        "bounds_on(parts, share, upper=True) > effort.threshold",
        "gradients/test_gradient.py -k weak",
    ),
    _of_rule("BP304", "measured.lower_max / scale <= 1 / shots", "measured.lower_max / scale > 1 / shots"),
    _of_rule("BP304", "measured.max / scale >= factor / shots", "measured.max / scale < factor / shots"),
    _of_analysis(
        "BP304",
        "gradients/paths/staged_plan",
        "hits.met_hits - hits.flip_hits, hits.flip_hits",
        "hits.met_hits + hits.flip_hits, hits.flip_hits",
        "gradients/paths/test_chain.py",
    ),
    _of_rule("BP501", "a.excess > NEAR", "a.excess < NEAR"),
    _of_rule("BP501", "default=n) < 6", "default=n) > 6"),
    _of_rule("BP501", "observable.n_qubits) <= 2)", "observable.n_qubits) > 2)"),
    _of_analysis("BP501", "entanglement/purity", "2**size - 0.5**size", "2**size + 0.5**size"),
    _of_rule("BP601", "left.slope**2 / scale) < 1 / shots", "left.slope**2 / scale) > 1 / shots"),
    _of_rule("BP601", "clean.lower_max / scale <= 1 / shots", "clean.lower_max / scale > 1 / shots"),
    _of_analysis("BP601", "light_cone/damping", "max(left[q] for q in touched)", "min(left[q] for q in touched)"),
    Mutant("BP601", "bplint/ir/noise.py", "1 - 2 * (x + y), 1", "1 - 2 * (x - y), 1", "ir/test_noise.py"),
    _of_rule("BP701", "near.lower_max > threshold", "near.lower_max < threshold"),
    _of_rule("BP701", "measured.bound_max / scale >= 1 / shots", "measured.bound_max / scale < 1 / shots"),
    _of_analysis("BP701", "gradients/paths/angle_laws", "(1 - twice) / 2, once", "(1 + twice) / 2, once"),
    Mutant("BP701", "bplint/ir/law.py", "math.sin(phase) / phase", "math.cos(phase) / phase", "ir/test_law.py"),
)

_MUTANTS_OF_SYMMETRIES = (
    _of_rule("BP901", "m.gain >= gain", "m.gain < gain"),
    _of_rule("BP901", "bound >= min(", "bound >= max("),
    _of_rule("BP901", "(m.after.dimension or 0, m.gain)", "m.gain", "rules/test_bp901_unused_symmetry.py"),
    _of_rule("BP902", "if low.holds or low.missed", "if not low.holds or low.missed"),
    _of_rule("BP902", "low.missed < least", "low.missed > least"),
    _of_rule(
        "BP902", "neither and not found.is_prepared", "neither or found.is_prepared", "rules/test_bp902_wrong_sector.py"
    ),
    _of_rule("BP902", "variance <= _ROUNDING * size**2", "variance < -_ROUNDING", "rules/test_bp902_wrong_sector.py"),
    _of_analysis(
        "BP902",
        "symmetry/conserved_sector",
        "1.0),), -1.0 if negative else 1.0))",
        "1.0),), 1.0 if negative else -1.0))",
        "../rules/test_bp902_wrong_sector.py",
    ),
    _of_analysis(
        "BP902",
        "symmetry/conserved_sector",
        "bit = 1 << row // 2 + (0 if row & 1 else n)",
        "bit = 1 << row // 2 + (n if row & 1 else 0)",
        "../rules/test_bp902_wrong_sector.py",
    ),
)

MUTANTS = (
    *_MUTANTS_OF_READING,
    *_MUTANTS_OF_ALGEBRAS,
    *_MUTANTS_OF_STRUCTURE,
    *_MUTANTS_OF_GRADIENTS,
    *_MUTANTS_OF_SYMMETRIES,
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Break what each rule rests on and see a test fail.")
    parser.add_argument("rules", nargs="*", metavar="RULE", help="codes; all unless given")
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

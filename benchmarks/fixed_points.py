"""Whether written repairs are what was promised: each is read again, and need not be repaired in the same way once more.

    python benchmarks/fixed_points.py [--count 300] [--first SEED]

Circuits know nothing of the symmetries of their losses, drawn by seed on four to six qubits; they are written in OpenQASM 2, where
angles are numbers, and in OpenQASM 3. Every repair that a finding carries, verified or not, is written and linted. It has to be
read, to have the parameters, the dimension and the signal that were promised, and neither to bring the finding that it was
for nor to be offered the same repair; what only offers a repair may offer a further one. Prints a row a repair's name, and
exits with 1 where one fails.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from bplint import plugins
from bplint.analyses.ask import Ask
from bplint.config import Settings
from bplint.finding import Finding, Suggestion, Verdict
from bplint.repairs.measure import state
from bplint.rewrite import apply
from bplint.run import lint_text
from bplint.runs.run_report import Report

SHOTS = 1_000

NEAR = {Verdict.VERIFIED: 1.1, Verdict.UNVERIFIED: 1.5}
"""By what factor the signal read may differ from the one promised, beyond the bounds of the first.

A verified repair promises what a lint of it finds; the two may be estimates from different draws. One that is not verified is
measured with a sixteenth of that work.
"""

OFFERS = frozenset(rule.code for rule in plugins.load().rules if rule.offer)


class Written(NamedTuple):
    """A repair that was written, and what is wrong with it; empty where nothing is."""

    name: str
    fault: str


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Written repairs read again.")
    parser.add_argument("--count", type=int, default=300, help="repairs written, at least")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    asked = parser.parse_args(arguments)
    done, wrong, seed = Counter[str](), Counter[str](), asked.first
    while done.total() < asked.count:
        for written in repairs_of(circuit(seed)):
            done[written.name] += 1
            if written.fault:
                wrong[written.name] += 1
                print(f"seed {seed}, {written.name}: {written.fault}", file=sys.stderr, flush=True)
        seed += 1
    print("| repair | written | wrong |\n| --- | --- | --- |")
    for name in sorted(done):
        print(f"| {name} | {done[name]} | {wrong[name]} |")
    print(f"\n{done.total()} repairs of {seed - asked.first} circuits, {wrong.total()} wrong")
    return 1 if wrong else 0


def circuit(seed: int) -> str:
    """Layers of rotations on every qubit and entanglers along a chain or a ring, for a loss with some symmetry."""
    r = random.Random(seed)
    n, new = r.choice((4, 5, 6)), r.random() < 0.6
    axes, entangler = r.choice((("ry", "rz"), ("rx", "rz"), ("ry",))), r.choice(("cz", "cx"))
    pairs = [(q, (q + 1) % n) for q in range(n if r.random() < 0.3 else n - 1)]
    lines, angles = [], 0
    for _ in range(r.choice((2, 4, 2 * n))):
        for axis in axes:
            for q in range(n):
                lines.append(f"{axis}({f't[{angles}]' if new else f'{r.uniform(0.2, 6):.6f}'}) q[{q}];")
                angles += 1
        lines += [f"{entangler} q[{a}],q[{b}];" for a, b in pairs]
    version = '3.0;\ninclude "stdgates.inc"' if new else '2.0;\ninclude "qelib1.inc"'
    declared = f"input array[float[64], {angles}] t;\nqubit[{n}] q;" if new else f"qreg q[{n}];"
    head = f"OPENQASM {version};\n// bplint: observable = {_loss(r, n)}\n// bplint: shots = {SHOTS}\n"
    trained = "" if new else "// bplint: trainable = literals\n"
    return f"{head}{trained}{declared}\n" + "\n".join(lines) + "\n"


def _loss(r: random.Random, n: int) -> str:
    chain = [(q, q + 1) for q in range(n - 1)] + ([(n - 1, 0)] if r.random() < 0.4 else [])
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    each = [(q,) for q in range(n)]
    field = round(r.uniform(0.3, 1.2), 2)
    parts = r.choice(
        (
            [("XX", chain, 1.0), ("Z", each, field)],
            [("ZZ", chain, 1.0), ("X", each, field)],
            [("XX", chain, 1.0), ("YY", chain, 1.0), ("ZZ", chain, field)],
            [("XX", chain, 1.0), ("YY", chain, 1.0), ("ZZ", chain, 1.0)],
            [("ZZ", pairs, 1.0), ("X", each, field)],
            [("ZZ", chain, 1.0)],
            [("Z", each, 1 / n)],
            [("".join("Z" for _ in range(n)), [tuple(range(n))], 1.0)],
        )
    )
    return " + ".join(
        f"{weight:.4g}*" + " ".join(f"{letter}{q}" for letter, q in zip(letters, place, strict=True))
        for letters, places, weight in parts
        for place in places
    )


def repairs_of(text: str) -> Iterator[Written]:
    """What a report of this text offers to write, each written and read again; one of a name."""
    seen = set()
    for finding in _linted(text).findings:
        for suggestion in finding.suggestions:
            if suggestion.edits and suggestion.verdict is not Verdict.REFUTED and suggestion.name not in seen:
                seen.add(suggestion.name)
                yield Written(re.sub(r"\d+$", "N", suggestion.name), fault(text, finding, suggestion))


def fault(text: str, finding: Finding, suggestion: Suggestion) -> str:
    """What a written repair does not keep of what it promised."""
    report = _linted(apply(text, suggestion.edits))
    if report.unreadable:
        return f"cannot be read: {report.unreadable[0].finding.hit.message}"
    (again,) = report.circuits
    effect, found = suggestion.effect, state(again.case, Ask(again.case))
    if effect.parameters[1] != found.parameters:
        return f"{effect.parameters[1]} parameters promised, {found.parameters} read"
    if effect.dla[1] is not None and found.dimension is not None and effect.dla[1] != found.dimension:
        return f"dimension {effect.dla[1]} promised, {found.dimension} read"
    promised, near = effect.signal[1], NEAR[suggestion.verdict]
    if promised is not None and not found.unknown and not found.lower / near <= promised <= found.upper * near:
        return f"signal {promised:.3g} promised, {found.lower:.3g} … {found.upper:.3g} read"
    if suggestion.verdict is not Verdict.VERIFIED:
        return ""
    for other in again.findings:
        offered = {s.name for s in other.suggestions if s.verdict is Verdict.VERIFIED}
        if suggestion.name in offered:
            return f"offered again, with {other.code}"
        if (
            other.code == finding.code
            and other.code not in OFFERS
            and not other.hit.undecided
            and other.hit.structure == finding.hit.structure
        ):
            return f"{finding.code} is still there"
    return ""


def _linted(text: str) -> Report:
    return lint_text(text, Settings(isolated=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The gate table: every named gate as Cliffords and Pauli rotations.

One row a gate, in a small notation; steps are applied from left to right, separated by semicolons:

* ``angle: terms`` is exp(-i · angle · Σ c P), as in ``t: XX/4 + YY/4``; the letter at position i acts
  on argument i. The terms of a step commute. Besides I, X, Y, Z a letter may be a projector:
  P = |1><1|, O = |0><0|, M = |-><-|; so a control on |1> is a P before the term.
* ``name 0 1`` is a fixed gate of the table on these arguments.

An angle is a parameter of the row or a multiple of pi. Rows are exact, global phase included (it matters once a gate is
controlled): each is checked against its matrix in ``tests/ir/test_gate_table.py``.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from bplint.ir.clifford import CODES
from bplint.ir.pauli import LETTERS

_ROWS = {
    "id": "",
    "u0(g)": "",
    # Pauli rotations
    "rx(t)": "t: X/2",
    "ry(t)": "t: Y/2",
    "rz(t)": "t: Z/2",
    "rxx(t)": "t: XX/2",
    "ryy(t)": "t: YY/2",
    "rzz(t)": "t: ZZ/2",
    "rzx(t)": "t: ZX/2",
    "p(t)": "-t: P",
    # One qubit, several angles
    "u(t,f,l)": "-l: P; t: Y/2; -f: P",
    "U(t,f,l)": "-l: P; t: Y/2 - I/2; -f: P",
    "u2(f,l)": "-l: P; pi/2: Y/2; -f: P",
    "r(t,f)": "-f: Z/2; t: X/2; f: Z/2",
    "gpi(f)": "-f: Z/2; x 0; f: Z/2",
    "gpi2(f)": "-f: Z/2; pi/2: X/2; f: Z/2",
    # Controlled: one angle, several commuting strings
    "crx(t)": "t: PX/2",
    "cry(t)": "t: PY/2",
    "crz(t)": "t: PZ/2",
    "cp(t)": "-t: PP",
    "cphaseshift00(t)": "-t: OO",
    "cphaseshift01(t)": "-t: OP",
    "cphaseshift10(t)": "-t: PO",
    "cu3(t,f,l)": "-l: PP; t: PY/2; -f: PP",
    "cu(t,f,l,g)": "-l: PP; t: PY/2; -f: PP; -g: PI",
    "ccp(t)": "-t: PPP",
    # Exchange
    "xx_plus_yy(t,b)": "b: ZI/2; t: XX/4 + YY/4; -b: ZI/2",
    "xx_minus_yy(t,b)": "-b: IZ/2; t: XX/4 - YY/4; b: IZ/2",
    "xy(t)": "-t: XX/4 + YY/4",
    "pswap(t)": "t: ZZ/2 - II/2; swap 0 1",
    "ms(f,g,t)": "-f: ZI/2; -g: IZ/2; t: XX/2; f: ZI/2; g: IZ/2",
    # Fixed, not Clifford
    "t": "-pi/4: P",
    "tdg": "pi/4: P",
    "ch": "-pi/4: IY/2; cz 0 1; pi/4: IY/2",
    "cs": "-pi/2: PP",
    "csdg": "pi/2: PP",
    "csx": "-pi/2: PM",
    "ccx": "-pi: PPM",
    "ccz": "-pi: PPP",
    "cswap": "-pi: PII/4 - PXX/4 - PYY/4 - PZZ/4",
    "rccx": "h 2; t 2; cx 1 2; tdg 2; cx 0 2; t 2; cx 1 2; tdg 2; h 2",
    "rc3x": "h 3; t 3; cx 2 3; tdg 3; h 3; cx 0 3; t 3; cx 1 3; tdg 3; cx 0 3; t 3; cx 1 3; tdg 3; "
    "h 3; t 3; cx 2 3; tdg 3; h 3",
    "c3x": "-pi: PPPM",
    "c3sx": "-pi/2: PPPM",
    "c4x": "-pi: PPPPM",
}

_TURNED = {
    "x": "-pi: M",
    "y": "-pi: I/2 - Y/2",
    "z": "-pi: P",
    "h": "-pi/4: Y/2; z 0; pi/4: Y/2",
    "s": "-pi/2: P",
    "sdg": "pi/2: P",
    "sx": "-pi/2: M",
    "sxdg": "pi/2: M",
    "cx": "-pi: PM",
    "cy": "-pi: PI/2 - PY/2",
    "cz": "-pi: PP",
    "swap": "-pi: II/4 - XX/4 - YY/4 - ZZ/4",
    "iswap": "-pi: XX/4 + YY/4",
    "iswapdg": "pi: XX/4 + YY/4",
    "dcx": "cx 0 1; cx 1 0",
    "ecr": "pi/2: ZX/2; x 0",
}
_ALIASES = {
    "i": "id", "rxy": "r", "prx": "r", "cnot": "cx", "CX": "cx", "toffoli": "ccx", "fredkin": "cswap", "ccnot": "ccx",
    "phase": "p", "u1": "p", "u3": "u", "cphase": "cp", "cu1": "cp", "phaseshift": "p", "cphaseshift": "cp",
    "v": "sx", "vi": "sxdg", "si": "sdg", "ti": "tdg", "xx": "rxx", "yy": "ryy", "zz": "rzz", "cv": "csx",
    "rcccx": "rc3x", "c3sqrtx": "c3sx",
}  # fmt: skip


class Turn(NamedTuple):
    """The commuting rotations exp(-i · factor · angle · P/2), one for each pair in ``strings``.

    The angle is the gate's parameter of that index, or ``constant`` (radians) where ``parameter`` is -1.
    A pair is (factor, letters); letters are pairs (argument, code) with X = 1, Z = 2, Y = 3.
    """

    parameter: int
    constant: float
    strings: tuple[tuple[float, tuple[tuple[int, int], ...]], ...]


class Fixed(NamedTuple):
    """A Clifford by its code, on these arguments of the gate."""

    code: int
    arguments: tuple[int, ...]


class Gate(NamedTuple):
    """One row, lowered: ``steps`` in order, then the global phase exp(i · (phase[:-1] · parameters + phase[-1]))."""

    name: str
    n_parameters: int
    n_qubits: int
    steps: tuple[Turn | Fixed, ...]
    phase: tuple[float, ...]


@cache
def gate(name: str) -> Gate | None:
    """The row of a gate by any of its names; None if the table has none."""
    name = _ALIASES.get(name, name)
    if name in CODES:
        arity = 1 if name in ("x", "y", "z", "h", "s", "sdg", "sx", "sxdg") else 2
        return Gate(name, 0, arity, (Fixed(CODES[name], tuple(range(arity))),), (0.0,))
    head = _heads().get(name)
    return _lower(name, head[0], head[1]) if head else None


def gate_names() -> tuple[str, ...]:
    """Every name in the table, aliases included, sorted."""
    return tuple(sorted({*CODES, *_heads(), *_ALIASES}))


def as_rotations(clifford: str) -> Gate:
    """A Clifford of the table as rotations, for what has no Clifford of its own: controls and fractions of it."""
    return _lower(clifford, (), _TURNED[clifford])


@cache
def _heads() -> dict[str, tuple[tuple[str, ...], str]]:
    heads = {}
    for head, steps in _ROWS.items():
        name, _, parameters = head.rstrip(")").partition("(")
        heads[name] = (tuple(p for p in parameters.split(",") if p), steps)
    return heads


def _lower(name: str, parameters: tuple[str, ...], text: str) -> Gate:
    steps: list[Turn | Fixed] = []
    phase = [0.0] * (len(parameters) + 1)
    for step in filter(None, (part.strip() for part in text.split(";"))):
        angle_text, colon, terms = step.partition(":")
        if not colon:
            steps.append(_call(step))
            continue
        parameter, factor = _angle(angle_text, parameters)
        expanded = _expand(terms)
        phase[parameter] -= factor * expanded.pop((), 0.0)
        if parameter >= 0:
            steps.append(Turn(parameter, 0.0, tuple((2 * factor * c, letters) for letters, c in expanded.items())))
        else:
            steps.append(Turn(-1, factor, tuple((2 * c, letters) for letters, c in expanded.items())))
    return Gate(name, len(parameters), _arity(text), tuple(steps), tuple(phase))


def _call(step: str) -> Fixed | Turn:
    """A gate of the table that is one step itself, moved to the named arguments; its phase is left to the caller."""
    name, *arguments = step.split()
    row = gate(name)
    assert row is not None, name
    (only,) = row.steps
    places = [int(a) for a in arguments]
    if isinstance(only, Fixed):
        return Fixed(only.code, tuple(places))
    moved = tuple((f, tuple((places[a], code) for a, code in letters)) for f, letters in only.strings)
    return Turn(only.parameter, only.constant, moved)


def _arity(text: str) -> int:
    terms = re.findall(r"[IXYZPOM]+(?![a-z])", text)
    calls = [int(digit) for digit in re.findall(r"(?<= )\d", text)]
    return max([len(t) for t in terms] + [c + 1 for c in calls], default=1)


_FACTORS = {"P": ((0, 0.5), (2, -0.5)), "O": ((0, 0.5), (2, 0.5)), "M": ((0, 0.5), (1, -0.5))}


def _expand(terms: str) -> dict[tuple[tuple[int, int], ...], float]:
    """Coefficient of each string, as letters (argument, code), of a sum such as ``PX/2 - ZI/4``."""
    total: dict[tuple[tuple[int, int], ...], float] = defaultdict(float)
    for sign, word, divisor in re.findall(r"([+-]?)\s*([IXYZPOM]+)(?:/(\d+))?", terms):
        products: list[tuple[tuple[tuple[int, int], ...], float]] = [((), 1.0)]
        for place, letter in enumerate(word):
            options = _FACTORS.get(letter) or ((LETTERS.index(letter), 1.0),)
            products = [((*s, (place, code)) if code else s, c * f) for s, c in products for code, f in options]
        scale = (-1.0 if sign == "-" else 1.0) / int(divisor or 1)
        for letters, c in products:
            total[letters] += scale * c
    return {letters: c for letters, c in total.items() if c}


def _angle(text: str, parameters: tuple[str, ...]) -> tuple[int, float]:
    """``-t`` as (index of t, -1.0), ``-pi/4`` as (-1, -pi/4)."""
    symbol, _, divisor = text.strip().lstrip("-").partition("/")
    factor = (-1.0 if "-" in text else 1.0) / int(divisor or 1)
    return (-1, factor * math.pi) if symbol == "pi" else (parameters.index(symbol), factor)

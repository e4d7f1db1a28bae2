"""Cirq's gates as rows of the gate table, global phase included (it matters under a control).

Cirq counts in half turns: the angle of ``U**t`` is πt, and ``global_shift`` s multiplies it by exp(iπ·t·s).
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from itertools import product

from bplint.importers.lowered import bound
from bplint.ir.gates import Gate, Turn, controlled, gate
from bplint.ir.pauli import LETTERS


def power_row(name: str, shift: float) -> Gate:
    """``U**t`` with this global shift as a gate of the angle πt, for U by its name."""
    row = _power_row(name)
    return row if not shift else _shifted(row, shift)


@lru_cache(maxsize=1024)
def fixed_row(name: str, shift: float, quarters: int) -> Gate:
    """``U**(quarters/4)``: the gate of the table that it is, or a rotation at this angle."""
    angle = quarters * math.pi / 4
    period = 16 if name == "ISWAP" else 8
    word = _NAMED.get((name, (quarters + period // 2 - 1) % period - (period // 2 - 1)))
    row = gate(word) if word else None
    if row is None:
        return bound(power_row(name, shift), (angle,))
    return row._replace(phase=(row.phase[-1] + shift * angle,)) if shift else row


@lru_cache(maxsize=1024)
def phased_x(quarters: int | None, shift: float) -> Gate:
    """``PhasedXPowGate`` of the angles πt and πp; the second does nothing where p is known to be so many quarters."""
    phase = 0.5 + shift, 0.0, 0.0
    if quarters is not None and quarters % 2 == 0:
        sign = 0.5 if quarters % 8 < 4 else -0.5
        return Gate("PhasedX", 2, 1, (turn(0, {"XY"[quarters // 2 % 2]: sign}),), phase)
    steps = turn(1, {"Z": -0.5}), turn(0, {"X": 0.5}), turn(1, {"Z": 0.5})
    return Gate("PhasedX", 2, 1, steps, phase)


@lru_cache(maxsize=1024)
def phased_iswap(quarters: int | None, shift: float) -> Gate:
    """``PhasedISwapPowGate`` of the angles πt and πp; the second does nothing where p is known to be so many quarters."""
    phase = shift, 0.0, 0.0
    if quarters is not None:
        sign = -0.25 if quarters % 4 in (0, 3) else 0.25
        terms = {"YX": sign, "XY": -sign} if quarters % 2 else {"XX": sign, "YY": sign}
        return Gate("PhasedISWAP", 2, 2, (turn(0, terms),), phase)
    steps = turn(1, {"ZI": 0.5, "IZ": -0.5}), turn(0, {"XX": -0.25, "YY": -0.25}), turn(1, {"ZI": -0.5, "IZ": 0.5})
    return Gate("PhasedISWAP", 2, 2, steps, phase)


@lru_cache(maxsize=1024)
def pauli_turn(name: str, word: str) -> Gate:
    """exp(-i · angle · P/2) · exp(i · second angle)."""
    steps = (turn(0, {word: 0.5}),) if word else ()
    return Gate(name, 2, len(word), steps, (0.0, 1.0, 0.0))


@cache
def diagonal(n_qubits: int) -> Gate:
    """exp(i Σ angle · Z-string): angle s belongs to the string with Z where s has a 1, first qubit on the left."""
    words = ["".join(word) for word in product("IZ", repeat=n_qubits)]
    steps = tuple(turn(s, {word: -1.0}) for s, word in enumerate(words) if s)
    return Gate("Diagonal", len(words), n_qubits, steps, (1.0, *(0.0,) * len(words)))


def turn(parameter: int, terms: dict[str, float]) -> Turn:
    """exp(-i · angle · Σ c P) for commuting P; the letter at position i acts on argument i."""
    strings = []
    for word, c in terms.items():
        letters = [(place, LETTERS.index(letter)) for place, letter in enumerate(word) if letter != "I"]
        strings.append((2 * c, tuple(letters)))
    return Turn(parameter, 0.0, tuple(strings))


PHASED_XZ = Gate(
    "PhasedXZ",
    3,
    1,
    (turn(2, {"Z": -0.5}), turn(0, {"X": 0.5}), turn(2, {"Z": 0.5}), turn(1, {"Z": 0.5})),
    (0.5, 0.5, 0.0, 0.0),
)
"""Of the angles πx, πz, πa."""

_EXCHANGE = {"XX": 0.5, "YY": 0.5}
_BOTH_ONE = {"ZI": -0.25, "IZ": -0.25, "ZZ": 0.25}
_DIFFERENCE = {"ZI": 0.5, "IZ": -0.5}

FSIM = Gate("fSim", 2, 2, (turn(0, _EXCHANGE), turn(1, _BOTH_ONE)), (0.0, -0.25, 0.0))
"""Of the angles θ, φ."""

PHASED_FSIM = Gate(
    "PhasedFSim",
    5,
    2,
    (
        turn(3, {"ZI": -0.5, "IZ": -0.5}),
        turn(1, _DIFFERENCE),
        turn(0, _EXCHANGE),
        turn(2, _DIFFERENCE),
        turn(4, _BOTH_ONE),
    ),
    (0.0, 0.0, 0.0, -1.0, -0.25, 0.0),
)
"""Of the angles θ, (ζ + χ)/2, (ζ - χ)/2, γ, φ."""

# U: (terms, phase) of exp(-i · angle · Σ c P) · exp(i · phase · angle).
_POWERS = {
    "X": ({"X": 0.5}, 0.5),
    "Y": ({"Y": 0.5}, 0.5),
    "Z": ({"Z": 0.5}, 0.5),
    "XX": ({"XX": 0.5}, 0.5),
    "YY": ({"YY": 0.5}, 0.5),
    "ZZ": ({"ZZ": 0.5}, 0.5),
    "SWAP": ({"XX": 0.25, "YY": 0.25, "ZZ": 0.25}, 0.25),
    "ISWAP": ({"XX": -0.25, "YY": -0.25}, 0.0),
}
_CONTROLLED = {"CX": "X", "CY": "Y", "CZ": "Z", "CCX": "CX", "CCY": "CY", "CCZ": "CZ"}

# (U, quarters) of a gate that the table has.
_NAMED = {
    ("X", 4): "x", ("X", 2): "sx", ("X", -2): "sxdg", ("Y", 4): "y", ("H", 4): "h",
    ("Z", 4): "z", ("Z", 2): "s", ("Z", -2): "sdg", ("Z", 1): "t", ("Z", -1): "tdg",
    ("CX", 4): "cx", ("CY", 4): "cy", ("CZ", 4): "cz", ("CCX", 4): "ccx", ("CCZ", 4): "ccz",
    ("SWAP", 4): "swap", ("ISWAP", 4): "iswap", ("ISWAP", -4): "iswapdg",
}  # fmt: skip


@cache
def _power_row(name: str) -> Gate:
    if name in _CONTROLLED:
        return controlled(_power_row(_CONTROLLED[name]))._replace(name=name)
    if name == "H":  # generated by (X + Z)/√2: Z in a turned frame
        y = turn(0, {"Y": 0.5}).strings
        steps = Turn(-1, -math.pi / 4, y), turn(0, {"Z": 0.5}), Turn(-1, math.pi / 4, y)
        return Gate(name, 1, 1, steps, (0.5, 0.0))
    terms, phase = _POWERS[name]
    return Gate(name, 1, len(next(iter(terms))), (turn(0, terms),), (phase, 0.0))


@lru_cache(maxsize=1024)
def _shifted(row: Gate, shift: float) -> Gate:
    return row._replace(phase=(row.phase[0] + shift, row.phase[1]))

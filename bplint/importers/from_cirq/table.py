"""Which row of the gate table each class of Cirq is, and at which angles."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from bplint.errors import SourceError, Unsupported
from bplint.importers.framework import shown
from bplint.importers.from_cirq import rows
from bplint.importers.from_cirq.symbols import Weighted, real
from bplint.importers.limits import DEFAULTS
from bplint.importers.lowered import bound
from bplint.ir.gates import GLOBAL_PHASE, Gate, gate


class Row(NamedTuple):
    """A gate of the table at these angles in radians."""

    gate: Gate
    angles: tuple[Weighted, ...] = ()


def row_of(gate: Any) -> Row | None:
    """A gate of Cirq as one row; None for what must be decomposed."""
    for kind in type(gate).__mro__:
        if kind in _readers():
            return _readers()[kind](gate)
    return None


def phase_row(coefficient: Any) -> Row | None:
    """The global phase ``coefficient``; None if it is an expression that is not exp(i · angle)."""
    if not getattr(coefficient, "free_symbols", None):
        try:
            number = complex(coefficient)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise SourceError(f"the phase {shown(coefficient)} is not a number") from error
        return Row(bound(GLOBAL_PHASE, (math.atan2(number.imag, number.real),)))
    import sympy

    if not isinstance(coefficient, sympy.exp):
        return None
    return Row(GLOBAL_PHASE, (((sympy.expand_mul(coefficient.args[0] / sympy.I), 1.0),),))


@cache
def _readers() -> dict[type, Callable[[Any], Row | None]]:
    import cirq

    powers = {
        cirq.XPowGate: "X", cirq.YPowGate: "Y", cirq.ZPowGate: "Z", cirq.HPowGate: "H",
        cirq.CXPowGate: "CX", cirq.CZPowGate: "CZ", cirq.CCXPowGate: "CCX", cirq.CCZPowGate: "CCZ",
        cirq.XXPowGate: "XX", cirq.YYPowGate: "YY", cirq.ZZPowGate: "ZZ",
        cirq.SwapPowGate: "SWAP", cirq.ISwapPowGate: "ISWAP",
    }  # fmt: skip
    powers |= {getattr(cirq, f"{name}PowGate"): name for name in ("CY", "CCY") if hasattr(cirq, f"{name}PowGate")}
    readers: dict[type, Callable[[Any], Row | None]] = {kind: _power(name) for kind, name in powers.items()}
    return readers | {
        cirq.Rx: _radians("rx"),
        cirq.Ry: _radians("ry"),
        cirq.Rz: _radians("rz"),
        cirq.CSwapGate: _plain("cswap"),
        cirq.IdentityGate: _nothing,
        cirq.WaitGate: _nothing,
        cirq.PhasedXPowGate: _phased_x,
        cirq.PhasedXZGate: _phased_xz,
        cirq.PhasedISwapPowGate: _phased_iswap,
        cirq.FSimGate: lambda g: Row(rows.FSIM, (((g.theta, 1.0),), ((g.phi, 1.0),))),
        cirq.PhasedFSimGate: _phased_fsim,
        cirq.PauliStringPhasorGate: _phasor,
        cirq.DiagonalGate: _diagonal,
        cirq.TwoQubitDiagonalGate: _diagonal,
        cirq.ThreeQubitDiagonalGate: _diagonal,
        cirq.GlobalPhaseGate: lambda g: phase_row(g.coefficient),
    }


def _power(name: str) -> Callable[[Any], Row]:
    def read(gate: Any) -> Row:
        shift = real(gate.global_shift)
        quarters = _quarters(gate.exponent)
        if quarters is not None and not hasattr(gate, "_rads"):
            return Row(rows.fixed_row(name, shift, quarters))
        return Row(rows.power_row(name, shift), (((gate.exponent, math.pi),),))

    return read


def _radians(name: str) -> Callable[[Any], Row]:
    row = gate(name)
    assert row is not None
    return lambda g: Row(row, (((g._rads, 1.0),),))


def _plain(name: str) -> Callable[[Any], Row]:
    row = gate(name)
    assert row is not None
    return lambda g: Row(row)


def _nothing(gate: Any) -> Row:
    return Row(Gate("I", 0, gate.num_qubits(), (), (0.0,)))


def _phased_x(gate: Any) -> Row:
    row = rows.phased_x(_quarters(gate.phase_exponent), real(gate.global_shift))
    return _maybe_fixed(row, gate.exponent, gate.phase_exponent)


def _phased_iswap(gate: Any) -> Row:
    row = rows.phased_iswap(_quarters(gate.phase_exponent), real(gate.global_shift))
    return _maybe_fixed(row, gate.exponent, gate.phase_exponent)


def _maybe_fixed(row: Gate, exponent: Any, axis: Any) -> Row:
    """Its two angles, as constants where both are whole quarters of π."""
    if (turns := _quarters(exponent)) is not None and (place := _quarters(axis)) is not None:
        return Row(bound(row, (turns * math.pi / 4, place * math.pi / 4)))
    return Row(row, (((exponent, math.pi),), ((axis, math.pi),)))


def _phased_xz(gate: Any) -> Row:
    exponents = gate.x_exponent, gate.z_exponent, gate.axis_phase_exponent
    quarters = [_quarters(exponent) for exponent in exponents]
    if None not in quarters:
        return Row(bound(rows.PHASED_XZ, tuple(q * math.pi / 4 for q in quarters if q is not None)))
    return Row(rows.PHASED_XZ, tuple(((exponent, math.pi),) for exponent in exponents))


def _phased_fsim(gate: Any) -> Row:
    total, difference = ((gate.zeta, 0.5), (gate.chi, 0.5)), ((gate.zeta, 0.5), (gate.chi, -0.5))
    return Row(rows.PHASED_FSIM, (((gate.theta, 1.0),), total, difference, ((gate.gamma, 1.0),), ((gate.phi, 1.0),)))


def _phasor(gate: Any) -> Row:
    """exp(iπ · exponent) on each eigenspace of the string, whose sign Cirq has moved into the exponents."""
    word = "".join("IXYZ"[int(code)] for code in gate.dense_pauli_string.pauli_mask)
    if "I" in word:
        raise Unsupported(
            "is a PauliStringPhasor with an identity, which Cirq documents as nothing and simulates as a Z",
            hint="leave that qubit out",
        )
    negative, positive, half = gate.exponent_neg, gate.exponent_pos, math.pi / 2
    row = rows.pauli_turn("PauliStringPhasor", word)
    return Row(row, (((negative, math.pi), (positive, -math.pi)), ((negative, half), (positive, half))))


def _diagonal(gate: Any) -> Row:
    """Angle s is 2^-n Σ_j (-1)^(s·j) a_j, where a_j is the angle of basis state j."""
    entries: Sequence[Any] = gate.diag_angles_radians
    n = gate.num_qubits()
    if len(entries) != 2**n:
        raise SourceError(f"a diagonal gate on {n} qubits with {len(entries):,} angles")
    if n > DEFAULTS.diagonal:
        raise DEFAULTS.exceeded("diagonal", f"a diagonal gate on {n} qubits")
    angles = tuple(tuple((a, (-1.0) ** (s & j).bit_count() / 2**n) for j, a in enumerate(entries)) for s in range(2**n))
    row = rows.diagonal(n)
    if any(getattr(a, "free_symbols", None) for a in entries):
        return Row(row, angles)
    return Row(bound(row, tuple(math.fsum(real(a) * w for a, w in angle) for angle in angles)))


def _quarters(exponent: Any) -> int | None:
    """4 times the exponent where that is a whole number, up to the last digits; such angles belong to the gate."""
    if getattr(exponent, "free_symbols", None):
        return None
    number = 4 * real(exponent)
    if abs(number) > 1e6 or abs(number - round(number)) > 1e-12:
        return None
    return round(number)

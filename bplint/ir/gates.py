"""Gates: those of the table, and what a control, an inverse and a power make of them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import lru_cache

from bplint.ir.clifford import CLIFFORDS, CODES
from bplint.ir.gate_table import Fixed, Gate, Turn, as_rotations, gate, gate_names
from bplint.ir.pauli import LETTERS

__all__ = ["GLOBAL_PHASE", "Fixed", "Gate", "Turn", "controlled", "gate", "gate_names", "inverse", "power"]

GLOBAL_PHASE = Gate("gphase", 1, 0, (), (1.0, 0.0))
"""exp(i · angle) on no qubit: a rotation as soon as it is controlled."""


@lru_cache(maxsize=1024)
def controlled(base: Gate, on: bool = True) -> Gate:
    """The gate with one more qubit, argument 0, on whose |1> it depends; on whose |0> if not ``on``."""
    before, core, after = _peeled(base.steps)
    core, turned = _as_rotations(core, _CLIFFORD_WITH_CONTROL)
    inside, core, outside = _peeled(core)
    phase = (*base.phase[:-1], base.phase[-1] + turned)
    steps = [_moved(step) for step in (*before, *inside)]
    for step in core:
        steps.extend(_with_control(step, on))
    # The global phase: a rotation of (I - Z)/2 on the control.
    factor = 1.0 if on else -1.0
    for parameter, share in enumerate(phase[:-1]):
        if share:
            steps.append(Turn(parameter, 0.0, ((factor * share, ((0, _Z),)),)))
    if phase[-1]:
        steps.append(Turn(-1, phase[-1], ((factor, ((0, _Z),)),)))
    steps.extend(_moved(step) for step in (*outside, *after))
    name = f"{'ctrl' if on else 'negctrl'} @ {base.name}"
    return Gate(name, base.n_parameters, base.n_qubits + 1, tuple(steps), tuple(share / 2 for share in phase))


@lru_cache(maxsize=1024)
def inverse(base: Gate) -> Gate:
    """The gate undone."""
    steps = tuple(_undone(step) for step in reversed(base.steps))
    return Gate(f"inv @ {base.name}", base.n_parameters, base.n_qubits, steps, tuple(-share for share in base.phase))


def power(base: Gate, exponent: float) -> Gate | None:
    """The gate to a power; None for a fraction of what is not one rotation between a gate and its inverse.

    A whole power of several steps repeats them: the caller bounds it.
    """
    if not exponent:
        return Gate(f"pow(0) @ {base.name}", base.n_parameters, base.n_qubits, (), (0.0,) * len(base.phase))
    before, core, after = _peeled(base.steps)
    phase = base.phase
    whole = float(exponent).is_integer()
    if whole and len(core) == 1 and isinstance(core[0], Fixed):
        core *= int(exponent) % _CLIFFORD_ORDER
    elif whole and len(core) > 1:
        core = (core if exponent >= 0 else tuple(_undone(step) for step in reversed(core))) * abs(int(exponent))
    else:
        core, turned = _as_rotations(core, ())
        inside, core, outside = _peeled(core)
        if len(core) > 1:
            return None
        before, after = (*before, *inside), (*outside, *after)
        core = tuple(_scaled(step, exponent) for step in core if isinstance(step, Turn))
        phase = (*phase[:-1], phase[-1] + turned)
    phase = tuple(exponent * share for share in phase)
    return Gate(f"pow({exponent:g}) @ {base.name}", base.n_parameters, base.n_qubits, (*before, *core, *after), phase)


_Steps = tuple[Turn | Fixed, ...]
_Z = LETTERS.index("Z")
_ARGUMENTS = 1_000
"""More than any gate has."""
_CLIFFORD_WITH_CONTROL = {"x": "cx", "y": "cy", "z": "cz"}
_INVERSES = {"s": "sdg", "sdg": "s", "sx": "sxdg", "sxdg": "sx", "iswap": "iswapdg", "iswapdg": "iswap"}
_CLIFFORD_ORDER = 12
"""Every Clifford of the table to this power is the identity, phase included."""


def _peeled(steps: _Steps) -> tuple[_Steps, _Steps, _Steps]:
    """A, B and the inverse of A, of steps that read so, with as long an A as there is."""
    depth = 0
    while depth < (len(steps) - 1) // 2 and steps[-1 - depth] == _undone(steps[depth]):
        depth += 1
    return steps[:depth], steps[depth : len(steps) - depth], steps[len(steps) - depth :]


def _undone(step: Turn | Fixed) -> Turn | Fixed:
    if isinstance(step, Turn):
        return _scaled(step, -1.0)
    name = CLIFFORDS[step.code - 1]
    return Fixed(CODES[_INVERSES.get(name, name)], step.arguments[::-1] if name == "dcx" else step.arguments)


def _scaled(step: Turn, factor: float) -> Turn:
    if step.parameter < 0:
        return Turn(-1, factor * step.constant, step.strings)
    return Turn(step.parameter, 0.0, tuple((factor * f, letters) for f, letters in step.strings))


def _moved(step: Turn | Fixed) -> Turn | Fixed:
    """The step with a qubit put before its arguments."""
    return _placed(step, range(1, _ARGUMENTS))


def _placed(step: Turn | Fixed, places: Sequence[int]) -> Turn | Fixed:
    """The step on other arguments: argument i becomes places[i]."""
    if isinstance(step, Fixed):
        return Fixed(step.code, tuple(places[a] for a in step.arguments))
    strings = tuple((f, tuple((places[a], code) for a, code in letters)) for f, letters in step.strings)
    return Turn(step.parameter, step.constant, strings)


def _as_rotations(steps: _Steps, keep: Container[str]) -> tuple[_Steps, float]:
    """The steps with every Clifford but those to keep written as rotations, and the global phase this leaves over."""
    parts: list[Turn | Fixed] = []
    phase = 0.0
    for step in steps:
        name = CLIFFORDS[step.code - 1] if isinstance(step, Fixed) else ""
        if isinstance(step, Turn) or name in keep:
            parts.append(step)
            continue
        row = as_rotations(name)
        inner, rest = _as_rotations(tuple(_placed(s, step.arguments) for s in row.steps), keep)
        parts.extend(inner)
        phase += row.phase[-1] + rest
    return tuple(parts), phase


def _with_control(step: Turn | Fixed, on: bool) -> _Steps:
    """The step under a new argument 0."""
    moved = _moved(step)
    if isinstance(moved, Turn):
        half = -0.5 if on else 0.5
        strings = (s for f, letters in moved.strings for s in ((f / 2, letters), (half * f, ((0, _Z), *letters))))
        return (Turn(moved.parameter, moved.constant, tuple(strings)),)
    flip = Fixed(CODES["x"], (0,))
    turned = Fixed(CODES[_CLIFFORD_WITH_CONTROL[CLIFFORDS[moved.code - 1]]], (0, *moved.arguments))
    return (turned,) if on else (flip, turned, flip)

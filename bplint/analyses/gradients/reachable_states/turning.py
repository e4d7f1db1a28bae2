"""The classes of a circuit made ready to turn amplitudes, with phases of the basis states that make most of it real.

With h_I = |h_I| i t a pair turns by new_J = cos ψ_J + sin t ψ_I, new_I = cos ψ_I - sin t* ψ_J. Phases g_b of the basis states
are chosen as the states are found, such that t is 1 for the pair that found one. If then all t are ±1 and nothing is
diagonal, as for UCCSD, amplitudes are real; and a pair in the other order has -t, so that no t is left at all.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.analyses.gradients.reachable_states.closure import Amplitudes, Complex, ReachedStates, StatePairs
from bplint.ir.circuit import Floats, Index

_REAL = 1e-13

_DIGITS = 13
"""Values of |h| that agree so far, beside the largest, are equal."""


class Turns(NamedTuple):
    """A class of pairs: |h| is ``sizes[code]``, or the only size without a code; t is 1 for all if None."""

    first: Index
    second: Index
    t: Complex | None
    sizes: Floats
    code: Index | None


class Phases(NamedTuple):
    """A diagonal class: h of state b is ``sizes[code[b]]``."""

    sizes: Floats
    code: Index


Class: TypeAlias = Turns | Phases


def gauge(reached: ReachedStates) -> Complex:
    """Phases of the basis states, complex128 (states,)."""
    phases = np.zeros(len(reached.states), dtype=np.complex128)
    phases[0] = 1
    left = len(phases) - 1
    for _, number, pairs, _ in reached.steps:
        first, second, h = reached.classes[number]
        if not left:
            break
        if second is None:
            continue
        new = np.flatnonzero((phases[second[:pairs]] == 0) & (phases[first[:pairs]] != 0))
        phases[second[new]] = -1j * h[new] / np.abs(h[new]) * phases[first[new]]
        left -= len(new)
    return phases


def classes(reached: ReachedStates, phases: Complex) -> tuple[list[Class], bool]:
    """All classes for amplitudes with these phases, and whether they keep amplitudes real."""
    turning = [_class(pairs, phases) for pairs in reached.classes]
    used = {step.number for step in reached.steps}
    real = all(isinstance(c, Turns) and _is_real(c) for k, c in enumerate(turning) if k in used)
    return [_oriented(c) if isinstance(c, Turns) and _is_real(c) else c for c in turning], real


def phases_of(values: Floats) -> Phases:
    """The diagonal class of these h, by state."""
    sizes, code = _distinct(values)
    return Phases(sizes, np.zeros(len(values), dtype=np.intp) if code is None else code)


def _class(pairs: StatePairs, phases: Complex) -> Class:
    if pairs.second is None:
        return phases_of(pairs.h.real)
    size = np.abs(pairs.h)
    t = -1j * pairs.h / size * phases[pairs.first] * phases[pairs.second].conj()
    return Turns(pairs.first, pairs.second, t, *_distinct(size))


def _is_real(c: Turns) -> bool:
    return c.t is None or bool(np.abs(c.t.imag).max(initial=0.0) <= _REAL)


def _oriented(c: Turns) -> Turns:
    if c.t is None:
        return c
    turned = c.t.real < 0
    return c._replace(first=np.where(turned, c.second, c.first), second=np.where(turned, c.first, c.second), t=None)


def _distinct(values: Floats) -> tuple[Floats, Index | None]:
    """Distinct values, up to rounding, and the number of each; None if there is one."""
    scale = float(np.abs(values).max(initial=0.0))
    rounded, code = np.unique(np.round(values / scale, _DIGITS) if scale else values, return_inverse=True)
    if len(rounded) == 1:
        return values[:1].copy(), None
    sizes = np.zeros(len(rounded))
    sizes[code.ravel()] = values
    return sizes, code.ravel()


def turn(state: Amplitudes, c: Turns, pairs: int, angles: Floats) -> tuple[Amplitudes, Amplitudes]:
    """Turn the first ``pairs`` in place, by ψ = ``angles`` (samples,); their new amplitudes. States are (states, …, samples)."""
    shape = (-1,) + (1,) * (state.ndim - 2) + angles.shape
    half = np.multiply.outer(c.sizes, angles / 2)
    cos, sin = np.cos(half), np.sin(half)
    if c.code is not None:
        cos, sin = cos[c.code[:pairs]], sin[c.code[:pairs]]
    cos, sin = cos.reshape(shape), sin.reshape(shape)
    first, second = c.first[:pairs], c.second[:pairs]
    top, bottom = state.take(first, axis=0), state.take(second, axis=0)
    there, back = sin, sin
    if c.t is not None:
        t = c.t[:pairs].reshape((-1,) + (1,) * (state.ndim - 1))
        there, back = sin * t, sin * t.conj()
    new_top, new_bottom = cos * top - back * bottom, cos * bottom + there * top
    state[first], state[second] = new_top, new_bottom
    return new_top, new_bottom


def slope(c: Turns, pairs: int, top: Amplitudes, bottom: Amplitudes) -> Floats:
    """Im<λ|G|ψ> of each sample, Σ |h| Re(λ_J* t ψ_I - λ_I* t* ψ_J), where states are (…, 2, samples): ψ and λ."""
    psi_top, psi_bottom = top[:, 0], bottom[:, 0]
    if c.t is not None:
        t = c.t[:pairs, None]
        psi_top, psi_bottom = t * psi_top, t.conj() * psi_bottom
    sizes = c.sizes if c.code is None else c.sizes[c.code[:pairs]]
    gained, lost = weighted(sizes, bottom[:, 1].conj(), psi_top), weighted(sizes, top[:, 1].conj(), psi_bottom)
    return np.asarray((gained - lost).real)


def weighted(sizes: Floats, left: Amplitudes, right: Amplitudes) -> Amplitudes:
    """Σ size · left · right of each sample; one size may stand for all."""
    if len(sizes) == 1:
        return np.asarray(sizes[0] * np.einsum("bs,bs->s", left, right))
    return np.asarray(np.einsum("b,bs,bs->s", sizes, left, right))


def exponentials(c: Phases, angles: Floats, states: int) -> Complex:
    """e^{iψh} of each state and sample, complex128 (states, samples)."""
    values: Complex = np.exp(1j * np.multiply.outer(c.sizes, angles))
    return values[c.code[:states]]

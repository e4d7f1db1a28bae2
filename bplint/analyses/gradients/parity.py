"""Terms of the loss that a parity makes zero for all angles, found by linear algebra over GF(2) at any size.

In the frame of |0…0> let X be the span of the x-parts of all axes. A rotation about a string of x-part a takes a string of
x-part b to one of b or a + b, so what a term becomes keeps its class modulo X. Only a string of I and Z has an expectation
in |0…0>: a term whose x-part lies outside X has expectation zero, whatever the angles, their laws and what they share.
The same in words of symmetry: some Z-string commutes with all axes, has |0…0> as its eigenstate, and anticommutes with the
term.

Z-strings that commute with all axes have the value 1 throughout, so terms that differ by one of them are the same number.

Pauli noise is diagonal in the strings and keeps x-parts, though it damps equal numbers by different factors. Amplitude
damping drops a Z that may have an x-part in the frame: nothing is said then.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.light_cone.alive import reach
from bplint.analyses.views import framed
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.noise import Noise
from bplint.ir.observable import Observable
from bplint.ir.pauli import LinearSpan, anticommute, flipped, multiply, x_part

_CANCELLED = 1e-14
"""A sum of coefficients this small beside the sum of their sizes is zero."""


class Parity(NamedTuple):
    """``observable`` has the same expectation as the declared one for all angles, and no term that vanishes.

    ``constant`` is the loss if nothing that is left can move, else None. ``vanishing`` terms were dropped for a symmetry
    of circuit and start; ``keeper`` is a string behind the circuit that has a certain value there and anticommutes with
    each of them, None if no single one of a basis does.
    """

    observable: Observable
    constant: float | None
    vanishing: int
    keeper: int | None


def parity(case: Case, ask: Ask, *, noise: Noise | None = None) -> Parity:
    """The loss without what is identically zero; ``noise`` is that of the case unless another is given."""
    noise, observable = case.context.noise if noise is None else noise, case.context.observable
    if not noise.is_unital or not (observable.terms or observable.projector):
        return Parity(observable, None, 0, None)
    axes = list(compress(ask(framed).axes, ask(reach).alive))
    return without_vanishing(observable, ask(framed), axes, exact=noise.is_trivial)


def without_vanishing(observable: Observable, frame: Frame, axes: Sequence[int], *, exact: bool = True) -> Parity:
    """:class:`Parity` for rotations about these axes of the frame. Terms are merged only if the circuit is ``exact``."""
    n = frame.n_qubits
    span = spanned((x_part(axis, n) for axis in axes), n)
    keepers = orthogonal(span, n)
    if observable.projector:
        return _projected(observable, frame, span, keepers)
    terms = [(string, *frame.pull(string), c) for string, c in observable.terms]
    kept = [term for term in terms if x_part(term[1], n) in span]
    flipped_parts = [x_part(term[1], n) for term in terms if x_part(term[1], n) not in span]
    merged = _merged(kept, LinearSpan(keepers), n) if exact else kept
    moved = any(anticommute(axis, pulled, n) for _, pulled, _, _ in merged for axis in axes)
    constant = None
    if not moved and (exact or not merged):
        still = (-c if negative else c for _, pulled, negative, c in merged if not x_part(pulled, n))
        constant = observable.constant + math.fsum(still)
    return Parity(
        observable._replace(terms=tuple(sorted((string, c) for string, _, _, c in merged))),
        constant,
        len(flipped_parts),
        _keeper(keepers, flipped_parts, frame),
    )


def spanned(vectors: Iterable[int], n: int) -> LinearSpan:
    """The span of many masks of n bits. Once some are in it, the others are tested on it or on what is orthogonal to it."""
    span, rest = LinearSpan(), list(dict.fromkeys(vectors))
    while rest and len(span) < n:
        for vector in rest[: n + 1]:
            span.add(vector)
        masks = orthogonal(span, n)
        if len(masks) > len(span):
            rest = [v for v in rest[n + 1 :] if v not in span]
        else:
            rest = [v for v in rest[n + 1 :] if any((v & mask).bit_count() & 1 for mask in masks)]
    return span


def orthogonal(span: LinearSpan, n: int) -> list[int]:
    """A basis of the masks of n bits that share an even number of bits with each of the span."""
    return [mask for position in range(n) if (mask := span.dual(position))]


_Term = tuple[int, int, bool, float]
"""A string behind the circuit, the same in the frame, whether its sign is negative there, and the coefficient."""


def _merged(terms: Sequence[_Term], keepers: LinearSpan, n: int) -> list[_Term]:
    """One term for all that differ by a product of the Z-strings whose masks are ``keepers``."""
    merged: dict[tuple[int, int], tuple[_Term, list[float]]] = {}
    for term in terms:
        _, pulled, negative, c = term
        key = x_part(pulled, n), keepers.reduce(pulled >> n)
        first, coefficients = merged.setdefault(key, (term, []))
        # P = ±FS with F the first of its class and S of value 1.
        _, k = multiply(first[1], first[1] ^ pulled, n)
        coefficients.append(-c if (k == 2) ^ negative ^ first[2] else c)
    summed = ((first, math.fsum(cs), math.fsum(map(abs, cs))) for first, cs in merged.values())
    return [(s, pulled, negative, c) for (s, pulled, negative, _), c, size in summed if abs(c) > _CANCELLED * size]


def _projected(observable: Observable, frame: Frame, span: LinearSpan, keepers: Sequence[int]) -> Parity:
    """Of the strings of a projector on m qubits only the identity is left if their x-parts are independent modulo X."""
    parts = [x_part(frame.pull(z)[0], frame.n_qubits) for z in observable.generators]
    outside = LinearSpan()
    m = len(parts)
    if not all(outside.add(span.reduce(part)) for part in parts):
        return Parity(observable, None, 0, None)
    return Parity(observable, 2.0**-m, m, _keeper(keepers, parts, frame) if m == 1 else None)


def _keeper(keepers: Sequence[int], parts: Sequence[int], frame: Frame) -> int | None:
    """A Z-string of the masks that flips each of these x-parts, carried to the end of the circuit."""
    n = frame.n_qubits
    for mask in keepers if parts else ():
        if all((mask & part).bit_count() & 1 for part in parts):
            return _pushed(mask << n, frame)
    return None


def _pushed(string: int, frame: Frame) -> int:
    """The string behind all Cliffords that :meth:`Frame.pull` takes to ``string``, without its sign."""
    n, turned = frame.n_qubits, flipped(string, frame.n_qubits)
    result = 0
    for q in range(n):
        x, z = frame.rows[2 * q][0], frame.rows[2 * q + 1][0]
        result |= ((z & turned).bit_count() & 1) << q | ((x & turned).bit_count() & 1) << (q + n)
    return result

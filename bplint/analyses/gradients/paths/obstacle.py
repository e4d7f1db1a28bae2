"""Where the path chain's argument holds: when it does not, which operation is in the way and why.

The chain carries one string where the second moment carries pairs. Averaging a free rotation with an angle of its own
keeps pairs apart (:mod:`.blocks`). A fixed rotation exp(-iφF/2) that is not a Clifford does not: P becomes
cos φ P + i sin φ FP, so (P, P) leads to the pairs (P, FP) and (FP, P) besides the diagonal ones that the chain counts.

Going backwards, let C be the products PQ of the pairs that the chain counts (of terms in one block: they commute with
all free axes and have only I and Z), and S a subspace of strings that holds C and the products of all other pairs.

* The identity is one more term: the pair (P, 1) is the mean of P.
* A free axis R averages to zero each pair whose product anticommutes with R, and keeps the product of the others; so
  do derivatives by its angle. S becomes the part of S that commutes with R. Under a law that is not uniform but symmetric
  it still keeps the product, yet need not average to zero: S stays as it is, and here such axes count as neither free
  nor fixed. A law that is not symmetric is a fixed rotation and a symmetric one (:mod:`.laws`).
* Pauli noise multiplies each pair by a number.
* A fixed axis F takes a pair with product D to pairs with products D and DF. S becomes S + {0, F}. If F is in S
  already, pairs may return to ones that the chain counts: interference. If F anticommutes with some of C, the chain
  does not hold.
* An axis that no string arriving at it anticommutes with does nothing, nor does one that only multiplies the state
  arriving at it by a phase (:mod:`bplint.analyses.light_cone.alive`).
* At the start a pair counts only if both strings, hence their product, have only I and Z. The chain is right if all
  such members of S are in C.

When the first fixed axis is met, S is spanned by the products of terms that no free axis has told apart.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence, Set
from functools import reduce
from itertools import chain, compress
from operator import xor
from typing import NamedTuple

from bplint.analyses.gradients.paths.angle_laws import Laws, laws
from bplint.analyses.gradients.paths.interfering_terms import block_keys, relations, signatures
from bplint.ir.circuit import Circuit, Role
from bplint.ir.frame import Frame, Turning
from bplint.ir.law import Init
from bplint.ir.observable import Observable
from bplint.ir.pauli import LinearSpan, anticommute, flipped, ones


class Obstacle(NamedTuple):
    """Why the chain does not apply. ``reason`` reads on from the name of ``operation``, a row of the circuit."""

    operation: int
    reason: str


def obstacle(
    circuit: Circuit,
    frame: Frame,
    observable: Observable,
    alive: Sequence[bool] | None = None,
    law: Laws | None = None,
) -> Obstacle | None:
    """What keeps the path chain from being exact for this circuit, or None.

    ``law`` belongs to a centred circuit; without it all angles are uniform.
    ``alive`` tells which rotations of the frame can matter. Without it, or where it is true in vain, a rotation that
    does nothing may count as an obstacle.
    """
    live = {i for i in range(len(frame.axes)) if alive is None or alive[i]}
    law = law or laws(circuit, Init())
    return _tied(circuit, frame, live, law) or _interference(circuit, frame, observable, live, law)


def separating(frame: Frame, law: Laws) -> list[bool]:
    """Which rotations of the frame average to zero the pairs whose product anticommutes with their axis."""
    separates = law.separates
    return [separates[operation] for operation in frame.operations]


def fixed_angles(circuit: Circuit) -> list[float]:
    """The angle φ of each operation exp(-iφP/2) in radians; nan where a parameter has no value, 0 for Cliffords."""
    values = [math.nan if p.value is None else p.value for p in circuit.parameters]
    constants = circuit.angles.columns.constant
    totals = [
        sum((c * values[parameter] for parameter, c in terms if c), constant)
        for constant, terms in zip(constants, circuit.angles.rows(), strict=True)
    ]
    rotations = zip(circuit.columns.angle, circuit.columns.factor, strict=True)
    return [factor * totals[row] if row >= 0 else 0.0 for row, factor in rotations]


def _tied(circuit: Circuit, frame: Frame, live: Set[int], law: Laws) -> Obstacle | None:
    """The first free rotation whose angle need not be independent of the others.

    It is if no other rotation has its parameters, or if it has one of its own that is uniform: that hides the rest.
    """
    free = [frame.operations[i] for i in sorted(live) if frame.turning[i] is Turning.FREE]
    moved = {
        k: [p for p, _ in circuit.operations[k].terms if circuit.parameters[p].role is not Role.FIXED] for k in free
    }
    uses = Counter(chain.from_iterable(moved.values()))
    for operation, parameters in moved.items():
        alone = [parameter for parameter in parameters if uses[parameter] == 1]
        if len(alone) < len(parameters) and not any(law.hides[parameter] for parameter in alone):
            return Obstacle(operation, _TIED)
    return None


_TIED = "shares its parameter with other rotations (tied, shared or controlled)"


def _interference(circuit: Circuit, frame: Frame, observable: Observable, live: Set[int], law: Laws) -> Obstacle | None:
    """The first fixed rotation, going backwards, that spoils the chain."""
    fixed = {i for i in live if frame.turning[i] is Turning.FIXED}
    if not fixed:
        return None
    n, angles = frame.n_qubits, fixed_angles(circuit)
    apart = separating(frame, law)
    terms = _Terms.of(frame, observable)
    counted = LinearSpan(terms.products(block_keys(frame, terms.strings, compress(frame.axes, apart))))
    last = max(fixed)
    after = list(compress(frame.axes[last:], apart[last:]))
    pending = _Pending(terms.products(signatures(terms.strings, after, n)), frame.operations[last])
    for i in range(last, -1, -1):
        axis, operation = frame.axes[i], frame.operations[i]
        if apart[i]:
            pending.keep_commuting(axis, n)
            continue
        if i not in fixed:
            continue
        if math.isnan(angles[operation]):
            return Obstacle(operation, "is fixed at an angle that is not given")
        if any(anticommute(axis, string, n) for string in counted):
            return Obstacle(operation, "is fixed and mixes terms that no free rotation separates")
        if not pending.split(axis, operation):
            return Obstacle(operation, "is fixed, and no free rotation separates it from the fixed ones after it")
    start = LinearSpan(flipped(string, n) for string in pending)  # X parts lead, so rows below 2^n have none
    for string in (row << n for row in start if row >> n == 0):
        if string not in counted:
            return Obstacle(pending.origin(string), "is fixed, and no free rotation before it separates its branches")
    return None


class _Terms(NamedTuple):
    """The terms of the loss in the frame and the identity: ``strings``, or the group that they generate."""

    strings: Sequence[int]
    is_group: bool

    @classmethod
    def of(cls, frame: Frame, observable: Observable) -> _Terms:
        is_group = bool(observable.projector)
        strings = observable.generators if is_group else (0, *observable.generators)
        return cls([frame.pull(string)[0] for string in strings], is_group)

    def products(self, keys: Sequence[int]) -> list[int]:
        """Generators of the products of two terms with equal keys, given linear keys of ``strings``."""
        if not self.is_group:
            first: dict[int, int] = {}
            return [string ^ first.setdefault(key, string) for string, key in zip(self.strings, keys, strict=True)]
        return [reduce(xor, (self.strings[i] for i in ones(relation))) for relation in relations(keys)]


class _Pending(LinearSpan):
    """The subspace S as an echelon basis; remembers which fixed rotation brought in each row."""

    def __init__(self, products: Sequence[int], operation: int) -> None:
        super().__init__(products)
        self._origin = dict.fromkeys(self._rows, operation)

    def split(self, axis: int, operation: int) -> bool:
        """Add the axis of a fixed rotation; False if it was inside."""
        rest = self.reduce(axis)
        if not rest:
            return False
        self._rows[rest.bit_length()] = rest
        self._origin[rest.bit_length()] = operation
        return True

    def origin(self, string: int) -> int:
        """The fixed rotation that brought in a member of S."""
        return self._origin[string.bit_length()]

"""Strings carried through a circuit as bit-planes, and the met-axes test by them: exact, and linear in the circuit's size.

Plane q of a list of integers holds the X bits of qubit q, plane n + q its Z bits, one bit a string. Gates act in the
circuit's order, where axes are short; those of the frame are long. Signs do not matter here.

An axis is *met* if it anticommutes with a member of a growing set: some strings to begin with, and the axes met so far.
Their span can have 2n dimensions, but walks of fixed width decide, and never wrongly:

1. Joined by or, a plane tells whether any member *may* have that bit. What does not meet it is unmet.
2. Each member gets a random word, so each bit of the words is the sum of a random half of the members, itself in the
   span. What meets it is met; what all bits miss is unmet but for a chance of 2^-64.
3. Axes about which the two disagree are carried the opposite way, one bit each. They must commute with all that was met
   before them; if one does not, the second walk is repeated with other words.

Pauli noise multiplies strings and makes no new ones. Amplitude damping does: going back a Z on a damped qubit becomes the
identity too, going forward the identity becomes Z. Either way Z of that qubit joins the members: going forward always, going
back where a member may have a Z there. So under damping what is unmet is so for certain, and some of what is met is not.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from functools import reduce
from itertools import count
from operator import or_, xor
from random import Random
from typing import NamedTuple, TypeAlias

from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.clifford import Join, Sums, clifford
from bplint.ir.noise import Noise
from bplint.ir.pauli import flipped, ones

WORD = 64
"""Random bits a member."""

CHECKED = 1 << 13
"""Axes carried at a time in the third walk, which takes 2n planes of so many bits."""

Planes: TypeAlias = list[int]


class Passage:
    """The operations of a circuit, which strings pass in either direction, and the qubits that ``noise`` damps between."""

    def __init__(self, circuit: Circuit, noise: Noise = Noise()) -> None:  # noqa: B008
        self.n_qubits = circuit.n_qubits
        self._steps = _steps(circuit, noise)
        self.n_rotations = sum(step.number >= 0 for step in self._steps if isinstance(step, _Rotation))
        """Those of the frame: free ones, and fixed ones that are not Cliffords."""

    def carry(
        self,
        planes: Planes,
        turn: Callable[[int, int], int],
        join: Join = xor,
        *,
        forward: bool = False,
        damp: Callable[[int, int], int] | None = None,
        moved: Callable[[set[int], int], None] | None = None,
    ) -> None:
        """Carry the strings in ``planes`` to the start, or ``forward`` to the end; ``join`` is xor, or or for what may be.

        ``turn(i, mask)`` is asked at rotation i of the frame, where the strings of the mask anticommute with its axis; it
        returns the mask of those to which the axis is added. ``damp(i, q)`` is asked where qubit q is damped, for the i-th
        time of all; it returns the mask of those to which Z of the qubit is added. ``moved(qubits, mask)`` is told which strings
        a Clifford gate on several qubits changes. The planes are changed in place.
        """
        for step in self._steps if forward else reversed(self._steps):
            if isinstance(step, _Clifford):
                targets, sources = step.forward if forward else step.back
                images = [_joined(planes, some, join) for some in sources]
                if moved is not None and len(qubits := {plane % self.n_qubits for plane in targets}) > 1:
                    changes = zip(targets, images, strict=True)
                    moved(qubits, reduce(or_, (planes[target] ^ image for target, image in changes)))
                for target, image in zip(targets, images, strict=True):
                    planes[target] = image
                continue
            if isinstance(step, _Damped):
                if damp is not None:
                    plane = step.qubit + self.n_qubits
                    planes[plane] = join(planes[plane], damp(step.number, step.qubit))
                continue
            meets = _joined(planes, step.reads, join)
            if added := meets if step.number < 0 else turn(step.number, meets):
                for plane in step.writes:
                    planes[plane] = join(planes[plane], added)


def planes_of(strings: Sequence[int], words: Sequence[int], n_qubits: int, join: Join = xor) -> Planes:
    """The planes that have string i in the bits of ``words[i]``."""
    planes = [0] * (2 * n_qubits)
    for string, word in zip(strings, words, strict=True):
        for bit in ones(string):
            planes[bit] = join(planes[bit], word)
    return planes


def met(passage: Passage, strings: Sequence[int], *, forward: bool = False) -> list[bool]:
    """Which rotations of the frame are met going back from ``strings`` behind the circuit, or ``forward`` from some before.

    A rotation at a fixed angle that is not a Clifford counts like any other.
    """
    possible, fed = _possible(passage, strings, forward)
    for seed in count():
        meeting = _seen_to_meet(passage, strings, fed, forward, Random(seed))
        doubtful = [i for i, may in enumerate(possible) if may and not meeting[i]]
        parts = (doubtful[i : i + CHECKED] for i in range(0, len(doubtful), CHECKED))
        if all(_commute(passage, part, meeting, fed, strings, not forward) for part in parts):
            break
    return meeting


def _possible(passage: Passage, strings: Sequence[int], forward: bool) -> tuple[list[bool], set[int]]:
    """No rotation that is met is missing; and where damping adds the Z of its qubit."""
    result, fed = [False] * passage.n_rotations, set[int]()

    def turn(rotation: int, mask: int) -> int:
        result[rotation] = mask != 0
        return mask

    def damp(number: int, qubit: int) -> int:
        if not forward and not planes[qubit + passage.n_qubits]:
            return 0
        fed.add(number)
        return 1

    planes = planes_of(strings, [1] * len(strings), passage.n_qubits, or_)
    passage.carry(planes, turn, or_, forward=forward, damp=damp)
    return result, fed


def _seen_to_meet(
    passage: Passage, strings: Sequence[int], fed: Container[int], forward: bool, random: Random
) -> list[bool]:
    """Only rotations that are met."""
    result = [False] * passage.n_rotations

    def turn(rotation: int, mask: int) -> int:
        result[rotation] = mask != 0
        return random.getrandbits(WORD) if mask else 0

    def damp(number: int, _: int) -> int:
        return random.getrandbits(WORD) if number in fed else 0

    planes = planes_of(strings, [random.getrandbits(WORD) for _ in strings], passage.n_qubits)
    passage.carry(planes, turn, forward=forward, damp=damp)
    return result


def _commute(
    passage: Passage,
    axes: Sequence[int],
    seen: Sequence[bool],
    fed: Container[int],
    strings: Sequence[int],
    forward: bool,
) -> bool:
    """Whether these axes, carried on, commute with all ``seen`` and ``fed`` that they come to and at last with the strings."""
    n = passage.n_qubits
    bits = {rotation: 1 << place for place, rotation in enumerate(axes)}
    wrong = 0

    def turn(rotation: int, mask: int) -> int:
        nonlocal wrong
        if seen[rotation]:
            wrong |= mask
        return bits.get(rotation, 0)

    def damp(number: int, qubit: int) -> int:
        nonlocal wrong
        if number in fed:
            wrong |= planes[qubit]
        return 0

    planes = [0] * (2 * n)
    passage.carry(planes, turn, forward=forward, damp=damp)
    return not wrong and not any(_joined(planes, ones(flipped(string, n)), xor) for string in strings)


def _joined(planes: Planes, places: Iterable[int], join: Join) -> int:
    result = 0
    for place in places:
        result = join(result, planes[place])
    return result


class _Rotation(NamedTuple):
    """Strings with an odd number of ones in the planes ``reads`` anticommute with the axis, which has ones in ``writes``.

    ``number`` counts the rotations of the frame; it is -1 for a quarter turn, which adds its axis to all of these.
    """

    number: int
    reads: tuple[int, ...]
    writes: tuple[int, ...]


class _Clifford(NamedTuple):
    """What becomes of the planes going ``back`` and ``forward``."""

    back: Sums
    forward: Sums


class _Damped(NamedTuple):
    """Amplitude damping of a qubit; ``number`` counts these."""

    number: int
    qubit: int


def _steps(circuit: Circuit, noise: Noise) -> list[_Rotation | _Clifford | _Damped]:
    """All operations that do anything, in circuit order."""
    n, number = circuit.n_qubits, 0
    steps: list[_Rotation | _Clifford | _Damped] = []
    damped, damping = 0, not noise.is_unital
    arities = circuit.gates.columns.arity if damping else []
    touched: dict[int, None] = {}
    planes_of_axis: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[tuple[int, ...], tuple[int, ...]]] = {}
    for operation in circuit.operations:
        if operation.code != ROTATION:
            row, planes = clifford(operation.code), [*operation.qubits, *[q + n for q in operation.qubits]]
            back = row.back.placed(planes)
            steps.append(_Clifford(back, back if row.forward == row.back else row.forward.placed(planes)))
        elif operation.quarter not in (0, 2):
            axis = operation.qubits, operation.letters
            if axis not in planes_of_axis:
                with_x = [q for q, letter in operation.axis if letter & 1]
                with_z = [q for q, letter in operation.axis if letter & 2]
                reads, writes = (*[q + n for q in with_x], *with_z), (*with_x, *[q + n for q in with_z])
                planes_of_axis[axis] = reads, writes
            moves = operation.quarter < 0
            steps.append(_Rotation(number if moves else -1, *planes_of_axis[axis]))
            number += moves
        if not damping:
            continue
        touched.update(dict.fromkeys(operation.qubits))
        if operation.ends_gate:
            if noise.feeds(arities[operation.gate]):
                steps += [_Damped(damped + i, qubit) for i, qubit in enumerate(touched)]
                damped += len(touched)
            touched = {}
    return steps

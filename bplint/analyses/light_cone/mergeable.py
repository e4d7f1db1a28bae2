"""Which parameters the loss sees only together: rotations about one axis with nothing between that does not commute.

In the frame of the start a circuit is a product of Pauli rotations. One that commutes with all between it and an earlier one
about the same axis joins that one's *block*, and only the sum of a block's angles matters (as T gates are merged: Zhang and
Chen, arXiv:1903.12456). So the loss is a function of φ = Aθ + c, one row a block, and parameters with proportional columns
of A are one parameter. Axes count as the same if they act alike on the state: s and sz do, if the Z-string z commutes with
all before and with s, for then z still has the value 1. Rotations that cannot matter at all (:mod:`.alive`) are left out.

Noise behind a gate has to commute too. It does with a rotation about one letter on one qubit if it damps the other two letters
alike: with every such rotation if it is depolarizing, with RZ if it is amplitude damping. All other axes on the gate's qubits
are taken not to commute with it, and under noise no string keeps the value 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.light_cone.alive import reach
from bplint.analyses.views import framed
from bplint.ir.circuit import ROTATION, Circuit, Role
from bplint.ir.clifford import clifford
from bplint.ir.context import Case
from bplint.ir.frame import Frame, Turning
from bplint.ir.noise import Noise
from bplint.ir.pauli import LinearSpan, multiply, ones, x_part


class Merge(NamedTuple):
    """The loss depends on ``parameters``, at least two, only through Σ weight · parameter; the first weight is 1."""

    parameters: tuple[int, ...]
    weights: tuple[float, ...]
    operations: tuple[int, ...]
    """The first rotation of each that matters."""
    by_state: bool
    """Whether that needs the start state: some axes differ by a string that has the value 1 there."""


class BlockPlace(NamedTuple):
    """The block of a rotation, and whether it turns about the negative of the block's axis."""

    block: int
    negative: bool
    by_state: bool


def redundancy(case: Case, ask: Ask) -> tuple[Merge, ...]:
    """All sets of trainable parameters that could be one parameter each, in circuit order."""
    frame, circuit = ask(framed), case.circuit
    places = blocks(circuit, frame, ask(reach).alive, case.context.noise)
    columns: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    first: dict[int, int] = {}
    by_state: set[int] = set()
    for i, place in enumerate(places):
        if place is None or frame.turning[i] is not Turning.FREE:
            continue
        operation = circuit.operations[frame.operations[i]]
        for parameter, coefficient in operation.terms:
            columns[parameter][place.block] += -coefficient if place.negative else coefficient
            first.setdefault(parameter, operation.number)
            if place.by_state:
                by_state.add(parameter)
    alike: dict[tuple[tuple[int, float], ...], list[tuple[int, float]]] = defaultdict(list)
    alone = _independent(circuit)
    for parameter, column in columns.items():
        entries = sorted((block, c) for block, c in column.items() if abs(c) > 1e-12)
        if parameter in alone and entries:
            scale = entries[0][1]
            alike[tuple((block, round(c / scale, 9)) for block, c in entries)].append((parameter, scale))
    return tuple(
        Merge(
            tuple(p for p, _ in members),
            tuple(scale / members[0][1] for _, scale in members),
            tuple(first[p] for p, _ in members),
            any(p in by_state for p, _ in members),
        )
        for members in alike.values()
        if len(members) > 1
    )


def _independent(circuit: Circuit) -> set[int]:
    """Trainable parameters that no expression binds to others."""
    bound = {source for p in circuit.parameters for source in p.sources}
    return {
        i
        for i, p in enumerate(circuit.parameters)
        if p.role is Role.TRAINABLE and not p.sources and p.name not in bound
    }


def blocks(circuit: Circuit, frame: Frame, alive: Iterable[bool], noise: Noise = Noise()) -> list[BlockPlace | None]:  # noqa: B008
    """The block of each rotation of the frame, None where it is not alive. Time: a few operations on masks a gate."""
    matters = dict(zip(frame.operations, alive, strict=True))
    position = {operation: i for i, operation in enumerate(frame.operations)}
    places: list[BlockPlace | None] = [None] * len(frame.operations)
    axes, opened = _Axes(frame.n_qubits, by_state=not noise.follows_gates), _OpenBlocks(frame.n_qubits)
    arities = circuit.gates.columns.arity if noise.follows_gates else []
    touched: set[int] = set()
    for operation in circuit.operations:
        qubits, letters = operation.qubits, operation.letters
        if operation.code != ROTATION:
            opened.push(operation.code, qubits)
        elif operation.quarter in (1, 3):
            opened.turn(qubits, letters)
        elif matters.get(operation.number, False):
            i = position[operation.number]
            block = axes.block(frame.axes[i], opened.slots)
            if block is None:
                opened.close(opened.meets(qubits, letters))
                block = axes.add(frame.axes[i])
                opened.open(block, qubits, letters)
            axis = axes.axes[block]
            _, phase = multiply(frame.axes[i], frame.axes[i] ^ axis, frame.n_qubits)
            places[i] = BlockPlace(block, frame.negative[i] != (phase == 2), axis != frame.axes[i])
        if noise.follows_gates:
            touched.update(qubits)
            if operation.ends_gate:
                opened.damp(touched, noise, arities[operation.gate])
                touched.clear()
    return places


class _OpenBlocks:
    """The blocks that a rotation can still join: all since their first commutes with them.

    Their axes are carried along the circuit, where gates are local: bit k of plane q says that the axis in slot k has an X
    part on qubit q, of plane n + q a Z part.
    """

    def __init__(self, n_qubits: int) -> None:
        self.slots: dict[int, int] = {}
        """The slot of each open block."""
        self._n = n_qubits
        self._planes = [0] * (2 * n_qubits)
        self._owners: list[int] = []
        self._free: list[int] = []
        self._closed = 0
        self._single = 0
        """The slots whose axes have always been on one qubit."""

    def open(self, block: int, qubits: Sequence[int], letters: Sequence[int]) -> None:
        if not self._free:
            self._clean()
        slot = self._free.pop()
        self._owners[slot] = block
        self.slots[block] = slot
        self._single = self._single & ~(1 << slot) | (len(qubits) == 1) << slot
        for q, letter in zip(qubits, letters, strict=True):
            self._planes[q] |= (letter & 1) << slot
            self._planes[q + self._n] |= (letter >> 1) << slot

    def close(self, slots: int) -> None:
        for slot in ones(slots & ~self._closed):
            self.slots.pop(self._owners[slot], None)
        self._closed |= slots

    def meets(self, qubits: Sequence[int], letters: Sequence[int]) -> int:
        """The slots whose axes anticommute with a string."""
        mask = 0
        for q, letter in zip(qubits, letters, strict=True):
            mask ^= (self._planes[q + self._n] if letter & 1 else 0) ^ (self._planes[q] if letter & 2 else 0)
        return mask

    def push(self, code: int, qubits: Sequence[int]) -> None:
        """Past a Clifford, P -> C P C†, signs aside."""
        clifford(code).on_planes(self._planes, qubits, forward=True)
        if len(qubits) == 2:
            self._single &= ~(self._on(qubits[0]) & self._on(qubits[1]))

    def turn(self, qubits: Sequence[int], letters: Sequence[int]) -> None:
        """Past a quarter turn about G: P becomes GP where they anticommute."""
        mask = self.meets(qubits, letters)
        for q, letter in zip(qubits, letters, strict=True):
            self._planes[q] ^= mask if letter & 1 else 0
            self._planes[q + self._n] ^= mask if letter & 2 else 0
        if len(qubits) > 1:
            self._single &= ~mask

    def damp(self, qubits: Iterable[int], noise: Noise, arity: int) -> None:
        """Close what does not commute with the noise behind a gate."""
        x, z, y = noise.local(arity)
        if (noise.joint(arity), x, z, y) == (1.0, 1.0, 1.0, 1.0):
            return
        fed = noise.feeds(arity)
        commuting = {1: y == z and not fed, 2: x == y, 3: x == z and not fed}
        for q in qubits:
            with_x, with_z = self._planes[q], self._planes[q + self._n]
            masks = {1: with_x & ~with_z, 2: with_z & ~with_x, 3: with_x & with_z}
            for letter, mask in masks.items():
                self.close(mask & ~self._single if commuting[letter] else mask)

    def _on(self, qubit: int) -> int:
        return self._planes[qubit] | self._planes[qubit + self._n]

    def _clean(self) -> None:
        """Empty the closed slots, and add as many as are open: so each cleaning is paid for by the blocks after it."""
        kept = ~self._closed
        self._planes = [plane & kept for plane in self._planes]
        self._free = list(ones(self._closed))
        self._closed = 0
        fresh = max(64, len(self.slots)) if len(self._free) < len(self.slots) or not self._owners else 0
        self._free += range(len(self._owners), len(self._owners) + fresh)
        self._owners += [-1] * fresh


class _Axes:
    """The axes of blocks in the frame, found again ``by_state`` up to Z-strings that have the value 1 in the state so far."""

    def __init__(self, n_qubits: int, *, by_state: bool) -> None:
        self.axes: list[int] = []
        self._n = n_qubits
        self._values = _Values(n_qubits if by_state else 0)
        self._known: dict[int, tuple[int, dict[int, int]]] = {}
        """For each X part: the rank of the values when it was written, and blocks by the rest of their Z parts."""

    def block(self, axis: int, opened: dict[int, int]) -> int | None:
        """The open block with such an axis."""
        x = x_part(axis, self._n)
        rank, blocks = self._known.get(x, (-1, {}))
        if rank != len(self._values):
            blocks = {self._values.reduce(self.axes[b] >> self._n): b for b in blocks.values() if b in opened}
            self._known[x] = len(self._values), blocks
        block = blocks.get(self._values.reduce(axis >> self._n))
        return block if block in opened else None

    def add(self, axis: int) -> int:
        """A new block. From now on only what commutes with its axis has the value 1."""
        block = len(self.axes)
        self.axes.append(axis)
        x = x_part(axis, self._n)
        self._known[x][1][self._values.reduce(axis >> self._n)] = block
        self._values.keep(x)
        return block


class _Values:
    """The Z-strings that commute with all so far, hence have the value 1; at first all of them. Masks over qubits."""

    def __init__(self, n_qubits: int) -> None:
        self._rows = {q: 1 << q for q in range(n_qubits)}
        self._leads = (1 << n_qubits) - 1
        self._passed = LinearSpan()

    def __len__(self) -> int:
        return len(self._rows)

    def reduce(self, z: int) -> int:
        """The same for strings that differ by a member, and only for these."""
        while here := z & self._leads:
            z ^= self._rows[here.bit_length() - 1]
        return z

    def keep(self, x: int) -> None:
        """Keep those that commute with an X part."""
        if not self._rows or not self._passed.add(x):
            return
        # The pivot has the lowest leading bit, so the leading bits of the others stay.
        pivot, *others = sorted(lead for lead, row in self._rows.items() if (row & x).bit_count() & 1)
        removed = self._rows.pop(pivot)
        self._leads ^= 1 << pivot
        for lead in others:
            self._rows[lead] ^= removed

"""The steps in which strings are carried backwards through a circuit: what many disjoint operations do at once.

Operations of one moment act on disjoint qubits, so those of one kind are one step. Strings are bit-planes: row q of an
array holds the X bits of qubit q, row n + q its Z bits, one column a machine word of 64 strings.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.analyses.gradients.paths.angle_laws import Laws
from bplint.analyses.gradients.paths.obstacle import fixed_angles
from bplint.ir.circuit import ROTATION, Circuit, Flags, Floats, Index, Offsets, Turns
from bplint.ir.clifford import Clifford, clifford
from bplint.ir.noise import Noise


class Rotations(NamedTuple):
    """k rotations of one moment about axes that span p planes each.

    A string anticommutes with axis i if its bits in the planes ``reads[:, i]`` have odd sum; a flip adds the axis, which
    has ones in the planes ``writes[:, i]`` (both (p, k)). ``flip`` is the chance of a flip and ``mean`` is E[cos φ], 0
    for fixed rotations too. Free rotation number ``first`` + i, counted in the order of the steps; fixed ones have no
    ``first``.
    """

    reads: Index
    writes: Index
    flip: float
    mean: float
    first: int | None

    @property
    def quarter(self) -> bool:
        """Fixed at an odd multiple of π/2: Cliffords."""
        return self.first is None and self.flip == 1

    @property
    def biased(self) -> bool:
        """Free, under a law that is not as good as uniform."""
        return self.first is not None and (self.flip, self.mean) != (0.5, 0.0)


class Cliffords(NamedTuple):
    """k equal Cliffords of one moment: plane ``targets[t][i]`` becomes the sum of the planes ``sources[t][:, i]``."""

    targets: tuple[Index, ...]
    sources: tuple[Index, ...]


class Noisy(NamedTuple):
    """The noise of k gates on a qubits each, ``qubits`` (a, k).

    ``joint`` multiplies a string that is not the identity on all of them, ``local`` each X, Z and Y on one of them.
    """

    qubits: Index
    joint: float
    local: tuple[float, float, float]


Step: TypeAlias = Rotations | Cliffords | Noisy


class Schedule(NamedTuple):
    """The steps from the last moment to the first; free rotation ``order[j]`` of the circuit is number j in them.

    Those from step ``leading`` on act on one qubit each, on which nothing else comes earlier in the circuit, no noise
    either.
    """

    n_qubits: int
    steps: list[Step]
    order: Index
    leading: int


def schedule(circuit: Circuit, laws: Laws, noise: Noise) -> Schedule:
    """All steps of a centred circuit. A rotation fixed at an angle that is not known flips with probability ½."""
    n, quarters = circuit.n_qubits, np.array(circuit.quarters, dtype=np.int8)
    moment, noisy = _moments(circuit, noise) if noise.follows_gates else (circuit.moment, [])
    flip, free = _flips(circuit, quarters, laws), quarters == -1
    mean = np.where(free, laws.mean, 0.0)
    reads, writes, offset, n_planes = _planes(circuit)
    first_of_all = _leading(circuit) & (not noise.follows_gates)
    kinds = np.stack([first_of_all, -moment.astype(np.float64), circuit.code, free, n_planes, flip, mean])
    live = np.flatnonzero((circuit.code != ROTATION) | (flip > 0) | free)
    live = live[np.lexsort(kinds[::-1, live])]
    edges = np.flatnonzero((kinds[:, live[1:]] != kinds[:, live[:-1]]).any(axis=0)) + 1
    number = np.cumsum(free) - 1
    steps: list[Step] = []
    order: list[Index] = []
    row = last = 0
    for group in np.split(live, edges) if len(live) else ():
        first = group[0]
        while noisy and noisy[-1][0] > moment[first]:
            steps.append(noisy.pop()[1])
        last += bool(first_of_all[first])
        if circuit.code[first] != ROTATION:
            gate = clifford(int(circuit.code[first]))
            qubits = circuit.qubits[circuit.start[group] + np.arange(gate.n_qubits)[:, None]]
            steps.append(_cliffords(gate, qubits.astype(np.intp), n))
            continue
        places = offset[group] + np.arange(n_planes[first])[:, None]
        place = row if free[first] else None
        steps.append(Rotations(reads[places], writes[places], float(flip[first]), float(mean[first]), place))
        if free[first]:
            order.append(number[group])
            row += len(group)
    steps += [step for _, step in reversed(noisy)]
    return Schedule(n, steps, np.concatenate(order) if order else np.empty(0, dtype=np.intp), len(steps) - last)


def _leading(circuit: Circuit) -> Flags:
    """Operations on one qubit that no operation on several precedes there."""
    width, number = np.diff(circuit.start), np.arange(len(circuit))
    joined = np.full(circuit.n_qubits, len(circuit))
    np.minimum.at(joined, circuit.qubits, np.repeat(np.where(width > 1, number, len(circuit)), width))
    return np.asarray((width == 1) & (number < np.minimum.reduceat(joined[circuit.qubits], circuit.start[:-1])))


def _flips(circuit: Circuit, quarters: Turns, laws: Laws) -> Floats:
    """Flip probability of each operation; 0 for Cliffords.

    An angle that is not known gets ½: :mod:`.coherence` lets it pass only where it does not matter.
    """
    fixed = np.nan_to_num(np.sin(fixed_angles(circuit)) ** 2, nan=0.5)
    return np.asarray(np.where(quarters == -2, fixed, np.where(quarters == -1, laws.flip, quarters % 2)))


def _planes(circuit: Circuit) -> tuple[Index, Index, Index, Offsets]:
    """Planes that the rotations read, planes that they write, and of each operation its offset and number in both."""
    n, letters = circuit.n_qubits, circuit.letters
    entry = np.repeat(np.arange(len(circuit)), np.diff(circuit.start))
    with_x, with_z = np.flatnonzero(letters & 1), np.flatnonzero(letters & 2)
    operation = np.concatenate([entry[with_x], entry[with_z]])
    writes = np.concatenate([circuit.qubits[with_x], circuit.qubits[with_z] + n])[np.argsort(operation, kind="stable")]
    number = np.bincount(operation, minlength=len(circuit))
    return ((writes + n) % (2 * n)).astype(np.intp), writes.astype(np.intp), np.cumsum(number) - number, number


def _cliffords(gate: Clifford, qubits: Index, n: int) -> Cliffords:
    """One Clifford on the columns of ``qubits`` (arity, k), sign-free."""
    planes = np.concatenate([qubits, qubits + n])
    targets, sources = gate.back
    return Cliffords(tuple([planes[target] for target in targets]), tuple([planes[list(some)] for some in sources]))


def _moments(circuit: Circuit, noise: Noise) -> tuple[Offsets, list[tuple[int, Noisy]]]:
    """Moments of the operations with a moment for the noise behind each gate, and the noise in the order of moments."""
    depth, moment = [0] * circuit.n_qubits, [0] * len(circuit)
    groups: dict[tuple[int, int, int], list[list[int]]] = {}
    arities = circuit.gates.columns.arity
    touched: dict[int, None] = {}
    for operation in circuit.operations:
        here = moment[operation.number] = max(depth[q] for q in operation.qubits)
        for q in operation.qubits:
            depth[q] = here + 1
        touched.update(dict.fromkeys(operation.qubits))
        if not operation.ends_gate:
            continue
        arity, last = min(arities[operation.gate], 2), max(depth[q] for q in touched)
        if (noise.joint(arity), *noise.local(arity)) != (1.0, 1.0, 1.0, 1.0):
            groups.setdefault((last, arity, len(touched)), []).append(list(touched))
            for q in touched:
                depth[q] = last + 1
        touched = {}
    steps = [
        (last, Noisy(np.array(members, dtype=np.intp).T, noise.joint(arity), noise.local(arity)))
        for (last, arity, _), members in sorted(groups.items())
    ]
    return np.array(moment, dtype=np.int64), steps

"""What a law of the angles means for strings: how often a rotation flips them, and how much of a mean it keeps.

A rotation by φ about G takes a string P that anticommutes with G to cos φ P + i sin φ GP. Write φ = μ + φ' with φ'
symmetric about zero. The offset μ is a fixed rotation of its own, a Clifford if it is a multiple of π/2; :func:`centred`
makes it one. What is left has E[sin φ'] = E[sin φ' cos φ'] = 0, and two numbers say the rest: E[sin² φ'], the chance of
a flip, and E[cos φ'], which a string keeps of its mean.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from bplint.ir.circuit import Circuit, OperationColumns, Role, Spelling, angle_table
from bplint.ir.law import Init


class Laws(NamedTuple):
    """E[sin² φ] and E[cos φ] of each operation that is a free rotation of a centred circuit, nan of the others.

    Under the uniform law they are exactly ½ and 0. ``hides`` are the parameters (a flag each) that are uniform.
    """

    flip: tuple[float, ...]
    mean: tuple[float, ...]
    hides: tuple[bool, ...]

    @property
    def separates(self) -> tuple[bool, ...]:
        """Free rotations that average out each pair of strings of which only one anticommutes: E[cos φ] = 0."""
        return tuple([mean == 0 for mean in self.mean])

    @property
    def are_uniform(self) -> bool:
        """Whether all free rotations are as good as uniform."""
        return not any(self.biased)

    @property
    def biased(self) -> tuple[bool, ...]:
        """Free rotations whose law is not as good as uniform."""
        laws = zip(self.flip, self.mean, strict=True)
        return tuple([not math.isnan(mean) and (mean != 0 or flip != 0.5) for flip, mean in laws])


def laws(circuit: Circuit, init: Init) -> Laws:
    """The laws of a circuit's rotations, each as if its parameters occurred nowhere else and its offset were zero."""
    flip = [0.5 if quarter == -1 else math.nan for quarter in circuit.quarters]
    mean = [0.0 if quarter == -1 else math.nan for quarter in circuit.quarters]
    if init.is_uniform:
        return Laws(tuple(flip), tuple(mean), (True,) * len(circuit.parameters))
    law = [init.law(p) if p.role is not Role.FIXED else None for p in circuit.parameters]
    for k, quarter in enumerate(circuit.quarters):
        if quarter != -1:
            continue
        once = twice = 1.0
        for parameter, scale in circuit.operations[k].terms:
            if own := law[parameter]:
                once *= own.characteristic(scale)
                twice *= own.characteristic(2 * scale)
        flip[k], mean[k] = (1 - twice) / 2, once
    return Laws(tuple(flip), tuple(mean), tuple(own is not None and own.is_uniform for own in law))


def centred(circuit: Circuit, init: Init) -> Circuit:
    """The same circuit with each offset that matters as a fixed rotation in front of its rotation.

    Offsets are those of the angle (its constant, fixed parameters) and the means of the laws. Under the uniform law none
    matters. Free rotations keep their order and gates theirs; the free rotations that are left have symmetric angles.
    """
    if init.is_uniform:
        return circuit
    columns, rows = circuit.angles.columns, circuit.angles.rows()
    biased = [k for k, chosen in enumerate(laws(circuit, init).biased) if chosen]
    constant, terms, spelling = columns.constant.tolist(), list(rows), columns.spelling.tolist()
    halves: dict[int, tuple[int, int]] = {}
    for row in dict.fromkeys(circuit.columns.angle[k] for k in biased):
        fixed = [(p, c) for p, c in rows[row] if circuit.parameters[p].role is Role.FIXED]
        moving = [(p, c) for p, c in rows[row] if circuit.parameters[p].role is not Role.FIXED]
        shift = sum(c * init.law(circuit.parameters[p]).mean for p, c in moving)
        if constant[row] + shift or any(c for _, c in fixed):
            halves[row] = (len(constant), len(constant) + 1)
            constant += [constant[row] + shift, 0.0]
            terms += [fixed, moving]
            spelling += [Spelling.PRECISE if shift else spelling[row], Spelling.PRECISE]
    if not halves:
        return circuit
    split = {k: halves[row] for k in biased if (row := circuit.columns.angle[k]) in halves}
    return replace(circuit, columns=_with_halves(circuit, split), angles=angle_table(constant, terms, spelling))


def _with_halves(circuit: Circuit, split: Mapping[int, tuple[int, int]]) -> OperationColumns:
    """Each operation of ``split`` twice, turned by its two rows of angles: first by the fixed one."""
    old, new = circuit.columns, OperationColumns.empty()
    for k in range(len(circuit)):
        entries = slice(*old.start[k : k + 2])
        for part, row in enumerate(split.get(k, (old.angle[k],))):
            new.code.append(old.code[k])
            new.qubits.extend(old.qubits[entries])
            new.letters.extend(old.letters[entries])
            new.start.append(len(new.qubits))
            new.angle.append(row)
            new.factor.append(old.factor[k])
            new.gate.append(old.gate[k])
            new.moment.append(2 * old.moment[k] + part)  # keeps operations that share a qubit apart and in order
    return new

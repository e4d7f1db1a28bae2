"""Noise as steps of the dictionary: what follows each gate, seen in the frame."""

from __future__ import annotations

from collections.abc import Sequence

from bplint.analyses.gradients.propagation.propagate import Scale, SplitStep, Step
from bplint.ir.circuit import Circuit
from bplint.ir.gate_ends import Image, gate_ends
from bplint.ir.noise import Noise, NoiseKind


def behind_gates(circuit: Circuit, noise: Noise) -> dict[int, list[Step]]:
    """The steps behind the last operation of each gate, in the order in which the channels act."""
    return {end.operation: _noise_of_gate(end.images, end.arity, noise) for end in gate_ends(circuit)}


def _noise_of_gate(images: Sequence[tuple[Image, Image]], arity: int, noise: Noise) -> list[Step]:
    """``images`` are those of X and Z of the gate's qubits."""
    strings = tuple((x, z) for (x, _), (z, _) in images)
    if noise.is_unital:
        return _scale(strings, noise.local(arity), noise.joint(arity))
    steps: list[Step] = []
    for channel in noise.channels:
        if not channel.acts(arity):
            continue
        alone = Noise((channel,))
        x_factor, z_factor, y_factor = alone.local(arity)
        if channel.kind is not NoiseKind.DAMPING:
            steps += _scale(strings, alone.local(arity), alone.joint(arity))
            continue
        steps += _scale(strings, (x_factor, 1.0, y_factor), 1.0)
        gamma = 1 - z_factor
        for (x, _), (z, phase) in images:
            fed = -gamma if phase else gamma
            steps.append(SplitStep(z, (z_factor**2, fed**2, z_factor * fed), (z_factor, fed), image=x))
    return steps


def _scale(images: tuple[tuple[int, int], ...], local: tuple[float, float, float], joint: float) -> list[Step]:
    return [Scale(images, local, joint)] if (*local, joint) != (1.0, 1.0, 1.0, 1.0) else []

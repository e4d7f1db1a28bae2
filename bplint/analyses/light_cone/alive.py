"""Which rotations can matter to the loss at all: the met-axes test, exact and in polynomial time.

Backwards from the observable, a rotation is *met* iff its axis anticommutes with a term of O or with an axis met before;
an unmet rotation commutes with everything the loss sees. Forwards from |0…0>, a rotation about a string that stabilises
every state it can act on changes a phase only: it is unmet beginning with Z of every qubit. Either way the gradient is
identically zero (theory section 4; :mod:`.passage` for how). For parameters that drive several rotations the test is sound
but not complete. It holds under the declared noise; under amplitude damping, where it is not complete either, an eigenstate
does not stay one and what was measured as Z feeds the identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import compress
from random import Random
from typing import NamedTuple, TypeAlias

from bplint.analyses.ask import Ask
from bplint.analyses.light_cone.passage import Passage, met, planes_of
from bplint.ir.circuit import Circuit, Role
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.noise import Noise
from bplint.ir.observable import Observable
from bplint.ir.pauli import anticommute, flipped, x_part

LANES = 1 << 12
"""Random ways back that are tried before all strings are listed."""


class Reach(NamedTuple):
    """``alive[i]``: rotation i of the frame can matter. ``dead`` are the trainable parameters that are used and cannot, ``unread``
    those that carry data.

    ``unseen`` of them turn nothing that the loss can become; ``idle`` ones only turn phases, as every state that reaches
    their rotations is an eigenstate. A parameter may be both, or neither where its rotations are dead for different reasons.
    """

    alive: tuple[bool, ...]
    dead: tuple[int, ...]
    live: tuple[int, ...]
    unseen: tuple[int, ...] = ()
    idle: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()


def passage(case: Case, ask: Ask) -> Passage:
    """What strings pass in the circuit, under the declared noise."""
    return _passage(case.circuit, case.context.noise)


def reach(case: Case, ask: Ask, *, noise: Noise | None = None) -> Reach:
    """The met-axes test in both directions, for rotations and for trainable parameters, under the declared noise or another."""
    return _reach(case.circuit, case.context.observable, case.context.noise if noise is None else noise)


@lru_cache(maxsize=2)  # one circuit is asked about with several numbers of shots and starts
def _passage(circuit: Circuit, noise: Noise) -> Passage:
    return Passage(circuit, noise)


@lru_cache(maxsize=2)
def _reach(circuit: Circuit, observable: Observable, noise: Noise) -> Reach:
    n, way = circuit.n_qubits, _passage(circuit, noise)
    backward = met(way, observable.generators)
    forward = met(way, [1 << (q + n) for q in range(n)], forward=True)
    alive = tuple(b and f for b, f in zip(backward, forward, strict=True))
    sides = list(zip(backward, forward, alive, strict=True))
    used, data = _parameters(circuit, sides, Role.TRAINABLE), _parameters(circuit, sides, Role.DATA)
    return Reach(
        alive=alive,
        dead=tuple(p for p, (_, _, matters) in used.items() if not matters),
        live=tuple(p for p, (_, _, matters) in used.items() if matters),
        unseen=tuple(p for p, (seen, _, _) in used.items() if not seen),
        idle=tuple(p for p, (_, moves, _) in used.items() if not moves),
        unread=tuple(p for p, (_, _, matters) in data.items() if not matters),
    )


def reach_under(ask: Ask, noise: Noise) -> Reach:
    """:func:`reach` under this noise, shared by all noise that makes no new strings of the declared one's."""
    declared = ask.case.context.noise
    return ask(reach) if noise == declared or (noise.is_unital and declared.is_unital) else ask(reach, noise=noise)


def visible(way: Passage, frame: Frame, observable: Observable, alive: Sequence[bool], *, limit: int = 4096) -> bool:
    """Whether some string that a moving term can become has only I and Z; if none has, the loss is exactly constant.

    Follows all strings backwards while they are at most ``limit``; beyond it the answer is True, for all one can tell.
    ``alive`` tells which rotations of the frame can matter.
    """
    n = frame.n_qubits
    if len(observable.projector) > limit.bit_length() - 1 or len(observable.terms) > limit:
        return True
    strings = observable.written_out().generators
    if _glimpsed(way, strings):
        return True
    axes = list(compress(frame.axes, alive))
    pulled = {frame.pull(string)[0] for string in strings}
    moving = {string for string in pulled if any(anticommute(axis, string, n) for axis in axes)}
    for axis in reversed(axes):
        turned = flipped(axis, n)
        moving |= {axis ^ string for string in moving if (turned & string).bit_count() & 1}
        if len(moving) > limit:
            return True
    return any(x_part(string, n) == 0 for string in moving)


def _glimpsed(way: Passage, strings: Sequence[int]) -> bool:
    """Whether a string that met a rotation ends with I and Z alone, on random ways back: True is certain."""
    n, random = way.n_qubits, Random(0)
    if not strings:
        return False
    each = LANES // len(strings)
    moved = 0

    def turn(_: int, mask: int) -> int:
        nonlocal moved
        moved |= mask
        return mask & random.getrandbits(LANES) if mask else 0

    planes = planes_of(strings, [((1 << each) - 1) << (i * each) for i in range(len(strings))], n)
    way.carry(planes, turn)
    for plane in planes[:n]:
        moved &= ~plane
    return moved != 0


_Sides: TypeAlias = tuple[bool, bool, bool]
"""Whether the loss meets it, whether it moves a state, and whether both are so of one rotation."""


def _parameters(circuit: Circuit, sides: Iterable[_Sides], role: Role) -> dict[int, _Sides]:
    """The parameters of a role in order, with what is so of some rotation of theirs."""
    used: dict[int, _Sides] = {}
    rotations = (operation for operation in circuit.operations if operation.quarter < 0)
    for operation, (seen, moves, matters) in zip(rotations, sides, strict=True):
        for parameter, _ in operation.terms:
            if circuit.parameters[parameter].role is role:
                before = used.get(parameter, (False, False, False))
                used[parameter] = (before[0] or seen, before[1] or moves, before[2] or matters)
    return dict(sorted(used.items()))

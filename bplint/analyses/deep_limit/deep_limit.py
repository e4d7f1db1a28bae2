"""The deep limit of the loss: its mean and variance if the circuit's own rotations were repeated for ever.

The axes are those of the frame, as for the algebra, and every turn has a fresh angle, uniform on a period: the declared law
of the start does not enter. Declared Pauli noise acts in every repetition (:mod:`.unital_noise`); under amplitude damping the
limit is not known. Where more layers lead is not what a shallow circuit does. Show the limit beside the measured value, and
never decide by it alone.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Ask, analysis
from bplint.analyses.light_cone.alive import reach
from bplint.analyses.views import framed
from bplint.bounds import Status
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.frame import Frame, Turning
from bplint.ir.noise import Noise
from bplint.ir.observable import Observable
from bplint.ir.pauli import anticommute, weight, x_part
from bplint.number_format import number

if TYPE_CHECKING:
    from bplint.analyses.deep_limit.orbits import Orbits
    from bplint.analyses.gradients.paths.interfering_terms import Blocks

PROJECTOR_LIMIT = 1024
"""Terms of a projector whose orbits are counted one by one, where they are not all of one or two kinds."""


class Deep(NamedTuple):
    """Mean and variance in the limit; ``log2_variance`` also where that is no double, -inf for a constant loss.

    ``noise`` is the declared one that acts in each repetition, empty if there is none. ``method`` is ``structure`` where it
    follows from the ideals of the algebra.
    """

    status: Status
    reason: str = ""
    mean: float = 0.0
    variance: float = 0.0
    log2_variance: float = -math.inf
    noise: str = ""
    method: str = "orbit"

    def as_json(self) -> dict[str, object]:
        if self.status is not Status.EXACT:
            return {"status": self.status, "reason": self.reason}
        return {
            "status": self.status,
            "mean": self.mean,
            "second_moment": self.mean**2 + self.variance,
            "variance": self.variance,
            "log2_variance": None if math.isinf(self.log2_variance) else round(self.log2_variance, 6),
            "method": self.method,
            **({"noise": self.noise} if self.noise else {}),
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        if self.status.told:
            how = "the loss after ever more of the same layers" + f" under {self.noise}" * bool(self.noise)
            yield "deep_limit", f"mean {number(self.mean)}, variance {number(self.variance)} (exact): {how}"


@analysis("deep_limit", in_profile=True)
def deep_limit(case: Case, ask: Ask) -> Deep:
    """The deep limit of the loss: exact, or the reason why it is not known."""
    return ask(deeper)


def deeper(case: Case, ask: Ask) -> Deep:
    """The same as :func:`deep_limit`, for those who only add it to what they say: not reported as an answer."""
    frame, reached = ask(framed), ask(reach)
    if not (reached.live or reached.dead):
        return Deep(Status.SKIPPED, "no trainable parameter was found")
    if reason := _tied(case, frame):
        return _from_structure(case, ask, frame) or Deep(Status.INCONCLUSIVE, reason)
    if reason := _untrained(case, frame, reached.alive):
        return Deep(Status.INCONCLUSIVE, reason)
    noise, observable = case.context.noise, case.context.observable
    if not noise.is_trivial:
        if len(observable.projector) >= PROJECTOR_LIMIT.bit_length():
            return Deep(
                Status.INCONCLUSIVE, f"projectors on {len(observable.projector):,} qubits are not followed under noise"
            )
        observable = _read_out(observable.written_out(), noise)
    if noise.follows_gates:
        return _damped(case, frame, observable)
    # Here and not above: runs that do not ask must not pay for loading these.
    from bplint.analyses.gradients.paths.interfering_terms import blocks

    parts = blocks(frame, observable)
    terms = list(_terms(frame, parts, ask(orbits)))
    if None in terms:
        return Deep(Status.INCONCLUSIVE, "counting the orbits of the terms takes more than the work allowed")
    known = [term for term in terms if term and term[1]]
    variance = math.fsum(square * (hits / size) for square, hits, size in known)
    logs = [math.log2(square) + math.log2(hits) - math.log2(size) for square, hits, size in known]
    top = max(logs, default=-math.inf)
    log2_variance = top + math.log2(math.fsum(math.exp2(log - top) for log in logs)) if logs else top
    return Deep(Status.EXACT, "", parts.mean, variance, log2_variance, "" if noise.is_trivial else str(noise))


def _from_structure(case: Case, ask: Ask, frame: Frame) -> Deep | None:
    """The limit where the ideals of the algebra give it, for tied angles too, if no noise is declared.

    It is that of the group which the layers generate. Where all that a parameter turns commutes, the others at zero leave the
    exponentials of its generator alone, and that group is the one of the algebra.
    """
    from bplint.analyses.dla.structure import structure

    if not case.context.noise.is_trivial or not _at_once(case, frame):
        return None
    algebra = ask(structure)
    if not algebra.variance or algebra.mean is None:
        return None
    return Deep(
        status=Status.EXACT,
        mean=algebra.mean,
        variance=algebra.variance,
        log2_variance=math.log2(algebra.variance),
        method="structure",
    )


def _at_once(case: Case, frame: Frame) -> bool:
    """Whether each parameter turns commuting axes, and nothing turns by an offset or by several parameters."""
    turned: dict[int, list[int]] = defaultdict(list)
    for axis, place in zip(frame.axes, frame.operations, strict=True):
        operation = case.circuit.operations[place]
        if operation.constant or len(operation.terms) != 1:
            return False
        turned[operation.terms[0][0]].append(axis)
    n = frame.n_qubits
    return not any(anticommute(a, b, n) for axes in turned.values() for a, b in combinations(set(axes), 2))


def _read_out(observable: Observable, noise: Noise) -> Observable:
    """A sum as the readout shows it on average."""
    n = observable.n_qubits
    return observable._replace(terms=tuple((s, c * noise.readout_factor(weight(s, n))) for s, c in observable.terms))


def _damped(case: Case, frame: Frame, observable: Observable) -> Deep:
    """The limit under noise behind gates: all that moves is damped away, or the limit is not known."""
    noise = case.context.noise
    if not noise.is_unital:
        return Deep(
            Status.INCONCLUSIVE, "amplitude damping feeds the identity: where ever more layers lead is not known"
        )
    from bplint.analyses.deep_limit.unital_noise import Vanishing

    vanishing, mean = Vanishing(case.circuit, _moving(case, frame), noise), [observable.constant]
    for string, coefficient in observable.terms:
        pulled, negative = frame.pull(string)
        vanishes = vanishing.of(pulled)
        if vanishes is None:
            reason = f"that the noise {noise} damps all that the loss becomes is not seen within the work allowed"
            return Deep(Status.INCONCLUSIVE, reason)
        if not vanishes and not x_part(pulled, frame.n_qubits):
            mean.append(-coefficient if negative else coefficient)
    return Deep(Status.EXACT, mean=math.fsum(mean), noise=str(noise))


def orbits(case: Case, ask: Ask) -> Orbits:
    """The orbits of strings under the axes of the rotations that move, in the frame of the start."""
    from bplint.analyses.deep_limit.orbits import Orbits

    frame = ask(framed)
    return Orbits(_moving(case, frame), frame.n_qubits)


def _terms(frame: Frame, parts: Blocks, known: Orbits) -> Iterator[tuple[float, int, int] | None]:
    """Terms of the variance as (square, hits, size) for square · hits/size; ends with None where one is not known."""
    m = len(parts.projector)
    strings = [(frame.pull(string)[0], square, 1, 0) for string, square in parts.starts]
    if m:
        generators = [frame.pull(z)[0] for z in Observable(frame.n_qubits, projector=parts.projector).generators]
        members = known.group(generators, limit=PROJECTOR_LIMIT)
        if members is None:
            yield None
            return
        strings = [(string, 1.0, count, 2 * m) for string, count in members]
    for string, square, count, shift in strings:
        orbit = known.of(string)
        if orbit.z_type is None:
            yield None
            return
        yield square, count * orbit.z_type, orbit.size << shift


def _tied(case: Case, frame: Frame) -> str:
    """Names a rotation that moves, and no parameter of its own does it; empty if there is none."""
    circuit = case.circuit
    free = [operation for operation, turn in zip(frame.operations, frame.turning, strict=True) if turn is Turning.FREE]
    sources = {
        p: parameter.sources or (parameter.name,)
        for p, parameter in enumerate(circuit.parameters)
        if parameter.role is not Role.FIXED
    }
    drives = [
        {source for p, _ in circuit.operations[operation].terms if p in sources for source in sources[p]}
        for operation in free
    ]
    uses = Counter(source for drive in drives for source in drive)
    for operation, drive in zip(free, drives, strict=True):
        if all(uses[source] > 1 for source in drive):
            return (
                f"{circuit.place(operation)} shares its parameter with other rotations (tied, shared or controlled): the "
                "orbits of separate strings are not those of their sum"
            )
    return ""


def _untrained(case: Case, frame: Frame, alive: tuple[bool, ...]) -> str:
    """Names a rotation that matters and is not trained; empty if there is none."""
    circuit, trained = case.circuit, case.circuit.trained
    for operation, turn, matters in zip(frame.operations, frame.turning, alive, strict=True):
        if matters and turn is Turning.FIXED:
            return f"{circuit.place(operation)} is fixed at no multiple of π/2, and more layers would hold more of it"
        if matters and not trained[operation]:
            return f"{circuit.place(operation)} is driven by data, which more layers need not repeat"
    return ""


def _moving(case: Case, frame: Frame) -> list[int]:
    trained = case.circuit.trained
    return [axis for axis, operation in zip(frame.axes, frame.operations, strict=True) if trained[operation]]

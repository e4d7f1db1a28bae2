"""How entangled the state is: bounds on every cut from the gates, and average purities of one and two qubits.

The bounds hold for all angles. The purities are averages over random starts, on the light cone of the loss: there they
tell how far the part of the state that a local loss sees is from maximally mixed (Ortiz Marrero et al. 2010.15968, Sack
et al. 2201.08194). Both are of the circuit without noise; the bounds hold with it too, the purities do not, and say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Ask, BudgetError, analysis
from bplint.analyses.entanglement.cone import light_cone
from bplint.analyses.entanglement.cuts import Cuts, Link, cut_bounds, linked
from bplint.analyses.entanglement.purity import Average, Paths, Qubits, SampledPurities, page_purity
from bplint.analyses.views import framed
from bplint.bounds import Status
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case
from bplint.ir.frame import Frame, FrameTooLarge, frame
from bplint.ir.noise import Noise
from bplint.ir.observable import Observable
from bplint.ir.pauli import qubits
from bplint.number_format import number, plural

if TYPE_CHECKING:
    from bplint.analyses.gradients.paths.angle_laws import Laws

OPERATION_LIMIT = 200_000
"""Operations up to which purities are measured at all."""

SHARE = 2
"""Halvings of the work of a large question that purities may take."""

REGION_LIMIT = 128
"""Regions of each kind that are measured; of more, so many at equal distances."""

LEVEL = 1e-6
"""Chance that any of the averages is above its bound."""


class Region(NamedTuple):
    """Some qubits and the average purity of their state with its 95 % interval."""

    qubits: Qubits
    purity: float
    interval: tuple[float, float]


class Entanglement(NamedTuple):
    """``cuts`` always, purities where there are paths or states to take them from.

    ``cone`` are the qubits of the loss's light cone, named by where their wires end. ``regions`` are qubits and pairs of
    qubits on it: neighbours and those that share a gate. ``averages`` are over the regions of one and of two qubits, and
    ``of_loss`` over those on which terms of the loss act.
    """

    status: Status
    reason: str
    n_qubits: int
    cuts: Cuts
    cone: Qubits = ()
    method: str = ""
    samples: int = 0
    regions: tuple[Region, ...] = ()
    averages: tuple[Average, ...] = ()
    of_loss: tuple[Average, ...] = ()
    without_noise: bool = False
    """Whether noise behind gates is declared, which the purities leave out."""

    def as_json(self) -> dict[str, object]:
        return {
            "status": self.status,
            **({"reason": self.reason} if self.reason else {}),
            "method": self.method or None,
            "samples": self.samples,
            **({"without_noise": True} if self.without_noise else {}),
            "light_cone": len(self.cone),
            "purity": [
                {"qubits": list(r.qubits), "value": r.purity, "interval": list(r.interval)} for r in self.regions
            ],
            "average": [
                {
                    "qubits": a.size,
                    "regions": a.regions,
                    "of_loss": of_loss,
                    "value": a.value,
                    "interval": list(a.interval),
                    "bound": a.bound,
                    "level": LEVEL,
                    "mixed": a.mixed,
                }
                for of_loss, averages in ((False, self.averages), (True, self.of_loss))
                for a in averages
            ],
            "cut_bound": list(self.cuts.bounds),
            "cut_minimal": self.cuts.minimal,
            "page": {str(size): page_purity(size, self.n_qubits) for size in (1, 2) if size <= self.n_qubits},
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        yield "cuts", self._cuts()
        if self.status.told:
            yield "purity", self._purity()

    def _cuts(self) -> str:
        bounds, minimal = self.cuts
        if not any(bounds):
            return "0 ebits: no gate entangles one qubit with another"
        how = (
            "minimum cuts" if minimal == len(bounds) else f"minimum cuts for the first {minimal:,}, then gates counted"
        )
        most = plural(max(bounds), "ebit")
        return f"at most {most} between the first k qubits and the rest, whatever the angles (bounded: {how})"

    def _purity(self) -> str:
        aside = ", without the declared noise" if self.without_noise else ""
        if self.status is Status.EXACT:
            return f"1 (exact{aside}): no gate entangles what the loss sees with the rest"
        parts = [
            f"{'a qubit' if a.size == 1 else 'a pair'} {a.value:.3f} (mixed {a.mixed:g}, random state "
            f"{page_purity(a.size, self.n_qubits):.3f})"
            for a in self.averages
        ]
        bounds = " and ".join(f"{a.ceiling:.3f}" for a in self.averages)
        drawn = "states" if self.method == "state-vector" else "paths"
        return (
            f"on average {', '.join(parts)} on the light cone, {len(self.cone):,} of {plural(self.n_qubits, 'qubit')} "
            f"(estimated, {self.samples:,} {drawn}{aside}); below {bounds} with certainty 1 - {number(LEVEL)}"
        )


@analysis("entanglement", in_profile=True)
def entanglement(case: Case, ask: Ask) -> Entanglement:
    """Cut bounds, and purities of the regions that matter to the loss."""
    circuit, observable = case.circuit, case.context.observable
    links = linked(circuit)
    bounds = cut_bounds(circuit.n_qubits, links)
    cone = light_cone(circuit, observable)
    of_loss = _thinned(_supports(observable))
    regions = list(dict.fromkeys([*_thinned((q,) for q in cone), *_thinned(_pairs(cone, links)), *of_loss]))
    pure = _closed(regions, links)
    measured = _measured(case, ask, regions, pure)
    if isinstance(measured, str):
        return Entanglement(
            status=Status.INCONCLUSIVE, reason=measured, n_qubits=circuit.n_qubits, cuts=bounds, cone=cone
        )
    classes = [_by_size(regions), _by_size(of_loss)]
    share = LEVEL / max(sum(map(len, classes)), 1)
    alone = [measured.average((region,)) for region in regions]
    averages, averages_of_loss = (tuple(measured.average(part, share) for part in parts) for parts in classes)
    return Entanglement(
        status=Status.ESTIMATED if measured.samples else Status.EXACT,
        reason="",
        n_qubits=circuit.n_qubits,
        cuts=bounds,
        cone=cone,
        method=measured.method,
        samples=measured.samples,
        regions=tuple(Region(region, a.value, a.interval) for region, a in zip(regions, alone, strict=True)),
        averages=averages,
        of_loss=averages_of_loss,
        without_noise=case.context.noise.follows_gates,
    )


def _supports(observable: Observable) -> list[Qubits]:
    """The qubits of each term of the loss that acts on one or two."""
    n = observable.n_qubits
    supports = (tuple(qubits(string, n)) for string, _ in observable.terms)
    return list(dict.fromkeys(support for support in supports if len(support) <= 2))


def _pairs(cone: Sequence[int], links: Iterable[Link]) -> list[Qubits]:
    """Neighbours on the cone and pairs on it that share a gate, ascending."""
    inside = set(cone)
    near = {(q, q + 1) for q in cone if q + 1 in inside}
    return sorted(near.union(link for link in links if len(link) == 2 and inside.issuperset(link)))


def _thinned(regions: Iterable[Qubits]) -> list[Qubits]:
    every = list(regions)
    if len(every) <= REGION_LIMIT:
        return every
    return [every[i * len(every) // REGION_LIMIT] for i in range(REGION_LIMIT)]


def _closed(regions: Iterable[Qubits], links: Iterable[Link]) -> set[Qubits]:
    """The regions that no gate binds to the rest: their state is pure."""
    joined: dict[int, set[int]] = {}
    for link in dict.fromkeys(links):
        for wire in link:
            joined.setdefault(wire, set()).update(link)
    return {region for region in regions if all(joined.get(q, {q}) <= set(region) for q in region)}


def _by_size(regions: Iterable[Qubits]) -> list[list[Qubits]]:
    """Those of one qubit, those of two; without the sizes that do not occur."""
    every = list(regions)
    return [[r for r in every if len(r) == size] for size in sorted({len(r) for r in every})]


def _measured(case: Case, ask: Ask, regions: Sequence[Qubits], pure: set[Qubits]) -> Paths | SampledPurities | str:
    """The purities: from paths where these are exact, else from states if few can be reached; or why from neither."""
    entangled = [region for region in regions if region not in pure]
    if not entangled:
        return Paths({}, method="links")
    if len(case.circuit) > OPERATION_LIMIT:
        return f"the circuit has {len(case.circuit):,} operations; purities are measured up to {OPERATION_LIMIT:,}"
    # Here and not above: rules that do not measure must not pay for loading these.
    from bplint.analyses.entanglement.measured import (
        AMPLITUDE,
        PATH_WORK,
        STATE_WORK,
        from_paths,
        from_states,
    )
    from bplint.analyses.gradients.paths.angle_laws import centred, laws
    from bplint.analyses.gradients.problem import Problem
    from bplint.analyses.gradients.tied.tied_moments import SETUP

    init, seed = case.context.init, case.context.seed
    if _opaque(case.circuit):
        return "an angle is not affine in its parameters: its law is not known"
    circuit, allowed = centred(case.circuit, init), ask.work >> SHARE
    try:
        axes = ask(framed) if circuit is case.circuit else frame(circuit)
        law = laws(circuit, init)
        reason = _obstacle(circuit, axes, entangled, law)
        if reason:
            if SETUP * len(axes.axes) > allowed:
                return f"making {plural(len(axes.axes), 'rotation')} ready takes more than the budget"
            problem = Problem(
                circuit=case.circuit, frame=ask(framed), loss=case.context.observable, laws=init, noise=Noise()
            )
            return from_states(problem, regions, seed, min(STATE_WORK, allowed // AMPLITUDE))
    except (BudgetError, FrameTooLarge) as error:
        return str(error)
    return reason or from_paths(circuit, entangled, law, seed, min(PATH_WORK, allowed))


def _opaque(circuit: Circuit) -> bool:
    return any(circuit.driven([bool(p.sources) for p in circuit.parameters]))


def _obstacle(circuit: Circuit, axes: Frame, regions: Iterable[Qubits], law: Laws) -> str:
    """Why paths do not give the second moment of every string on the regions; empty if they do."""
    from bplint.analyses.entanglement.measured import past
    from bplint.analyses.gradients.paths.obstacle import obstacle

    before = set(past(circuit, regions))
    alive = [operation in before for operation in axes.operations]
    # Without terms of the loss, what is left is what keeps one string apart from itself.
    reason = obstacle(circuit, axes, Observable(circuit.n_qubits), alive, law)
    if reason is None:
        return ""
    return f"{circuit.place(reason.operation)} {reason.reason}"

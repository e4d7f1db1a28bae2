"""What may be changed about a circuit, or about what is asked of it; and the repairs that rules name.

A repair is a function ``(case, ask, hit)`` that yields a :class:`Change` for each thing to try, not yet measured, the best
first. Rules name theirs when bplint starts, so that what rewrites circuits is imported by those that do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bplint.analyses.ask import Ask
from bplint.finding import Hit
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.law import Init, Law, Shape
from bplint.ir.loss_function import LossFunction, LossKind
from bplint.ir.observable import Observable, mean_of
from bplint.number_format import plural

if TYPE_CHECKING:
    from bplint.analyses.symmetry import Prior
    from bplint.rewrite import Refused, Rewrite

OPERATIONS = 50_000
"""Larger circuits are not rewritten on trial: each candidate costs as much as the circuit itself."""


MIXED = "-mixed"
"""Ends the names of priors whose circuit has all kinds of entanglers that they allow, in turn."""


class Change(NamedTuple):
    """A candidate: a rewritten circuit, another observable, another start, another law of the data or another loss.

    ``name`` is what ``--prior`` takes; ``title`` is an order ("keep the particle number"); ``keeps`` and ``loses`` say
    what becomes of what can be reached. ``refused`` says why the circuit cannot be rewritten. ``of_embedding``: it is another
    model of the data, whose rows are as far apart as before; what is reached of the loss of one row says nothing of it.
    ``of_labels``: its signal is that of the labels, whatever the loss makes of them.
    """

    name: str
    title: str
    rewrite: Rewrite | None = None
    prior: Prior | None = None
    observable: Observable | None = None
    init: Init | None = None
    data_law: Init | None = None
    loss: LossFunction | None = None
    keeps: str = ""
    loses: str = ""
    refused: str = ""
    richer_than: str = ""
    of_embedding: bool = False
    of_labels: bool = False

    @property
    def also(self) -> str:
        """What has to be done besides: an edit of what a file declares changes no line of the code that trains."""
        if self.observable is not None:
            return "the code that trains has to measure this loss too: only what the file declares is edited"
        if self.init is not None:
            return "the code that trains has to start there too: only what the file declares is edited"
        if self.data_law is not None:
            return "the code that feeds the data has to scale it too: only what the file declares is edited"
        if self.loss is not None:
            return "the code that trains has to use this loss too: only what the file declares is edited"
        return ""

    @property
    def size(self) -> int:
        """How many gates it touches."""
        return self.rewrite.counts.touched if self.rewrite else 0

    def __hash__(self) -> int:
        return hash((self.name, self.title))  # a rewrite holds a mapping

    def case(self, case: Case) -> Case:
        """The case after the change."""
        context = case.context
        if self.observable is not None:
            context = context._replace(observable=self.observable)
        if self.init is not None:
            context = context._replace(init=self.init)
        if self.data_law is not None:
            law = str(self.data_law)
            context = context._replace(init=context.init._replace(data=self.data_law), data_law=law)
        if self.loss is not None:
            context = context._replace(loss=self.loss)
        circuit = case.circuit
        if self.rewrite is not None:
            from bplint.rewrite import rewritten

            circuit = rewritten(circuit, self.rewrite)
        return case._replace(circuit=circuit, context=context)


Repair: TypeAlias = Callable[[Case, Ask, Hit], Iterator[Change]]


def symmetry_priors(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """Keep a symmetry that the loss and the start share."""
    if case.context.observable_source != "assumed":  # else nobody said what is symmetric
        yield from equivariants(case, ask)


def equivariants(case: Case, ask: Ask, name: str = "") -> Iterator[Change]:
    """The symmetry priors, in their order of preference, one for each circuit they lead to; or the one of this name."""
    from bplint.analyses.symmetry import symmetry
    from bplint.rewrite import Refused

    if len(case.circuit) > OPERATIONS:
        return
    made: list[Rewrite] = []
    for prior in ask(symmetry).priors:
        for mixed in (False, True):
            own = f"{prior.name}{MIXED}" if mixed else prior.name
            if name and own != name:
                continue
            rewrite = ask(equivariant_rewrite, prior=prior, mixed=mixed)
            title = f"keep {prior.words}{', with all kinds of entanglers' if mixed else ''}"
            if not isinstance(rewrite, Refused) and rewrite not in made:  # two priors may lead to one circuit
                made.append(rewrite)
                lost = _lost(rewrite, prior, case.circuit.n_qubits)
                richer_than = prior.name if mixed else ""
                yield Change(own, title, rewrite, prior, keeps=prior.sector, loses=lost, richer_than=richer_than)
            elif isinstance(rewrite, Refused) and not mixed:
                yield Change(own, title, prior=prior, keeps=prior.sector, refused=rewrite.reason)


def equivariant_rewrite(case: Case, ask: Ask, *, prior: Prior, mixed: bool) -> Rewrite | Refused:
    """The circuit as a prior wants it: asked for, as several findings may have it for a repair."""
    from bplint.rewrite import equivariant

    return equivariant(case.circuit, prior, case.context.observable, mixed=mixed)


def _lost(rewrite: Rewrite, prior: Prior, n: int) -> str:
    """``72 gates kept, 60 replaced; of 2^16 operators 2^12.3 are left``."""
    left = "" if prior.room is None else f"; of 2^{2 * n} operators 2^{prior.room:.3g} are left"
    return f"{rewrite.counts}{left}"


def without_culprit(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """Leave out the generator without which the algebra is that of free fermions."""
    from bplint.analyses.dla.culprit import culprits
    from bplint.analyses.views import framed
    from bplint.rewrite import Refused, without

    for rotations in ask(culprits)[:1]:
        operations = ask(framed).operations
        gates = sorted({int(case.circuit.gate[operations[i]]) for i in rotations})
        rewrite = without(case.circuit, gates)
        if not isinstance(rewrite, Refused):
            yield Change("culprit", f"leave out {plural(len(gates), 'gate')}", rewrite, loses=str(rewrite.counts))


def local_loss(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """In place of a projector the mean of Z on its qubits."""
    observable = case.context.observable
    if observable.projector:
        near = one_by_one(observable)
        yield Change("local", "measure one qubit at a time", observable=near, keeps="the same optimum, |0…0>")


def one_by_one(observable: Observable) -> Observable:
    """The mean of Z on the qubits of a projector: |0…0> is the only maximum of both (arXiv:2001.00550, section II)."""
    text = "mean(Z)"
    if len(observable.projector) < observable.n_qubits:
        text = " + ".join(f"{1 / len(observable.projector):.17g}*Z{q}" for q in observable.projector)
    return mean_of("Z", observable.projector, observable.n_qubits, text=text)


def near_zero(width: float) -> Change:
    """A start within ± ``width`` radians."""
    return Change("small-angles", f"start within ±{width:g}", init=Init(Law(Shape.RANGE, width)))


def fewer_layers(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """The most layers whose signal surely shows."""
    if change := ask(shallower_circuit):
        yield change


def shallower_circuit(case: Case, ask: Ask) -> Change | None:
    """The circuit with the most layers whose signal surely shows, by bisection; None if it has none to leave out."""
    from bplint.analyses.gradients.gradient import gradient
    from bplint.rewrite import Refused, depth, rewritten, shallower

    whole = depth(case.circuit)
    if len(case.circuit) > OPERATIONS or whole < 2:
        return None
    threshold = 1 / case.context.shots
    few, many, best = 1, whole, None
    while few < many:
        middle = (few + many) // 2
        rewrite = shallower(case.circuit, middle)
        if isinstance(rewrite, Refused):
            return None
        trial = case._replace(circuit=rewritten(case.circuit, rewrite))
        if ask.about(trial)(gradient, quick=True).lower > threshold:
            few, best = middle + 1, (middle, rewrite)
        else:
            many = middle
    if best is None:
        return None
    layers, chosen = best
    return Change("shallower", f"use {layers:,} layers instead of {whole:,}", chosen, loses=str(chosen.counts))


WIDTHS = (0.9, 0.7, 0.5, 0.35, 0.25, 0.18, 0.125, 0.09, 0.06, 0.04, 0.03, 0.02, 0.01)
"""Factors by which data is scaled on trial, the widest first."""

COUNTS = 100
"""Counts that an entry of a kernel matrix shows on average once its data is scaled well."""


def narrower_data(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """The data scaled by the largest factor with which an entry of the kernel matrix shows :data:`COUNTS` counts."""
    from bplint.analyses.kernels.kernel import kernel

    most = COUNTS / case.context.shots
    wide, narrow, best = 0, len(WIDTHS), None
    while wide < narrow:
        middle = (wide + narrow) // 2
        change = scaled_by(case, WIDTHS[middle])
        if change is None:
            return
        answer = ask.about(change.case(case), brief=True)(kernel)
        if answer.mean is not None and answer.mean >= most:
            best, narrow = change, middle
        else:
            wide = middle + 1
    if best is not None:
        yield best


def scaled_by(case: Case, factor: float) -> Change | None:
    """The data times a factor: in the circuit where rows are given, else in the law that it is drawn from."""
    from bplint.rewrite import Refused, scaled_data

    title = f"scale the data by {factor:g}"
    circuit = case.circuit
    if case.context.rows is not None:
        if case.context.rows.weighted:
            return None  # what multiplies weights would not be scaled with the rest
        rewrite = scaled_data(circuit, factor)
        if isinstance(rewrite, Refused):
            return None
        return Change("bandwidth", title, rewrite, keeps="the rows and their labels", loses=str(rewrite.counts))
    laws = {case.context.init.law(p) for p in circuit.parameters if p.role is Role.DATA}
    speeds = {abs(c) for o in circuit.operations for p, c in o.terms if c and circuit.parameters[p].role is Role.DATA}
    if len(laws) != 1 or not speeds:
        return None
    (law,) = laws
    if law.is_uniform:
        law = Law(Shape.RANGE, math.pi / max(speeds))
    narrow = law._replace(width=float(f"{law.width * factor:.4g}"), mean=float(f"{law.mean * factor:.4g}"))
    return Change("bandwidth", f"{title}, to {narrow}", data_law=Init(narrow))


def projected_kernel(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """Compare the states of single qubits in place of the whole."""
    if case.context.loss.kind is LossKind.KERNEL:
        yield Change("projected", "compare one qubit at a time", loss=LossFunction(LossKind.PROJECTED_KERNEL))


def wider_discrepancy(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """A kernel of the discrepancy whose width grows with the number of qubits."""
    width = case.circuit.n_qubits / 4
    if case.context.loss.kind is LossKind.MMD and case.context.loss.value < width:
        loss = LossFunction(LossKind.MMD, width)
        loses = "correlations of many qubits weigh less: the discrepancy hardly sees them"
        yield Change("bandwidth", f"use a kernel of width n/4, {loss}", loss=loss, loses=loses)

"""Where training a circuit ends: how far down a loss comes without noise, from random starts, by a fixed amount of work."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import stdev
from typing import NamedTuple

from bplint.analyses.ask import BUDGET, Ask
from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.groups import RotationGroup, groups
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.training.descent import descend
from bplint.analyses.training.evaluators import Chosen, choose
from bplint.analyses.training.gaussian import GaussianLoss, gaussian_loss
from bplint.analyses.training.half_turns import reaches_least
from bplint.analyses.training.parameters import by_parameter, drawn
from bplint.analyses.training.spectrum import Spectrum, spectrum_of, spectrum_of_modes
from bplint.analyses.training.states import STATES
from bplint.analyses.views import framed
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.observable import Observable

SMALL = 12
"""Beyond so many qubits what is sure without training is looked for first."""

EVALUATIONS = 300
"""No more are made."""

WORK = 1_250_000_000
"""Operations of one training, where no smaller budget is given."""

ROUNDING = 1e-9
"""Of the constant of a loss, under which its terms are lost."""

SAME = 1e-3
"""Ends are one within this times the width of the loss's spectrum."""


class End(NamedTuple):
    """The losses that training ended with, one for each start, and the spectrum they lie in.

    ``states`` are the basis states that the circuit can reach, ``settled`` where the losses did not move any more.
    ``free_fermions``: all of them are Gaussian. ``unknown`` says why there is no end: what follows "is not known".
    """

    values: tuple[float, ...] = ()
    spectrum: Spectrum = Spectrum(0.0, 0.0, 0.0)
    states: int = 0
    settled: bool = False
    free_fermions: bool = False
    unknown: str = ""

    @property
    def optimum(self) -> str:
        """What the best value is called."""
        return "maximum" if self.spectrum.best > self.spectrum.mean else "minimum"

    @property
    def value(self) -> float:
        """The mean over the starts."""
        return math.fsum(self.values) / len(self.values)

    @property
    def reached(self) -> float:
        """How far it is on the way from the mean (0) to the best value there is (1)."""
        spectrum = self.spectrum
        return (self.value - spectrum.mean) / (spectrum.best - spectrum.mean)

    @property
    def missed(self) -> float:
        """How far it is from the best value, in widths of the spectrum."""
        return abs(self.value - self.spectrum.best) / self.spectrum.width

    @property
    def error(self) -> float:
        """The standard error of what is missed, from the spread of at least two starts."""
        return stdev(self.values) / math.sqrt(len(self.values)) / self.spectrum.width

    @property
    def is_limit(self) -> bool:
        """Whether every start came to rest at one value: what was reached is all that can be."""
        return self.settled and self.values[-1] - self.values[0] <= SAME * self.spectrum.width

    @property
    def is_best(self) -> bool:
        """Whether there is nothing left to reach."""
        return self.missed <= SAME


class Training(NamedTuple):
    """How a circuit is trained: with ``chosen``, None where there is no way; and what is known of the ``end`` before."""

    turned: Sequence[RotationGroup] = ()
    chosen: Chosen | None = None
    end: End | None = None


def training(case: Case, ask: Ask, *, loss: Observable | None = None) -> Training:
    """How to train by the declared loss, and what is known without: of the values of ``loss``, or of itself."""
    trained = case.context.observable
    loss = loss or trained
    if any(p.role is Role.DATA for p in case.circuit.parameters):
        return Training(end=End(unknown="where data is loaded"))
    if not (loss.terms or loss.projector):
        return Training(end=End(unknown="of a constant loss"))
    if loss.terms and math.fsum(abs(c) for _, c in loss.terms) < ROUNDING * abs(loss.constant):
        return Training(end=End(unknown="beside so large a constant"))
    frame, turned = ask(framed), _grouped(case, ask)
    if isinstance(turned, Declined):
        return Training(end=End(unknown="where an angle is not given"))
    chosen = choose(frame, turned, trained, work_of(ask))
    told: End | None = None
    if chosen is None:
        told = End(unknown=f"beyond {STATES:,} basis states")
    elif not chosen.starts:
        told = End(unknown="of so large a circuit, as training it takes too long")
    if told or case.circuit.n_qubits > SMALL:
        told = _surely(frame, turned, loss) or told
    return Training(turned, chosen, told)


def end(case: Case, ask: Ask, *, loss: Observable | None = None) -> End:
    """Where training by the declared loss ends, told in the values of ``loss``, or of itself."""
    turned, chosen, told = ask(training, loss=loss)
    if told is not None:
        return told
    assert chosen is not None  # else there is no end
    trained, frame, work = case.context.observable, ask(framed), work_of(ask)
    loss = loss or trained
    own, starts = chosen.loss, chosen.starts
    spectrum = _spectrum(frame, turned, loss)
    if spectrum is None or spectrum.best == spectrum.mean:
        return End(unknown="as its spectrum is not known")
    names = sorted({p for group in own.groups for p, _ in group.terms})
    if not names:
        return End(unknown="where nothing is trained")
    sign = -1.0 if loss.projector else 1.0  # and in place of a projector what has its maximum where it has
    descent = descend(
        by_parameter(own, names, sign),
        drawn(case.circuit, case.context.init, own.groups, names, starts),
        min(EVALUATIONS, work // own.work(starts)),
        floor=sign * (spectrum.best - trained.constant) if trained == loss else -math.inf,
        tolerance=SAME / 5 * spectrum.width,
    )
    values = sign * descent.values + trained.constant
    if trained != loss:
        other = chosen.make(frame, turned, loss)
        if other is None:
            return End(unknown="of another loss of free fermions")
        values = by_parameter(other, names, 1.0)(descent.points)[0] + loss.constant
    return End(tuple(sorted(values.tolist())), spectrum, own.size, descent.settled, isinstance(own, GaussianLoss))


def _grouped(case: Case, ask: Ask) -> list[RotationGroup] | Declined:
    """What training turns."""
    turning = rotations(Problem(circuit=case.circuit, frame=ask(framed), loss=case.context.observable))
    return turning if isinstance(turning, Declined) else groups(turning, case.circuit.n_qubits)


def work_of(ask: Ask) -> int:
    """Operations that one training may take."""
    return round(WORK * min(1.0, ask.budget / BUDGET))


def _surely(frame: Frame, turned: Sequence[RotationGroup], loss: Observable) -> End | None:
    """The end where it is the least that there can be at all; None if that is not known."""
    if not reaches_least(frame, turned, loss):
        return None
    if loss.projector:
        spectrum = Spectrum(1.0, 2.0 ** -len(loss.projector), 1.0)
    else:
        size = math.fsum(abs(c) for _, c in loss.terms)
        spectrum = Spectrum(loss.constant - size, loss.constant, 2 * size)
    return End((spectrum.best,), spectrum, settled=True)


def _spectrum(frame: Frame, turned: Sequence[RotationGroup], loss: Observable) -> Spectrum | None:
    """The spectrum of a loss, at any size where it is quadratic in the modes of a circuit of free fermions."""
    known = spectrum_of(loss._replace(text=""))
    if known is not None or (modes := gaussian_loss(frame, turned, loss)) is None:
        return known
    h = modes.quadratic()
    return None if h is None else spectrum_of_modes(h, loss.constant)

"""Numbers before and after a change, and what is not known."""

import importlib
import math

import pytest

from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.dla import dla
from bplint.analyses.gradients.gradient import gradient
from bplint.analyses.symmetry import Prior, Symmetries
from bplint.analyses.symmetry.check_prior import Promise
from bplint.analyses.training.end import End
from bplint.analyses.training.spectrum import Spectrum
from bplint.ir.observable import parse
from bplint.repairs import Change, near_zero
from bplint.repairs.ends import Shortfall
from bplint.repairs.measure import NEAR, Measured, State, compared, measure, priors, state
from bplint.rewrite import equivariant, without
from repair_texts import hardware_efficient, ising, read, ring_with_a_chord
from rewriting import X, Z, parity, total

MODULE = importlib.import_module("bplint.repairs.measure")
ISING = Prior("z2", "Z_2", "the parity", "", charges=(parity(4, X),), start=tuple(("h", (q,)) for q in range(4)))


def test_the_numbers_of_a_case_are_those_of_its_analyses():
    case = read(hardware_efficient(4, 3, ising(4)))
    ask = Ask(case)
    found, slope = ask(state), ask(gradient)
    assert found == State(
        parameters=24,
        dimension=ask(dla).lower,
        gradient=max(c.second_moment for c in slope.components),
        signal=slope.signal,
        lower=slope.lower,
        upper=slope.upper,
    )
    assert found.signal == pytest.approx(found.gradient / case.context.observable.scale), "one rotation a parameter"
    assert found.lower <= found.signal <= found.upper


def test_a_dimension_that_is_not_exact_is_not_told():
    ask = Ask(read(ring_with_a_chord()), brief=True)
    assert ask(dla).status != "exact"
    assert ask(state).dimension is None


def test_nothing_trained_is_no_signal_and_says_so():
    case = read(hardware_efficient(2, 1, "Z0", head="// bplint: trainable = none\n"))
    assert Ask(case)(state) == State(0, 0, unknown="no trainable parameter was found")


def test_a_budget_that_runs_out_is_the_reason(monkeypatch):
    def out(case, ask):
        raise BudgetError("too much")

    case = read(hardware_efficient(2, 1, "Z0"))
    monkeypatch.setattr(MODULE, "gradient", out)
    assert Ask(case)(state).unknown == "too much"
    monkeypatch.undo()
    monkeypatch.setattr(MODULE, "dla", out)
    assert Ask(case)(state).dimension is None
    assert not Ask(case)(state).unknown


def test_a_change_is_measured_until_it_is_told_from_what_was():
    case = read(hardware_efficient(4, 6, ising(4)))
    ask = Ask(case)
    rewrite = equivariant(case.circuit, ISING, case.context.observable)
    found = measure(case, ask, Change("z2", "", rewrite, ISING))
    assert all((found.lifts, found.is_kept, found.shows))
    assert found.gain == pytest.approx(found.after.signal / found.before.signal)
    assert found.promise == ("", "")
    assert found.changed.context == case.context, "the shots are those of the user"
    assert found.after.dimension == found.ask(dla).lower < found.before.dimension


def test_a_refused_change_has_no_circuit():
    case = read(hardware_efficient(2, 1, "Z0"))
    found = measure(case, Ask(case), Change("u1", "", refused="it holds data"))
    assert found.ask is None
    assert found.after == State(None, unknown="it holds data")
    assert not any((found.is_kept, found.shows))


def test_a_broken_promise_is_not_measured():
    case = read(hardware_efficient(4, 3, "Z0 Z1 + 2*Z2 + 3*Z3 + 4*Z0 + Z1"))
    prior = Prior("u1", "U(1)", "the number", "0 of 4", charges=(total(4, Z),))  # the sector |0000>
    found = measure(case, Ask(case), Change("u1", "", equivariant(case.circuit, prior, None), prior))
    assert found.promise.broken.startswith("the sector holds no minimum of the loss")
    assert found.ask is None
    assert found.after.unknown == found.promise.broken


def test_another_loss_has_to_have_the_same_optimum():
    """Doctored weights are caught, with a prior or without."""
    case = read(hardware_efficient(4, 3, ising(4)))
    other = parse(ising(4, field=0.71), 4)
    rewrite = equivariant(case.circuit, ISING, case.context.observable)
    for change in (Change("x", "", observable=other), Change("x", "", rewrite, ISING, observable=other)):
        assert "the loss is another" in measure(case, Ask(case), change).promise.broken
    far = read(hardware_efficient(3, 1, "projector(0, 2)"))
    losses = {"Z0 + Z2": True, "Z0 + 2*Z2": True, "Z0": False, "Z0 - Z2": False, "Z0 + Z1 + Z2": False, "Z0 Z2": False}
    for text, kept in {**losses, "X0 + Z2": False}.items():
        found = measure(far, Ask(far), Change("local", "", observable=parse(text, 3)))
        assert bool(found.promise.broken) != kept, text


def test_nothing_left_to_train_is_said():
    case = read(hardware_efficient(2, 1, "Z0"))
    gates = [k for k, name in enumerate(case.circuit.gates.name.tolist()) if case.circuit.gates.names[name] != "cz"]
    found = measure(case, Ask(case), Change("all", "", without(case.circuit, gates)))
    assert found.after.parameters == 0
    assert found.after.unknown == "no trainable parameter was found"
    assert not any((found.is_kept, found.lifts))


def test_signals_are_compared_in_units_of_the_loss():
    change = near_zero(0.1)
    before = State(1, gradient=0.10, signal=0.10, lower=0.09, upper=0.11)
    after = State(1, gradient=0.06, signal=0.24, lower=0.20, upper=0.28)  # N(O) is a quarter
    assert Measured(change, before, after).lifts
    assert Measured(change, before, after).gain == pytest.approx(0.24 / 0.10)
    assert not Measured(change, before, after._replace(lower=0.11)).lifts, "equal is not larger"
    assert Measured(change, before._replace(signal=0.0), after).gain == math.inf


def test_a_loss_in_other_units_has_the_same_signal():
    one, ten = (read(hardware_efficient(3, 2, f"{c}*Z0 Z1 + {0.7 * c}*X0")) for c in (1, 10))
    first, second = Ask(one)(state), Ask(ten)(state)
    assert second.gradient == pytest.approx(100 * first.gradient)
    assert second[3:6] == pytest.approx(first[3:6]), "the signal and its bounds"
    assert 0 < first.lower < first.upper


def test_what_is_compared_is_bounded_closely():
    case = read(hardware_efficient(6, 12, ising(6)))
    ask = Ask(case)
    first, closer = ask(state), ask(compared)
    assert closer.signal == first.signal
    assert first.lower <= closer.lower <= closer.upper <= NEAR * first.signal
    asked = Ask(case._replace(context=case.context._replace(shots=10**6)), thorough=True)(gradient)
    assert closer.lower <= asked.upper
    assert asked.lower <= closer.upper


def test_no_more_than_three_good_priors_are_measured(monkeypatch):
    case = read(hardware_efficient(4, 8, ising(4)))
    many = [ISING._replace(name=f"z2-{k}", charges=(parity(4, X), *ISING.charges[:0])) for k in range(6)]
    # Equal rewrites are one change; other starts make others.
    many = [prior._replace(start=(*prior.start, *([("x", (k % 4,))] * (2 * k)))) for k, prior in enumerate(many)]
    ask = Ask(case, known={"symmetry": Symmetries((), (), tuple(many))})
    assert [m.change.name for m in ask(priors)] == ["z2-0", "z2-1", "z2-2"]
    monkeypatch.setattr(MODULE, "is_trained", lambda changed: False)
    alone = [m.change.name for m in priors(case, Ask(case, known={"symmetry": Symmetries((), (), tuple(many))}))]
    assert alone == ["z2-0"], "where one helps, those that cannot be trained are of no use"


def test_less_work_than_for_one_circuit_alone():
    """Exchange on 12 qubits turns two strings with one angle: samples that half a second allows one circuit are too many."""
    case = read(hardware_efficient(12, 30, "X0 X1 + Y0 Y1 + Z0"))
    prior = Prior("u1", "U(1)", "the number", "", charges=(total(12, Z),), start=(("x", (0,)), ("x", (3,))))
    ask = Ask(case, budget=0.5)
    found = measure(case, ask, Change("u1", "", equivariant(case.circuit, prior, None), prior))
    assert found.after.unknown
    assert not found.before.unknown
    assert not found.lifts
    assert not Ask(found.changed, budget=ask.budget)(state).unknown, "alone it is measured"


def test_a_minimum_that_training_comes_to_need_not_be_proved():
    """Neither that the sector holds one, nor where the circuit as it is would come to."""
    state = State(1, signal=1.0, lower=1.0, upper=1.0)
    spectrum = Spectrum(-1.0, 0.0, 2.0)
    unknown, best, short = End(unknown="beyond"), End((-1.0,), spectrum), End((-0.8,), spectrum, settled=True)
    one = Measured(near_zero(0.1), state, state, promise=Promise("", "too many to compute it"))
    assert (
        one.shortfall == one._replace(ends=(unknown, short)).shortfall == Shortfall(unchecked="too many to compute it")
    )
    assert one._replace(ends=(unknown, best)).shortfall == Shortfall()
    assert one._replace(ends=(best, short)).shortfall.worse
    assert not one._replace(promise=Promise("it breaks", "")).is_kept

"""What two ends of training say of a change."""

import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.training.end import End, Spectrum, end
from bplint.analyses.training.with_shots import with_shots
from bplint.ir.law import parse_init
from bplint.repairs.ends import Shortfall, is_trained, noisy_shortfall, shortfall
from cases import case
from repair_texts import hardware_efficient, ising, read
from samples import circuit

SPECTRUM = Spectrum(-1.0, 0.0, 2.0)


def at(value, *, settled=True):
    return End((value,), SPECTRUM, states=4, settled=settled)


def test_the_best_value_needs_no_comparison():
    for before in (at(-1.0), at(-0.9, settled=False), End(unknown="beyond 4,096 basis states")):
        assert shortfall(before, at(-0.9985), None) == Shortfall()


def test_an_end_that_is_worse():
    assert shortfall(at(-0.9), at(-0.89), 99).worse == "training ends at 0.89 of the minimum, without the change at 0.9"
    assert shortfall(at(-0.9), at(-0.8985), None) == Shortfall(), "within a thousandth of the width"
    assert shortfall(at(-0.9, settled=False), at(-0.8), 99).worse


def test_what_had_not_come_to_rest_may_come_further():
    falling = at(-0.9, settled=False)
    assert "still falls at 0.9" in shortfall(falling, at(-0.95), 99).unchecked
    ahead = at(-0.95, settled=False)
    assert shortfall(falling, ahead, 6) == Shortfall(), "as many dimensions as a state of four amplitudes has"
    assert shortfall(falling, ahead, 5).unchecked
    assert shortfall(falling, ahead, None).unchecked


def test_free_fermions_that_stop_short():
    """Whatever becomes of the circuit as it is; not where one start came further than another, or had not come to rest."""
    unknown, free = End(unknown="beyond 4,096 basis states"), at(-0.9)._replace(free_fermions=True)
    assert shortfall(unknown, free, 9).worse == (
        "training ends at 0.9 of the minimum from every start; its states are those of free fermions"
    )
    for other in (free._replace(values=(-0.95, -0.9)), free._replace(settled=False), at(-0.9)):
        found = shortfall(unknown, other, 9)
        assert not found.worse
        assert found.unchecked
    assert shortfall(unknown, at(-1.0)._replace(free_fermions=True), 9) == Shortfall()


def test_what_is_not_known():
    unknown = End(unknown="beyond 4,096 basis states")
    assert shortfall(at(-1.0), unknown, 9).unchecked == (
        "whether it can still reach the minimum is not known beyond 4,096 basis states"
    )
    assert "without the change is not known beyond" in shortfall(unknown, at(-0.9), 9).unchecked


def test_another_start_is_judged_by_where_it_ends():
    assert shortfall(at(-0.9), at(-0.8), 9, only_starts=True).worse
    falling = at(-0.9, settled=False)
    assert shortfall(falling, at(-0.9), None, only_starts=True) == Shortfall(), "the circuit can go on as before"
    unknown = End(unknown="beyond 4,096 basis states")
    assert shortfall(unknown, unknown, 9, only_starts=True).unchecked == (
        "whether training from there ends as well is not known beyond 4,096 basis states"
    )


def test_with_shots_a_start_may_lead_nowhere():
    """A parity of eight: near its maximum all angles turn alike, to where every slope is zero."""
    names = [f"t{q}" for q in range(8)]
    one = case(circuit(8, [("ry", [q], name) for q, name in enumerate(names)]), "Z" * 8, shots=1_000)

    def started(init):
        return Ask(one._replace(context=one.context._replace(init=parse_init(init))))

    declared = started("uniform")
    worse = noisy_shortfall(declared, started("range:0.3")).worse
    assert worse.startswith("with 1,000 shots training comes to ")
    assert "in 100 steps, without the change to 0.9" in worse
    once_in_twelve = noisy_shortfall(declared, started("range:0.3, t0=range:0.3@pi"))
    assert once_in_twelve.unchecked.endswith("in 100 steps, without the change to 0.916, which may be chance")
    assert noisy_shortfall(declared, declared).worse.endswith("in 100 steps, as without the change"), (
        "nothing is gained"
    )
    large = case(circuit(14, [("ry", [q], f"t{q}") for q in range(14)]), "Z" * 14)
    assert noisy_shortfall(Ask(large), Ask(large)).unchecked == (
        "whether training from there ends as well is not known of so large a circuit, as training it takes too long"
    )


def test_with_shots_a_start_has_to_come_further_by_more_than_chance():
    """Means of four starts whose standard errors are known: 0.005 and 0.002 of a width of 2."""
    one = case(circuit(1, [("ry", [0], "t")]), "Z0", shots=1_000)

    def answers(middle, spread, exact=-0.99):
        noisy = at(0.0)._replace(values=tuple(middle + spread * k for k in (-3, -1, 1, 3)))
        told = {with_shots: noisy, end: at(exact)}

        def ask(analysis):
            return told[analysis]

        ask.case = one
        return ask, noisy.error

    before, error = answers(-0.9, 0.0077459667)
    after, other = answers(-0.92, 0.003098387)
    assert (error, other) == (pytest.approx(0.005), pytest.approx(0.002))
    assert noisy_shortfall(before, after).unchecked == (
        "with 1,000 shots training comes to 0.92 of the minimum in 100 steps, without the change to 0.9, which may be chance"
    )
    as_far, _ = answers(-0.9004, 0.003098387)
    assert noisy_shortfall(before, as_far).unchecked.endswith("in 100 steps, as without the change")
    further, _ = answers(-0.923, 0.003098387)
    assert noisy_shortfall(before, further) == Shortfall()
    no_further, _ = answers(-0.899, 0.003098387)
    assert noisy_shortfall(before, no_further).worse
    ends_better, _ = answers(-0.899, 0.003098387, exact=-1.0)
    assert noisy_shortfall(before, ends_better) == Shortfall()


def test_whether_an_end_can_be_known_is_told_before_any_training():
    known = {(4, ising(4)): True, (18, "Z0"): True, (18, "X0 X1 + Z0 + Z1 Z5"): False}
    for (n, loss), told in known.items():
        ask = Ask(read(hardware_efficient(n, 30, loss)))
        assert is_trained(ask) == told
        assert told == (not ask(end).unknown)

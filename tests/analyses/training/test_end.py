"""Where training ends: known minima, free fermions that stop short of them, and what cannot be told."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.training.end import SAME, end, spectrum_of
from bplint.ir.law import Init, Law, Shape
from bplint.ir.observable import parse
from cases import case
from models import exchange, path, ring
from repair_texts import hardware_efficient, ising, read
from samples import circuit, label_matrix

XXZ = exchange(ring(4), 1.5)


def ended(one, **more):
    return Ask(one)(end, **more)


@pytest.mark.parametrize("text", [XXZ, "Z0 Z1 + 0.7*X0 - 3", "mean(Z)", "X0 Y1 Z2 - 0.2*Y3"])
def test_the_spectrum(text):
    loss = parse(text, 4)
    values = np.linalg.eigvalsh(sum(c * label_matrix(s, 4) for s, c in loss.terms)) + loss.constant
    found = spectrum_of(loss)
    assert (found.best, found.width) == pytest.approx((values[0], np.ptp(values)), abs=1e-7)
    assert found.mean == pytest.approx(values.mean(), abs=1e-9)


def test_a_deep_circuit_comes_to_the_minimum():
    found = ended(read(hardware_efficient(4, 8, XXZ)))
    assert found.is_best
    assert found.settled
    assert found.reached > 1 - 2 * SAME
    assert min(found.values) >= found.spectrum.best - 1e-9


def test_free_fermions_stop_where_the_best_gaussian_state_is():
    """RZ and XX are free fermions; with every start the same end, above the minimum of an interacting loss."""
    gates = [
        gate
        for layer in range(6)
        for gate in (
            *(("rz", [q], f"z{layer}.{q}") for q in range(4)),
            *(("rxx", [q, q + 1], f"x{layer}.{q}") for q in range(3)),
        )
    ]
    found = ended(case(circuit(4, gates), XXZ))
    assert found.settled
    assert np.ptp(found.values) < 1e-3
    assert not found.is_best
    free = ended(case(circuit(4, gates), exchange(path(4), 0.0)))
    assert free.is_best


def test_a_projector_wants_its_maximum_and_another_loss_is_told_in_the_first():
    one = read(hardware_efficient(3, 2, "projector(0..n-1)"))
    found = ended(one)
    assert (found.optimum, found.is_best) == ("maximum", True)
    near = one._replace(context=one.context._replace(observable=parse("Z0 + Z1 + Z2", 3)))
    told = ended(near, loss=one.context.observable)
    assert told.optimum == "maximum"
    assert told.is_best


def test_it_starts_where_the_law_says():
    one = read(hardware_efficient(2, 1, "Z0 Z1"))
    held = one._replace(context=one.context._replace(init=Init(Law(Shape.NORMAL, 0.0, 0.0))))
    assert ended(held).value == pytest.approx(1.0), "all angles at zero are a stationary point"
    assert ended(one).is_best


def test_equal_input_ends_the_same():
    text = hardware_efficient(3, 3, ising(3))
    assert ended(read(text)) == ended(read(text))


def test_what_cannot_be_told():
    assert ended(read(hardware_efficient(13, 1, ising(13)))).unknown == "beyond 12 qubits"
    wide = ended(read(hardware_efficient(13, 1, "mean(Z)")))
    assert wide.is_best
    data = read(hardware_efficient(3, 2, ising(3), head="// bplint: data = t[[]1]\n"))
    assert ended(data).unknown == "where data is loaded"
    assert ended(case(circuit(2, [("ry", [0], "a")]), "3")).unknown == "of a constant loss"
    deep = read(hardware_efficient(11, 60, ising(11)))
    assert "takes too long" in ended(deep).unknown
    small = read(hardware_efficient(3, 3, ising(3)))
    assert "takes too long" in Ask(small, budget=0.01)(end).unknown
    assert Ask(small, budget=1e6)(end) == ended(small)

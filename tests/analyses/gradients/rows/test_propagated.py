"""Exact second moments over rows against state vectors on a grid of angles."""

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.propagated import BORDER, GRAM, border, propagated
from bplint.analyses.gradients.rows.turns import turns
from bplint.ir.observable import Observable, parse
from bplint.ir.rows import Rows
from dense import random_observable
from dense_rows import gram, jets, random_model

EFFORT = Effort()


def measured(circuit, observable, rows, effort=EFFORT):
    problem = Problem.of(circuit, observable)
    return propagated(problem, rows, border(problem, rows, turns(problem, rows)), effort)


@pytest.mark.parametrize("seed", range(24))
def test_rows_and_labels_are_those_of_state_vectors(seed):
    rng = np.random.default_rng(seed)
    circuit, rows = random_model(rng, 3, int(rng.integers(6, 14)))
    observable = random_observable(rng, 3)
    while observable.projector:
        observable = random_observable(rng, 3)
    found = measured(circuit, observable, rows)
    values, slopes, weights = jets(circuit, observable, rows)
    for number, slope in found.slopes.items():
        g = gram(slopes[circuit.parameters[number].name], weights)
        assert slope.each == pytest.approx(np.diag(g), abs=1e-10)
        assert slope.row.value == pytest.approx(np.trace(g) / len(rows), abs=1e-10)
        assert slope.linear.value == pytest.approx(rows.labels @ g @ rows.labels / len(rows) ** 2, abs=1e-10)
        assert slope.root.value == pytest.approx(np.sqrt(np.maximum(np.diag(g), 0)).mean() ** 2, abs=1e-7)
    assert found.squares == pytest.approx(weights @ (values - observable.constant) ** 2, abs=1e-10)


def test_random_models_upload_once_and_again():
    models = [random_model(np.random.default_rng(seed), 3, 10) for seed in range(8)]
    methods = {measured(circuit, parse("Z0", 3), rows).method for circuit, rows in models}
    assert methods == {BORDER, GRAM}


def test_random_labels_average_to_the_row_signal():
    rng = np.random.default_rng(5)
    circuit, rows = random_model(rng, 3, 12, rows=3)
    total, signs = 0.0, [(a, b, c) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)]
    for labels in signs:
        found = measured(circuit, parse("Z0 + X1", 3), Rows(rows.values, np.array(labels)))
        total += sum(slope.linear.value for slope in found.slopes.values()) * len(rows)
    row = sum(slope.row.value for slope in found.slopes.values())
    assert row > 0.01
    assert total / len(signs) == pytest.approx(row)


def test_a_wide_projector_is_not_written_out():
    circuit, rows = random_model(np.random.default_rng(0), 3, 8)
    problem = Problem.of(circuit, Observable(3, projector=tuple(range(11))))
    assert isinstance(border(problem, rows, []), Declined)


def test_too_little_work_is_declined():
    circuit, rows = random_model(np.random.default_rng(3), 3, 12)
    assert isinstance(measured(circuit, parse("Z0", 3), rows, Effort(work=10)), Declined)

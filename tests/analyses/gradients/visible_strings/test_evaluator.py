"""Losses and derivatives on visible strings, against states of all amplitudes, and counts of published circuits."""

import json
from functools import partial

import numpy as np
import pytest

from bplint.analyses.gradients.visible_strings.evaluator import evaluator
from bplint.analyses.gradients.visible_strings.layers import layers
from bplint.analyses.gradients.visible_strings.pruning import pruned
from bplint.analyses.gradients.visible_strings.search import search
from bplint.analyses.gradients.visible_strings.string_rows import StringRows
from bplint.ir.observable import parse, pauli_sum
from evaluating import agree_at_random_angles, published, random_circuit, ready
from grid import random_loss, random_tied
from paths import FIXTURES
from samples import circuit

TABLE = json.loads((FIXTURES / "tied" / "table.json").read_text())
make = partial(evaluator, limit=1 << 20)


@pytest.mark.parametrize("seed", range(350))
def test_random_tied_circuits_against_dense_states(seed):
    rng = np.random.default_rng(1_000 + seed)
    c = random_circuit(rng)
    agree_at_random_angles(make, c, random_loss(rng, c.n_qubits), rng)


def found_in(name):
    c, loss = published(name)
    problem, drive = ready(c, loss)
    return search(problem.frame.pull_sum(problem.loss.terms), drive.groups, c.n_qubits, limit=1 << 20)


@pytest.mark.parametrize("name", ["qaoa3r_n8_p1", "qaoa3r_n10_p2", "qaoa3r_n100_p2"])
def test_as_many_strings_and_pairs_are_visible_as_found_in(name):
    _, visible, pairs = TABLE["sizes"]["visible"][name]
    found = pruned(found_in(name))
    assert len(found.loss) == visible
    assert found.pairs == pairs


def test_what_can_still_be_turned_away_is_not_given_up_early():
    """The search gives up strings before pruning, far below the 2,434,896 that are reached, and loses none that counts."""
    assert len(found_in("qaoa3r_n100_p2").loss) < 100_000


def test_layers_keep_the_order_on_each_string():
    found = pruned(found_in("qaoa3r_n10_p2"))
    made = list(layers(found, StringRows(10)))
    assert sum(len(layer.first) for layer in made) == found.pairs
    assert len(made) < len(found.turns)
    for layer in made:
        both = np.concatenate([layer.first, layer.second])
        assert len(np.unique(both)) == len(both)

    def history(steps, string):
        return [
            (s.group, min(a, b), max(a, b))
            for s in steps
            for a, b in zip(s.first, s.second, strict=True)
            if string in (a, b)
        ]

    for string in range(0, len(found.loss), 500):
        assert history(made, string) == history(found.turns, string)


@pytest.mark.parametrize(
    "limits", [{"limit": 100}, {"limit": 10**6, "memory": 10_000}, {"limit": 10**6, "work": 1_000}]
)
def test_limits_are_kept(limits):
    c = circuit(5, [(name, [q], f"{name}{q}") for name in ("rx", "rz", "ry") for q in range(5)])
    problem, drive = ready(c, parse("Z0 Z1 Z2 Z3 Z4", 5))
    assert search(problem.loss.terms, drive.groups, 5, **limits) is None


def test_strings_of_more_than_64_qubits():
    """A chain across the word boundary: Z of a qubit that two rotations turn, cos a cos b."""
    c = circuit(70, [("rx", [66], "a"), ("rxx", [63, 66], "b"), ("rzz", [0, 66], "c")])
    problem, drive = ready(c, pauli_sum({1 << (66 + 70): 2.0}, 70))
    found = make(problem, drive.groups)
    loss, slopes = found.run(drive.angles(np.array([[0.3], [0.8], [1.1]])))
    assert loss == pytest.approx([2 * np.cos(0.3) * np.cos(0.8)])
    assert drive.gradients(slopes).ravel() == pytest.approx(
        [-2 * np.sin(0.3) * np.cos(0.8), -2 * np.cos(0.3) * np.sin(0.8), 0.0]
    )


def test_a_loss_that_nothing_visible_turns_is_constant():
    problem, drive = ready(circuit(2, [("rz", [0], "a"), ("rzz", [0, 1], "b")]), parse("2*Z0 + X1", 2))
    assert make(problem, drive.groups).constant == 2.0


def test_a_wide_projector_is_not_written_out():
    problem, drive = ready(circuit(12, [("rx", [q], f"t{q}") for q in range(12)]), parse("projector(0..n-1)", 12))
    assert make(problem, drive.groups) is None


def highest(evaluator, drive, group):
    """The highest frequency of l in the angle of one group, the others at random: scales are multiples of ⅛."""
    top = int(8 * evaluator.degrees[group]) + 8
    angles = np.repeat(np.random.default_rng(1).uniform(-3, 3, (len(drive.groups), 1)), 4 * top, axis=1)
    angles[group] = 16 * np.pi * np.arange(4 * top) / (4 * top)
    waves = np.abs(np.fft.rfft(evaluator.run(angles)[0])) / (4 * top)
    return np.flatnonzero(waves > 1e-12).max(initial=0) / 8


@pytest.mark.parametrize("seed", range(40))
def test_no_frequency_is_above_the_degree(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 7))
    problem, drive = ready(circuit(n, random_tied(rng, n, 5, 2)), random_loss(rng, n))
    found = make(problem, drive.groups)
    for group in (k for k, g in enumerate(drive.groups) if g.terms):
        assert highest(found, drive, group) <= found.degrees[group] + 1e-9


def test_the_degree_is_that_of_all_turns_on_the_way():
    """On this ring no string keeps all of its five turns by the angle b0 after pruning; a grid for four of them is wrong."""
    ring = [(q, (q + 1) % 5) for q in range(5)]
    gates = []
    for layer, kinds in enumerate((("rzz", "rx"), ("rzz", "rx"))):
        gates += [(kinds[0], list(edge), f"g{layer}") for edge in ring]
        gates += [(kinds[1], [q], f"b{layer}") for q in range(5)]
    problem, drive = ready(circuit(5, [*gates, ("crx", [3, 0], "t")]), pauli_sum({805: -1.0}, 5))
    found = make(problem, drive.groups)
    assert [highest(found, drive, k) <= d for k, d in enumerate(found.degrees)] == [True] * len(drive.groups)
    assert 5.0 in found.degrees.tolist()

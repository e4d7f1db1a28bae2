"""The deep limit under Pauli noise, against averages over many repetitions of the noisy circuit."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.deep_limit.deep_limit import deep_limit
from bplint.analyses.deep_limit.unital_noise import Vanishing
from bplint.bounds import Status
from bplint.ir.law import Init
from bplint.ir.noise import parse_noise
from bplint.ir.observable import parse
from cases import case
from dense import random_observable, rotations
from exact_pairs import pair_averages
from samples import circuit

REPETITIONS = 120


def limit(c, observable, noise):
    k = case(c, "Z0")
    return Ask(k._replace(context=k.context._replace(observable=observable, noise=parse_noise(noise))))(deep_limit)


@pytest.mark.parametrize("noise", ["depolarizing:0.1", "phaseflip:0.2", "bitflip:0.3, readout:0.1", "pauli:0/0.2/0.1"])
@pytest.mark.parametrize("seed", range(8))
def test_many_repetitions_come_to_the_limit(seed, noise):
    rng = np.random.default_rng(seed)
    n = 1 + seed % 2
    words = ["X", "Y", "Z"] if n == 1 else ["X", "Y", "Z", "XX", "ZZ", "XY", "ZX"]
    axes = [(word, [int(q) for q in rng.permutation(n)[: len(word)]]) for word in rng.choice(words, rng.integers(1, 4))]
    observable = random_observable(rng, n)
    found = limit(rotations(n, axes), observable, noise)
    assert found.status is Status.EXACT, found.reason
    mean, second, _ = pair_averages(rotations(n, axes * REPETITIONS), observable, Init(), parse_noise(noise))
    assert (found.mean, found.mean**2 + found.variance) == pytest.approx((mean, second), abs=1e-6)


@pytest.mark.parametrize(
    ("gates", "observable", "noise", "mean"),
    [
        ([("ry", [0], "a"), ("rx", [0], "b")], "Z0", "depolarizing:0.1", 0.0),
        ([("ry", [0], "a"), ("x", [1]), ("x", [1])], "Z0 + Z1", "depolarizing:0.1", 0.0),
        ([("ry", [0], "a")], "Z0 + Z1 + 2", "depolarizing:0.1", 3.0),
        ([("rz", [0], "a")], "Z0", "phaseflip:0.1", 1.0),
        ([("ry", [0], "a"), ("cx", [0, 1]), ("cx", [0, 1])], "Z1", "2q=phaseflip:0.1, readout:0.1", 0.8),
        ([("ry", [0], "a")], "projector(0..1)", "depolarizing:0.01", 0.5),
    ],
)
def test_what_noise_leaves(gates, observable, noise, mean):
    found = limit(circuit(2, gates), parse(observable, 2), noise)
    assert (found.status, found.variance) == (Status.EXACT, 0.0)
    assert found.mean == pytest.approx(mean)
    assert found.as_json()["noise"] == noise


def test_readout_alone_damps_terms_once():
    found = limit(circuit(1, [("rx", [0], "a"), ("rz", [0], "b")]), parse("Z0", 1), "readout:0.1")
    assert found.variance == pytest.approx(0.8**2 / 3)
    assert "under readout:0.1" in dict(found.sentences())["deep_limit"]


def test_what_is_not_known():
    c = circuit(2, [("ry", [0], "a"), ("rx", [0], "b")])
    assert "damping" in limit(c, parse("Z0", 2), "damping:0.1").reason
    assert limit(c, parse("Z0", 2), "2q=depolarizing:0.1").status is Status.INCONCLUSIVE
    many = rotations(11, [("Y", [q]) for q in range(11)])
    assert "projectors on 11 qubits" in limit(many, parse("projector(0..10)", 11), "depolarizing:0.1").reason


def test_work_and_room_are_bounded():
    c, noise = rotations(2, [("X", [0]), ("X", [1])]), parse_noise("depolarizing:0.1")
    assert Vanishing(c, [1, 2], noise).of(0b0100) is True
    assert Vanishing(c, [1, 2], noise, work=2).of(0b0100) is None
    assert Vanishing(c, [1, 2], noise, room=16).of(0b1000) is None  # only the noise on the other qubit is kept
    assert Vanishing(c, [1], noise, room=16).of(0b0010) is None

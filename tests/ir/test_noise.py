"""Factors against Kraus maps on density matrices, Heisenberg picture; and what is refused."""

from functools import reduce
from itertools import product

import numpy as np
import pytest

from bplint.ir.noise import Channel, Noise, NoiseError, NoiseKind, parse_noise
from matrices import pauli_matrix

SPECS = [
    "depolarizing:0.03",
    "bitflip:0.1",
    "phaseflip:0.2",
    "pauli:0.01/0.02/0.05",
    "damping:0.3",
    "depolarizing:0.1, pauli:0.1/0/0.2",
    "1q=bitflip:0.1, 2q=depolarizing:0.2, phaseflip:0.05",
]


def kraus(channel, arity):
    """Kraus operators on the qubits of a gate."""
    if not channel.acts(arity):
        return [np.eye(2**arity)]
    p = channel.rates[0]
    if channel.kind is NoiseKind.DEPOLARIZING:
        paulis = [pauli_matrix("".join(label)) for label in product("IXYZ", repeat=arity)]
        weights = [1 - p + p / 4**arity] + [p / 4**arity] * (4**arity - 1)
        return [np.sqrt(w) * m for w, m in zip(weights, paulis, strict=True)]
    if channel.kind is NoiseKind.DAMPING:
        one = [np.diag([1, np.sqrt(1 - p)]), np.array([[0, np.sqrt(p)], [0, 0]])]
    else:
        rates = {"bitflip": (p, 0, 0), "phaseflip": (0, 0, p), "pauli": channel.rates}[channel.kind]
        weights = (1 - sum(rates), *rates)
        one = [np.sqrt(w) * pauli_matrix(letter) for w, letter in zip(weights, "IXYZ", strict=True)]
    return [reduce(np.kron, choice) for choice in product(one, repeat=arity)]


def heisenberg(noise, arity, matrix):
    for channel in reversed(noise.channels):
        matrix = sum(k.conj().T @ matrix @ k for k in kraus(channel, arity))
    return matrix


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("arity", [1, 2])
def test_factors_are_the_diagonal_of_the_channel(spec, arity):
    noise = parse_noise(spec)
    for letters in product(range(4), repeat=arity):
        string = pauli_matrix("".join("IXZY"[letter] for letter in letters))
        image = heisenberg(noise, arity, string)
        assert noise.factor(arity, letters) == pytest.approx(np.trace(string @ image).real / 2**arity, abs=1e-12)
        if noise.is_unital:
            np.testing.assert_allclose(image, noise.factor(arity, letters) * string, atol=1e-12)


def test_amplitude_damping_feeds_the_identity_and_is_the_only_one_that_does():
    assert [parse_noise(spec).is_unital for spec in SPECS] == [s != "damping:0.3" for s in SPECS]
    image = heisenberg(parse_noise("damping:0.3"), 1, pauli_matrix("Z"))
    assert np.trace(image).real / 2 == pytest.approx(0.3)
    assert parse_noise("damping:0").is_unital


def test_gates_on_three_qubits_count_as_gates_on_two():
    noise = parse_noise("1q=depolarizing:0.5, 2q=depolarizing:0.25")
    assert (noise.joint(1), noise.joint(2), noise.joint(3)) == (0.5, 0.75, 0.75)


def test_no_noise_follows_what_is_no_gate():
    noise = parse_noise("depolarizing:0.5, 2q=bitflip:0.1, damping:0.2")
    assert (noise.joint(0), noise.local(0), noise.feeds(0)) == (1, (1, 1, 1), False)


def test_readout_flips_bits_and_follows_no_gate():
    noise = parse_noise("readout:0.1")
    confusion = np.array([[0.9, 0.1], [0.1, 0.9]])
    assert noise.readout_factor(3) == pytest.approx((np.array([1, -1]) @ confusion @ np.array([1, 0])) ** 3)
    assert noise.factor(2, (1, 3)) == 1
    assert noise.is_unital
    assert not noise.is_trivial


def test_text_comes_back():
    for spec in [*SPECS, "depolarizing:0.001, readout:0.02"]:
        assert str(parse_noise(spec)) == spec
        assert parse_noise(str(parse_noise(spec))) == parse_noise(spec)
    assert parse_noise(" 2q = pauli:0.1/0/0 ") == Noise((Channel(NoiseKind.PAULI, (0.1, 0.0, 0.0), 2),))


def test_no_noise():
    assert Noise().is_trivial
    assert parse_noise("depolarizing:0").is_trivial
    assert (Noise().factor(2, (1, 2)), Noise().readout_factor(5), str(Noise())) == (1.0, 1.0, "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "want a channel such as depolarizing:0.001"),
        ("thermal:0.1", "there are depolarizing, bitflip"),
        ("depolarizing", "want a channel"),
        ("depolarizing:x", "want a probability from 0 to 1"),
        ("depolarizing:nan", "want a probability"),
        ("depolarizing:1.5", "want a probability"),
        ("depolarizing:-0.1", "want a probability"),
        ("pauli:0.1", "want three rates PX/PY/PZ"),
        ("bitflip:0.1/0.1", "want one rate"),
        ("3q=bitflip:0.1", "want 1q= or 2q="),
        ("2q=readout:0.1", "want 1q= or 2q="),
        ("bitflip:0.6", "at most 1/2"),
        ("readout:0.6", "at most 1/2"),
        ("pauli:0.3/0.3/0", "at most 1/2"),
    ],
)
def test_what_is_no_noise_is_refused(text, message):
    with pytest.raises(NoiseError, match=message):
        parse_noise(text)

"""Terms that a parity makes zero, against states at random angles; with noise against averages over pairs of strings."""

from pathlib import Path

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import gradient, loss
from bplint.analyses.gradients.parity import orthogonal, parity, spanned
from bplint.bounds import Status
from bplint.config import Settings
from bplint.finding import Severity
from bplint.ir.law import parse_init
from bplint.ir.noise import parse_noise
from bplint.ir.observable import parse, pauli_sum
from bplint.ir.pauli import from_label, to_sparse
from bplint.run import lint_text
from cases import case
from exact_pairs import pair_averages
from grid import matrix_of, random_tied, simulate
from samples import circuit, random_gates, unitary_of


def dense_values(c, observable, rng, points=3):
    values = rng.uniform(-3, 3, (len(c.parameters), points))
    return simulate(c, observable, list(values), points)[0]


def some_strings(rng, n):
    """Some of them with the same x-part, as only those may be equal."""
    strings = rng.integers(1, 4**n, 3)
    alike = [int(s) ^ int(z) << n for s in strings for z in rng.integers(0, 2**n, 3)]
    return {int(s): float(rng.normal()) for s in [*strings, *alike]}


def with_loss(c, observable, **context):
    k = case(c, "Z0")
    return k._replace(context=k.context._replace(observable=observable, **context))


@pytest.mark.parametrize("seed", range(150))
def test_terms_dropped_are_zero_and_terms_merged_are_equal(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 6))
    c = circuit(n, random_tied(rng, n, int(rng.integers(1, 7)), 3))
    k = with_loss(c, pauli_sum(some_strings(rng, n), n, constant=0.3))
    found = Ask(k)(parity)
    whole = dense_values(c, k.context.observable, np.random.default_rng(seed))
    seen = dense_values(c, found.observable, np.random.default_rng(seed))
    assert seen == pytest.approx(whole, abs=1e-12)
    if found.constant is not None:
        assert whole == pytest.approx(np.full(3, found.constant), abs=1e-12)


def test_the_random_circuits_have_something_to_drop_and_to_merge():
    dropped = merged = constant = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(2, 6))
        c = circuit(n, random_tied(rng, n, int(rng.integers(1, 7)), 3))
        k = with_loss(c, pauli_sum(some_strings(rng, n), n))
        found = Ask(k)(parity)
        dropped += found.vanishing
        merged += len(k.context.observable.terms) - found.vanishing - len(found.observable.terms)
        constant += found.constant is not None
    assert dropped > 100
    assert merged > 15
    assert constant > 10


@pytest.mark.parametrize("noise", ["depolarizing:0.1", "bitflip:0.2, readout:0.1", "pauli:0.1/0.02/0.3", "damping:0.2"])
@pytest.mark.parametrize("seed", range(6))
def test_noise_of_pauli_channels_keeps_zeros(seed, noise):
    """Loss and second moment with all terms equal those without the ones dropped; damping drops nothing."""
    rng = np.random.default_rng(seed)
    c = circuit(2, random_gates(rng, 2, 7))
    k = with_loss(c, pauli_sum(some_strings(rng, 2), 2), noise=parse_noise(noise))
    found = Ask(k)(parity)
    if noise.startswith("damping"):
        assert found.observable == k.context.observable
        return
    init = parse_init("normal:0.8@0.3")
    whole, seen = (pair_averages(c, o, init, parse_noise(noise))[:2] for o in (k.context.observable, found.observable))
    assert seen == pytest.approx(whole, abs=1e-12)


def qaoa(n, edges, layers=2):
    gates = [("h", [q]) for q in range(n)]
    for layer in range(layers):
        gates += [("rzz", list(edge), f"g{layer}") for edge in edges] + [("rx", [q], f"b{layer}") for q in range(n)]
    return circuit(n, gates)


@pytest.mark.parametrize("n", [3, 64, 65, 130])
def test_qaoa_shows_no_single_z_at_any_size(n):
    k = case(qaoa(n, [(q, (q + 1) % n) for q in range(n)]), "mean(Z)")
    found = Ask(k)(parity)
    assert found.constant == 0
    assert found.vanishing == n
    assert to_sparse(found.keeper, n) == " ".join(f"X{q}" for q in range(n))


def test_what_keeps_is_named_behind_the_circuit():
    """Its expectation there is ±1 for all angles, and it anticommutes with the loss."""
    gates = [
        ("h", [0]),
        ("cx", [0, 1]),
        ("rzz", [0, 1], "a"),
        ("rxx", [0, 1], "b"),
        ("s", [1]),
        ("cx", [1, 0]),
        ("h", [1]),
    ]
    c = circuit(2, gates)
    for label in ("XI", "IX", "ZI", "IZ", "YI", "IY", "XY"):
        k = with_loss(c, pauli_sum({from_label(label): 1.0}, 2))
        found = Ask(k)(parity)
        if found.keeper is None:
            continue
        kept, loss_ = matrix_of(pauli_sum({found.keeper: 1.0}, 2)), matrix_of(k.context.observable)
        state = unitary_of(c, {"a": 0.4, "b": 1.3})[:, 0]
        assert abs(state.conj() @ kept @ state) == pytest.approx(1)
        assert np.allclose(kept @ loss_, -loss_ @ kept)


def test_a_constant_loss_is_measured_without_an_engine():
    k = case(qaoa(40, [(q, p) for q in range(40) for p in range(q)], 3), "Z0 + 2*Z1 Z2 Z3 - 1")
    ask = Ask(k)
    assert ask(loss).mean == -1
    assert ask(loss).variance == 0
    found = ask(gradient)
    assert found.status is Status.EXACT
    assert found.method == "parity"
    assert [c.second_moment for c in found.components] == [0.0] * 6


def test_terms_that_cancel_leave_a_constant():
    """Of a Bell pair X0 X1 and Z0 Z1 are 1 and Y0 Y1 is -1."""
    c = circuit(3, [("h", [0]), ("cx", [0, 1]), ("rx", [2], "a"), ("rzz", [0, 1], "a")])
    for text in ("X0 X1 Z2 - Y0 Y1 Z2 - 2*Z0 Z1 Z2", "X0 X1 Z2 + Y0 Y1 Z2"):
        found = Ask(case(c, text))(parity)
        assert found.observable.terms == ()
        assert found.constant == 0
    ((_, coefficient),) = Ask(case(c, "X0 X1 Z2 - 0.5*Y0 Y1 Z2"))(parity).observable.terms
    assert coefficient == 1.5


@pytest.mark.parametrize(("gates", "value"), [([("h", [0]), ("h", [1])], 0.25), ([("h", [0])], None)])
def test_a_projector_is_constant_if_no_letter_of_it_is_seen(gates, value):
    k = case(circuit(2, [*gates, ("rxx", [0, 1], "a")]), "projector(0, 1)")
    assert Ask(k)(parity).constant == value


@pytest.mark.parametrize("rank", [3, 40, 67, 70])
def test_span_and_what_is_orthogonal_to_it(rank):
    rng = np.random.default_rng(rank)
    generators = [int(rng.integers(1, 2**60)) << 10 | 1 << k % 10 for k in range(rank)]
    vectors = [int(np.bitwise_xor.reduce(rng.choice(generators, 3).astype(object))) for _ in range(400)]
    span = spanned([*vectors, *generators], 70)
    assert all(g in span for g in generators)
    masks = orthogonal(span, 70)
    assert len(masks) == 70 - len(span)
    assert all((mask & g).bit_count() % 2 == 0 for mask in masks for g in generators)


def test_a_published_qaoa_file_is_dead_under_mean_z():
    path = Path(__file__).parents[3] / "fixtures" / "tied" / "qaoa3r_n12_p2_meanz.qasm"
    report = lint_text(path.read_text(), Settings(suggest=False))
    assert [f.code for f in report.findings if f.severity is Severity.ERROR] == ["BP104"]


def test_no_terms_are_no_question():
    assert Ask(case(circuit(1, [("rx", [0], "a")]), "2*I"))(parity).constant is None
    assert parse("2*I", 1).constant == 2

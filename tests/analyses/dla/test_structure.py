"""Loss and start in the ideals; the deep limit that follows, beside orbits of strings and beside deep circuits."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.deep_limit.deep_limit import deep_limit
from bplint.analyses.dla import dla
from bplint.analyses.dla import structure as module
from bplint.analyses.dla.ideals import split
from bplint.analyses.dla.ideals.basis import orthonormal
from bplint.analyses.dla.structure import Structure, structure
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.operator_module.moments import module_moments
from bplint.analyses.gradients.problem import Problem
from bplint.bounds import Status
from bplint.ir.noise import parse_noise
from cases import case
from samples import circuit


def asked(c, observable, *, thorough=True):
    ask = Ask(case(c, observable), thorough=thorough)
    return ask(structure), ask


def ring_layers(n, layers):
    """QAOA on a ring from |0…0⟩, two parameters a layer."""
    gates = []
    for layer in range(layers):
        gates += [("rzz", [q, (q + 1) % n], f"g{layer}") for q in range(n)]
        gates += [("rx", [q], f"b{layer}") for q in range(n)]
    return circuit(n, gates)


def bond_sum(n):
    return " + ".join(f"Z{q} Z{(q + 1) % n}" for q in range(n))


def deep(c, observable):
    """The exact variance of the loss of a circuit with many layers, by the operator module."""
    made = case(c, observable)
    found = module_moments(Problem.of(made.circuit, made.context.observable, made.context.init), Effort())
    assert found.status is Status.EXACT
    return found.variance.value


@pytest.mark.parametrize("n", [3, 4, 5])
def test_deep_tied_circuits_reach_the_variance_of_the_ideals(n):
    found, _ = asked(ring_layers(n, 1), bond_sum(n))
    assert found.observable_inside
    assert not found.state_inside
    assert found.variance == pytest.approx(deep(ring_layers(n, 60), bond_sum(n)), rel=1e-6)


def test_deep_tied_circuits_with_a_start_in_the_algebra():
    """Sums that conserve nothing on two qubits generate enough for |00⟩⟨00|, and one string alone may lie outside."""
    c = circuit(2, [("rx", [0], "a"), ("rx", [1], "a"), ("rz", [0], "b"), ("rz", [1], "b"), ("rzz", [0, 1], "c")])
    many = circuit(
        2,
        [
            (g, q, f"{t}{k}")
            for k in range(60)
            for g, q, t in [
                ("rx", [0], "a"),
                ("rx", [1], "a"),
                ("rz", [0], "b"),
                ("rz", [1], "b"),
                ("rzz", [0, 1], "c"),
            ]
        ],
    )
    found, _ = asked(c, "Z0")
    assert not found.observable_inside
    assert found.state_inside
    assert found.variance == pytest.approx(deep(many, "Z0"), rel=1e-6)


STRINGS = ("rx", "ry", "rz", "rxx", "rzz")


@pytest.mark.parametrize("seed", range(40))
def test_strings_apart_agree_with_their_orbits(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    gates = []
    for k in range(int(rng.integers(3, 9))):
        if rng.random() < 0.2:
            gates.append(("h", [int(rng.integers(n))]))
            continue
        name = str(rng.choice(STRINGS))
        qubits = rng.permutation(n)[: 2 if len(name) == 3 else 1].tolist()
        gates.append((name, qubits, f"t{k}"))
    c = circuit(n, gates)
    observable = str(rng.choice(["Z0", "X0 + 0.5*Z1", "Z0 Z1", "Y0", "projector(0..1)"]))
    found, ask = asked(c, observable)
    if ask(dla).algebra.axes:
        limit = ask(deep_limit)
        if found.variance is not None and limit.status is Status.EXACT:
            assert found.variance == pytest.approx(limit.variance, abs=1e-9)


def test_all_of_su_has_the_variance_of_a_two_design():
    """One part with everything: 1/(2^n + 1) for any string (arXiv:2309.09342, section on controllable circuits)."""
    c = circuit(2, [("rx", [0], "a"), ("rz", [0], "b"), ("rx", [1], "c"), ("rz", [1], "d"), ("rzz", [0, 1], "e")])
    found, _ = asked(c, "X0 Y1")
    (part,) = found.parts
    assert (part.algebra, part.dimension) == ("so(6)", 15)
    assert (part.observable, part.state) == pytest.approx((1, 3))
    assert found.variance == pytest.approx(1 / 5)
    assert found.observable_inside
    assert found.state_inside


def test_an_untrained_rotation_leaves_the_purities_and_takes_the_variance():
    c = circuit(2, [("rx", [0], 0.3), ("rx", [0], "a"), ("rz", [0], "b")])
    found, _ = asked(c, "Z0")
    assert found.observable_inside
    assert found.variance is None


def test_names_of_large_string_algebras_need_no_basis():
    n = 8
    gates = [(g, [q], f"{g}{q}") for g in ("rx", "rz") for q in range(n)]
    gates += [("rzz", [q, q + 1], f"zz{q}") for q in range(n - 1)]
    found, _ = asked(circuit(n, gates), "Z0")
    assert found.status is Status.EXACT
    assert found.names == (("su(256)", 4**n - 1, 1),)
    assert found.parts is None
    assert found.as_json()["ideals"] is None


def test_the_closure_of_sums_is_named_in_the_algebra():
    c = ring_layers(6, 2)
    found = Ask(case(c, "Z0 Z1"))(dla)
    assert found.parts == (("su(2)", 3, 5), ("u(1)", 1, 2))
    document = found.as_json()
    assert document["components"] == [
        {"algebra": "su(2)", "dimension": 15, "copies": 5, "count": 1},
        {"algebra": "u(1)", "dimension": 2, "copies": 2, "count": 1},
    ]
    assert document["center"] == 2


def test_larger_closures_are_named_where_time_is_no_matter():
    """U(n) of an open path: 81 dimensions are more than a linter looks into."""
    n = 9
    gates = [("rzz", [q, q + 1], "g") for q in range(n - 1)] + [("rx", [q], "b") for q in range(n)]
    assert Ask(case(circuit(n, gates), "Z0"))(dla).parts is None
    assert Ask(case(circuit(n, gates), "Z0"), thorough=True)(dla).parts == (("su(9)", 80, 1), ("u(1)", 1, 1))


def test_beyond_the_limit_the_reason_is_given(monkeypatch):
    monkeypatch.setattr(module, "LIMIT", 13)
    monkeypatch.setattr(split, "LIMIT", 13)
    found, _ = asked(ring_layers(5, 1), "Z0")
    assert found.status is Status.INCONCLUSIVE
    assert found.reason.startswith("of algebras with more than 13 dimensions")
    assert found.reason.endswith("this one has 14")


def test_a_shared_parameter_leaves_the_names_of_what_it_generates():
    c = circuit(2, [("rx", [0], "a"), ("rzz", [0, 1], "b"), ("rx", [0], "a")])
    found, ask = asked(c, "Z0")
    assert ask(dla).status is Status.EXACT
    assert found.names == (("su(2)", 3, 1),)


def test_fixed_rotations_between_turn_the_generators():
    """RZ by an eighth turn makes another axis of RX: together su(2), and no variance, as the loss is turned as well."""
    c = circuit(1, [("rx", [0], "a"), ("rz", [0], np.pi / 4), ("rx", [0], "b")])
    found, ask = asked(c, "Z0")
    assert ask(dla).closure is not None
    assert found.names == (("su(2)", 3, 1),)
    assert found.observable_inside
    assert found.variance is None


def test_bounded_algebras_have_no_structure():
    c = circuit(1, [("rx", [0], "a"), ("rz", [0], "x"), ("rx", [0], "b")])
    ask = Ask(case(c, "Z0", data=("x",)))
    assert ask(dla).status is Status.BOUNDED
    assert ask(structure).status is Status.INCONCLUSIVE
    assert ask(structure).reason == f"the algebra is not known exactly: {ask(dla).reason}"


@pytest.mark.parametrize("gates", [[("h", [0]), ("cx", [0, 1])], [("h", [0]), ("ccx", [0, 1, 2])], [("t", [0])]])
def test_a_circuit_without_a_trainable_parameter_is_skipped(gates):
    ask = Ask(case(circuit(3, gates), "Z0"))
    assert (ask(dla).status, ask(dla).upper) == (Status.EXACT, 0)
    assert ask(structure) == Structure(Status.SKIPPED, "no trainable parameter was found")
    assert not ask.faults


def test_no_generator_makes_an_empty_basis():
    assert orthonormal([], 2, 0).basis.shape == (0, 0)


def test_a_deep_variance_without_the_declared_noise_says_so():
    c = circuit(1, [("rx", [0], "a"), ("ry", [0], "b")])
    plain = case(c, "Z0")
    noisy = plain._replace(context=plain.context._replace(noise=parse_noise("depolarizing:0.1")))
    assert "without_noise" not in Ask(plain)(structure).as_json()
    found = Ask(noisy)(structure)
    assert found.as_json()["without_noise"] is True
    assert "0.33 (exact, without the declared noise)" in dict(found.sentences())["structure"]

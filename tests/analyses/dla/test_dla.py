"""The algebra of a case: exact where it says so, and bounds that hold where it does not; brute-force matrices decide."""

import math

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.dla import components_seen, dla
from bplint.analyses.dla.closure import generators
from bplint.analyses.views import framed
from bplint.bounds import Status
from bplint.ir.circuit import Role
from cases import case
from lie_closure import lie_dimension, true_generators
from samples import circuit, random_gates, unitary_of


def found(c, observable="Z0"):
    return Ask(case(c, observable))(dla)


TIED = ("rx", "ry", "rz", "rzz", "crx", "crz", "cp")


@pytest.mark.parametrize("seed", range(60))
def test_exact_means_exact_and_bounds_hold(seed):
    """Random circuits with tied, controlled and fixed rotations; each symbol used once, so nothing is shared."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    c = circuit(n, random_gates(rng, n, 9, fixed=0.25, parametric=TIED if n > 1 else ("rx", "ry", "rz")))
    matrices = true_generators(c, {p.name: 0.0 for p in c.parameters})
    if not matrices:
        return
    truth, answer = lie_dimension(matrices), found(c)
    assert answer.lower <= truth <= answer.upper <= answer.algebra.dimension
    if answer.status is Status.EXACT:
        assert truth == answer.upper
    if answer.separate:
        assert truth == answer.algebra.dimension


RING = [("rzz", [i, (i + 1) % 6], "g") for i in range(6)] + [("rx", [i], "b") for i in range(6)]


def test_qaoa_on_a_ring_is_closed_and_its_strings_apart_generate_more():
    answer = found(circuit(6, RING))
    assert (answer.status, answer.upper, answer.algebra.dimension) == (Status.EXACT, 17, 132)
    assert not answer.separate
    machine = answer.as_json()
    assert (machine["dimension"], machine["method"], machine["symmetry"]) == (17, "linear-closure", "D_6")
    assert [part["algebra"] for part in machine["components"]] == ["su(2)", "u(1)"]
    assert (machine["center"], machine["class"]) == (2, None)


def test_a_closure_beyond_its_work_is_bounded(monkeypatch):
    monkeypatch.setattr(generators, "WORK", 100)
    answer = found(circuit(6, RING))
    assert (answer.status, answer.algebra.dimension) == (Status.BOUNDED, 132)
    assert 2 <= answer.lower <= 17
    assert "tied" in answer.reason
    assert answer.as_json()["dimension"] is None


def test_sums_without_a_common_measure_are_estimated():
    answer = found(circuit(2, [("rx", [0], "a"), ("rx", [1], (2**0.5, "a")), ("rzz", [0, 1], "b")]))
    assert (answer.status, answer.lower, answer.upper) == (Status.ESTIMATED, 2, 6)
    machine = answer.as_json()
    assert (machine["dimension"], machine["method"]) == (None, "floating-closure")
    assert machine["estimate"]["dimension"] == 6
    assert "tied" in machine["reason"]


def test_a_shared_parameter_is_exact_where_derivatives_reach_all_that_its_groups_generate():
    answer = found(circuit(1, [("rx", [0], "a"), ("rz", [0], "b"), ("rx", [0], "a")]))
    assert (answer.status, answer.lower, answer.upper) == (Status.EXACT, 3, 3)


def test_a_shared_parameter_is_bounded_by_its_groups_where_they_do_not():
    """Between them stands a rotation by 0.3, which has no residue; the groups' strings apart would be an algebra of 6."""
    gates = [("rx", [0], "a"), ("rx", [1], "a"), ("rz", [0], 0.3), ("rz", [1], 0.3), ("rx", [0], "a"), ("rx", [1], "a")]
    answer = found(circuit(2, gates))
    assert (answer.status, answer.upper, answer.algebra.dimension) == (Status.BOUNDED, 3, 6)
    assert "shared" in answer.reason


def test_constants_that_no_shift_absorbs_are_fixed_rotations():
    """RX(a) RX(a + 0.3) between two layers of RY: as if the second RX were followed by one of 0.3."""
    layers = [
        ("ry", [0], "b"),
        ("ry", [1], "b"),
        ("rx", [0], "a"),
        ("rx", [1], "a"),
        ("ry", [0], "c"),
        ("ry", [1], "c"),
    ]
    assert found(circuit(2, layers)).upper == 3
    offset = found(circuit(2, [*layers[:3], ("rx", [1], ["a", 0.3]), *layers[4:]]))
    after = found(circuit(2, [*layers[:4], ("rx", [1], 0.3), *layers[4:]]))
    assert (
        (offset.status, offset.estimate.dimension) == (after.status, after.estimate.dimension) == (Status.ESTIMATED, 6)
    )


def test_known_strings_are_subtracted_from_sums():
    """CRX drives IX - ZX; with RX on the target both strings are generators."""
    answer = found(circuit(2, [("crx", [0, 1], "a"), ("rx", [1], "b")]))
    assert (answer.status, answer.algebra.dimension) == (Status.EXACT, 2)


def test_a_fixed_rotation_at_either_end_only_changes_the_frame():
    inner = [("rx", [0], "a"), ("rzz", [0, 1], "b"), ("ry", [1], "c")]
    free = found(circuit(2, inner))
    for gates in ([("ry", [0], 0.3), *inner], [*inner, ("rxx", [0, 1], 0.3)]):
        answer = found(circuit(2, gates))
        assert (answer.status, answer.algebra.dimension) == (Status.EXACT, free.algebra.dimension)
        assert answer.repeat is None


def test_t_gates_between_are_exact_and_other_angles_estimated():
    """T turns X into (X + Y)/√2."""
    for gate, status in ((("t", [0]), Status.EXACT), (("rz", [0], math.pi / 3), Status.ESTIMATED)):
        answer = found(circuit(1, [("rx", [0], "a"), gate, ("rx", [0], "b")]))
        assert (answer.status, answer.upper) == (status, 3)
    assert answer.estimate.dimension == 3
    assert answer.estimate.clear


def test_data_rotations_do_not_generate():
    c = circuit(1, [("rx", [0], "w"), ("rz", [0], "x")])
    answer = Ask(case(c, "Z0", data=["x"]))(dla)
    assert (answer.status, answer.algebra.dimension) == (Status.EXACT, 1)


def test_one_ry_layer_with_a_cx_ladder_and_its_repetition():
    n = 6
    c = circuit(n, [("ry", [q], f"a{q}") for q in range(n)] + [("cx", [q, q + 1]) for q in range(n - 1)])
    answer = found(c)
    assert answer.algebra.dimension == 6
    assert answer.repeat.dimension == 2016


@pytest.mark.parametrize(
    ("n", "path", "ring", "all_pairs"), [(3, 12, 15, 15), (4, 20, 24, 120), (5, 30, 45, 255), (6, 42, 60, 2016)]
)
def test_fixed_cz_entanglers_change_axes_they_are_not_generators(n, path, ring, all_pairs):
    """Whole layers of RY then CZ, many layers (theory 1)."""
    edges = {
        path: [(i, i + 1) for i in range(n - 1)],
        ring: [(i, (i + 1) % n) for i in range(n)],
        all_pairs: [(i, j) for i in range(n) for j in range(i)],
    }
    for dimension, pairs in edges.items():
        gates = [
            gate
            for layer in range(8)
            for gate in [("ry", [q], f"a{layer}_{q}") for q in range(n)] + [("cz", [a, b]) for a, b in pairs]
        ]
        answer = found(circuit(n, gates))
        assert (answer.status, answer.algebra.dimension, answer.repeat.dimension) == (
            Status.EXACT,
            dimension,
            dimension,
        )


@pytest.mark.parametrize("n", [3, 4, 5, 6, 64, 65])
def test_all_rotations_with_a_cz_ring_conserve_a_parity_and_with_a_path_nothing(n):
    def layers(pairs):
        return [
            gate
            for layer in range(3)
            for gate in [(r, [q], f"{r}{layer}_{q}") for r in ("rx", "ry", "rz") for q in range(n)]
            + [("cz", [a, b]) for a, b in pairs]
        ]

    ring = found(circuit(n, layers([(i, (i + 1) % n) for i in range(n)])))
    path = found(circuit(n, layers([(i, i + 1) for i in range(n - 1)])))
    assert ring.algebra.dimension == (4**n - (-2) ** n) // 2
    assert path.algebra.dimension == 4**n - 1


def test_large_integers_are_strings_in_json():
    n = 30
    gates = [(r, [q], f"{r}{q}") for r in ("rx", "ry") for q in range(n)] + [
        ("rzz", [q, q + 1], f"z{q}") for q in range(n - 1)
    ]
    document = found(circuit(n, gates)).as_json()
    assert document["dimension"] == str(4**n - 1)
    assert document["log2_dimension"] == 60.0
    assert document["class"] == "exponential-type"
    assert document["components"] == [{"algebra": "su(2^30)", "dimension": str(4**n - 1), "copies": 1, "count": 1}]


def test_an_exponential_of_the_frame_agrees_with_the_matrices():
    """The generators used here are derivatives of the circuit: a finite difference confirms one."""
    c = circuit(2, [("h", [0]), ("cx", [0, 1]), ("crx", [1, 0], "a"), ("s", [0])])
    (generator,) = true_generators(c, {"a": 0.0})
    step = 1e-6
    u, moved = unitary_of(c, {"a": 0.0}), unitary_of(c, {"a": step})
    np.testing.assert_allclose(u.conj().T @ moved, np.eye(4) - 0.5j * step * generator, atol=1e-10)


@pytest.mark.parametrize("seed", range(40))
def test_without_some_rotations_it_is_that_of_the_circuit_without_them(seed):
    """The same circuit built anew, tied, controlled and fixed rotations in it."""
    rng = np.random.default_rng(3000 + seed)
    n = int(rng.integers(2, 4))
    gates = random_gates(rng, n, 12, fixed=0.2, parametric=TIED)
    ask = Ask(case(circuit(n, gates), "Z0", trainable="symbols"))
    out = {k for k in range(len(gates)) if isinstance(gates[k][-1], str) and rng.random() < 0.4}
    lines = [ask.case.circuit.span(operation).line - 1 for operation in ask(framed).operations]
    here = ask(dla, without=frozenset(i for i, line in enumerate(lines) if line in out))
    left = circuit(n, [row for k, row in enumerate(gates) if k not in out])
    there = Ask(case(left, "Z0", trainable="symbols"))(dla)
    assert (here.status, here.lower, here.algebra, here.surely, here.repeat) == (
        there.status,
        there.lower,
        there.algebra,
        there.surely,
        there.repeat,
    )


def test_without_keeps_the_signs_with_their_rotations():
    """The last two cancel, as Z changes sign behind X."""
    ask = Ask(case(circuit(1, [("rx", [0], "a"), ("rz", [0], "b"), ("x", [0]), ("rz", [0], "b")]), "Z0"))
    assert ask(dla, without=frozenset({0})).algebra.dimension == 0


def test_only_the_whole_algebra_is_reported():
    ask = Ask(case(circuit(1, [("rx", [0], "a"), ("rz", [0], "b")]), "Z0"))
    assert ask(dla, without=frozenset({0})).algebra.dimension == 1
    assert "dla" not in ask.results()
    assert ask(dla).algebra.dimension == 3
    assert ask.results()["dla"].algebra.dimension == 3


def test_the_components_that_the_loss_sees():
    """Z1 Z2 through a CX is Z1 Z2 Z0 on the left; a projector sees what any of its qubits does."""
    ask = Ask(case(circuit(3, [("rx", [0], "a"), ("rx", [1], "b"), ("rz", [1], "c"), ("cx", [0, 1])]), "Z2"))
    algebra = ask(dla).algebra
    assert components_seen(ask.case, ask, algebra) == []
    for observable, sizes in (("Z0", [1]), ("Z1 Z2", [1, 3]), ("projector(0)", [1]), ("projector(1..2)", [1, 3])):
        ask = Ask(case(ask.case.circuit, observable))
        assert sorted(c.size for c in components_seen(ask.case, ask, ask(dla).algebra)) == sizes


def derivatives(c, points):
    """U† ∂U by each parameter at random angles: they generate what a shared parameter moves."""
    rng = np.random.default_rng(7)
    return [m for _ in range(points) for m in true_generators(c, {p.name: rng.uniform(0, 6) for p in c.parameters})]


@pytest.mark.parametrize("seed", range(60))
def test_bounds_hold_for_shared_parameters_and_fixed_angles_of_any_kind(seed):
    rng = np.random.default_rng(5000 + seed)
    n, gates = int(rng.integers(1, 3)), []
    for _ in range(int(rng.integers(3, 8))):
        qubits = rng.permutation(n).tolist()
        gate = (str(rng.choice(["rx", "ry", "rz"])), qubits[:1])
        if n > 1 and rng.random() < 0.3:
            gate = (str(rng.choice(["rzz", "crx"])), qubits)
        fixed = [("t", qubits[:1]), ("h", qubits[:1]), (*gate, 0.3), (*gate, math.pi / 8)]
        gates.append((*gate, f"p{rng.integers(3)}") if rng.random() < 0.7 else fixed[int(rng.integers(4))])
    c = circuit(n, gates)
    matrices = derivatives(c, 3)
    if not matrices:
        return
    truth, answer = lie_dimension(matrices), found(c)
    assert answer.lower <= truth <= answer.upper <= answer.algebra.dimension
    if answer.status is Status.ESTIMATED:
        assert truth == answer.estimate.dimension


def test_data_before_a_shared_parameter_generates_nothing():
    """Derivatives at points with other data are those of other circuits: of dimension 7 together, above the ceiling."""
    gates = [("ry", [1], "x"), ("rzz", [1, 0], "x"), ("cp", [1, 0], "a"), ("h", [0]), ("t", [1]), ("rxx", [1, 0], "a")]
    c = circuit(2, gates, roles={"x": Role.DATA})
    one = case(c, "Z0", data=("x",))
    found = dla(one, Ask(one))
    truth = lie_dimension([m for a in (0.3, 1.9, 4.0) for m in true_generators(c, {"x": 0.7, "a": a})])
    assert (found.lower, truth, found.upper) == (4, 4, 5)


def test_a_rotation_that_comes_back_turns_what_stands_between_and_no_more():
    """The two rotations by a cancel, and those by b before and behind the second are one generator in another order."""
    gates = [("rz", [0], (-1.0, "a")), ("crx", [0, 1], "b"), ("rzz", [2, 1], (0.5, "b"))]
    gates += [("rz", [0], ["a", math.pi / 2]), ("ry", [0], (0.5, "b"))]
    one = case(circuit(3, gates), "Z0")
    found = dla(one, Ask(one))
    c = one.circuit
    truth = lie_dimension([m for t in (0.3, 1.9, 4.0) for m in true_generators(c, {"a": 0.7 * t, "b": t})])
    assert found.lower <= truth <= found.upper
    assert truth == found.upper == 10


def test_what_cancels_generates_nothing():
    one = case(circuit(1, [("ry", [0], "a"), ("s", [0]), ("rx", [0], ["a", math.pi / 2]), ("rz", [0], 0.4)]), "X0")
    found = dla(one, Ask(one))
    assert (found.status, found.lower) == (Status.EXACT, 0)

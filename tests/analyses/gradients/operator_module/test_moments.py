"""Operator modules against states on grids of angles, and against numbers known in closed form."""

import json
import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from answers import numbers
from bplint.analyses.ask import BudgetError, Clock
from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.operator_module import averaging
from bplint.analyses.gradients.operator_module.moments import dicke_moments, module_moments
from bplint.analyses.gradients.operator_module.on_strings import on_strings
from bplint.analyses.gradients.problem import Problem, rotations, scales
from bplint.analyses.gradients.tied.tied_moments import made_ready
from bplint.bounds import Status
from bplint.ir.circuit import Role
from bplint.ir.law import UNIFORM, Init, Law, Shape, parse_init
from bplint.ir.observable import parse
from evaluating import published
from grid import grid_moments, random_law, random_loss, random_tied
from module_answers import small_case
from paths import FIXTURES
from samples import circuit

EXACT = json.loads((FIXTURES / "tied" / "table.json").read_text())["exact"]
TABLE = json.loads((FIXTURES / "variance_table.json").read_text())
TRIANGLE = [(0, 1), (1, 2), (0, 2)]


def run(c, observable, init="uniform", alive=None, **effort):
    loss = parse(observable, c.n_qubits) if isinstance(observable, str) else observable
    problem = Problem.of(c, loss, parse_init(init) if isinstance(init, str) else init)
    return module_moments(problem._replace(alive=alive), Effort(**effort))


def qaoa(n, edges, layers):
    gates = [("h", [q]) for q in range(n)]
    for layer in range(layers):
        gates += [("rzz", list(edge), f"g{layer}") for edge in edges] + [("rx", [q], f"b{layer}") for q in range(n)]
    return circuit(n, gates)


def hopping():
    """From |100>, exp(-iθ(XX+YY)/2) on (0,1), (1,2), (0,1)."""
    steps = [([0, 1], "a"), ([1, 2], "b"), ([0, 1], "c")]
    return circuit(3, [("x", [0]), *((name, q, t) for q, t in steps for name in ("rxx", "ryy"))])


def agree(found, expected, tolerance=1e-11):
    mean, second, gradients = expected
    assert found.status is Status.EXACT
    assert numbers(found)[:2] == pytest.approx((mean, second), abs=tolerance)
    slopes = numbers(found)[2]
    assert set(slopes) == set(gradients)
    for parameter, pair in gradients.items():
        assert slopes[parameter] == pytest.approx(pair, abs=tolerance)


@pytest.mark.parametrize(
    ("c", "observable", "mean", "second"),
    [
        (hopping(), "Z0", Fraction(1, 4), Fraction(59, 128)),
        (hopping(), "Z2", Fraction(1, 2), Fraction(9, 16)),
        (
            circuit(2, [("ry", [0], "a"), ("crx", [0, 1], "b"), ("ry", [0], "c")]),
            "Z1",
            Fraction(1, 2),
            Fraction(9, 16),
        ),
        (qaoa(3, TRIANGLE, 1), "Z0 Z1", Fraction(1, 4), Fraction(13, 64)),
        (qaoa(3, TRIANGLE, 2), "Z0 Z1", Fraction(5, 16), Fraction(2010, 8192)),
    ],
)
def test_published_moments_of_tied_circuits(c, observable, mean, second):
    found = run(c, observable)
    assert found.mean.value == pytest.approx(float(mean), abs=1e-13)
    assert found.second_moment.value == pytest.approx(float(second), abs=1e-13)


def test_a_fourfold_angle_is_not_aliased():
    """rz(t) and rz(4t) on one qubit: sampling t at four points would take the second for no rotation at all."""
    c = circuit(1, [("ry", [0], 0.7), ("rz", [0], "t"), ("sx", [0]), ("rz", [0], (4.0, "t"))])
    agree(run(c, "X0"), grid_moments(c, parse("X0", 1), {"t": UNIFORM}, unit=1.0))


def test_a_good_gradient_has_little_variance_under_a_narrow_law():
    found = run(circuit(1, [("ry", [0], "t")]), "X0", "normal:0.1")
    slope, second = numbers(found)[2][0]
    assert second == pytest.approx((1 + math.exp(-0.02)) / 2, abs=1e-14)
    assert second - slope**2 == pytest.approx((1 - math.exp(-0.01)) ** 2 / 2, abs=1e-14)


@pytest.mark.parametrize("seed", range(60))
def test_random_circuits_agree_with_a_grid(seed):
    c, law, loss = small_case(np.random.default_rng(seed))
    agree(run(c, loss, Init(UNIFORM, tuple(law.items()))), grid_moments(c, loss, law))


def test_data_is_averaged_and_not_differentiated():
    gates = [("crx", [0, 1], "x"), ("ry", [0], "a"), ("crx", [0, 1], "x"), ("ry", [1], "a")]
    c = circuit(2, [("h", [0]), *gates], roles={"x": Role.DATA})
    expected = grid_moments(c, parse("Z1", 2), {"x": UNIFORM, "a": UNIFORM})
    assert list(expected[2]) == [1]
    agree(run(c, "Z1"), expected)


def test_fixed_parameters_are_offsets():
    roles = {"w": Role.FIXED}
    c = circuit(1, [("ry", [0], [(2.0, "w"), "a"]), ("rz", [0], "a"), ("ry", [0], "a")], roles=roles)
    loss = parse("Z0", 1)
    assert run(c, loss) == Declined("a rotation is fixed at an angle that is not given")
    known = circuit(1, [("ry", [0], [0.6, "a"]), ("rz", [0], "a"), ("ry", [0], "a")])
    agree(run(known, loss, "normal:0.3"), grid_moments(known, loss, {"a": Law(Shape.NORMAL, 0.3)}))


def test_scales_without_a_ratio_count_as_independent_under_the_uniform_law():
    """The long-time mean of √2 t and t, approached by t and (1393/985) t over their common period."""
    ratio = Fraction(1393, 985)

    def turned(scale):
        return circuit(1, [("ry", [0], "t"), ("rz", [0], (scale, "t")), ("rx", [0], "t")])

    near = turned(float(ratio))
    agree(run(turned(2**0.5), "Z0"), grid_moments(near, parse("Z0", 1), {"t": UNIFORM}, unit=1 / 985), 1e-6)


def test_one_event_with_scales_without_a_ratio_needs_no_common_period():
    c = circuit(2, [("ry", [0], (2**0.5, "t")), ("ry", [1], "t")])
    assert run(c, "X0 + X1").second_moment.value == pytest.approx(1)
    found = run(c, "X0 + X1", "range:0.8")
    agree(found, grid_moments(c, parse("X0 + X1", 2), {"t": Law(Shape.RANGE, 0.8)}))


def test_shared_scales_without_a_ratio_have_a_rule_where_the_law_is_narrow():
    c = circuit(1, [("ry", [0], "t"), ("rz", [0], (2**0.5, "t")), ("ry", [0], "t")])
    loss, law = parse("Z0", 1), Law(Shape.NORMAL, 0.1)
    agree(run(c, loss, "normal:0.1"), grid_moments(c, loss, {"t": law}))


def test_shared_scales_without_a_ratio_are_declined_where_they_are_not_independent():
    three = [("ry", [0], "t"), ("rz", [0], (2**0.5, "t")), ("ry", [0], (1 + 2**0.5, "t"))]
    assert run(circuit(1, three), "Z0") == Declined("a shared parameter turns rotations without a common period")


def test_what_is_identically_zero_is_exactly_zero():
    cancelled = run(circuit(1, [("h", [0]), ("rz", [0], "t"), ("rz", [0], (-1.0, "t")), ("ry", [0], "a")]), "X0")
    assert numbers(cancelled)[2][0] == (0.0, 0.0)
    assert numbers(cancelled)[2][1][0] == 0.0
    assert numbers(run(hopping(), "Z2"))[2][2] == (0.0, 0.0)
    together = run(circuit(2, [("rx", [0], "t"), ("rx", [1], "t")]), "Z0 Z1 + 2")
    assert numbers(together)[2][0][1] == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(5))
def test_mean_gradients_are_exactly_zero_under_the_uniform_law(seed):
    rng = np.random.default_rng(seed)
    found = run(circuit(3, random_tied(rng, 3, 7, 30)), random_loss(rng, 3))
    assert {mean for mean, _ in numbers(found)[2].values()} == {0.0}


def test_rotations_said_to_be_dead_are_left_out():
    c = circuit(1, [("rz", [0], "a"), ("ry", [0], "b")])
    assert run(c, "X0", alive=[False, True]) == run(c, "X0")


@pytest.mark.parametrize("row", [r for r in TABLE if r["name"].startswith("a14") and r["n"] == 4][:2])
def test_published_gradients_of_untied_bricks(row):
    """Wiersema et al. 2309.05690."""
    depth, gates = int(row["name"].split("depth ")[1].split(",")[0]), []
    for _ in range(depth):
        for i, j in ((0, 1), (2, 3), (1, 2)):
            t = f"t{len(gates)}"
            turned = [("sdg", [j]), ("rxx", [i, j], t + "c"), ("s", [j])]  # about XY
            gates += [("rxx", [i, j], t + "a"), ("ryy", [i, j], t + "b"), *turned]
    found = run(circuit(4, gates), "Z0 Z1")
    assert numbers(found)[2][0][1] == pytest.approx(row["value_float"], rel=1e-12)


def test_what_is_too_large_says_which_budget(monkeypatch):
    c = qaoa(4, [(0, 1), (1, 2), (2, 3)], 3)
    assert run(c, "Z0 Z1", limit=10) == Declined("the observable reaches more than 10 strings")
    assert run(c, "projector(0..n-1)", limit=10) == Declined("the observable reaches more than 10 strings")
    with pytest.raises(BudgetError, match="stopped by the clock"):
        run(c, "Z0 Z1", clock=Clock(-1.0))
    assert "6 events are too many" in run(c, "Z0 Z1", work=100).reason
    assert "6 events and 1 settings of the shared angles" in run(c, "Z0 Z1", work=101_300_000).reason
    monkeypatch.undo()
    monkeypatch.setattr(averaging, "MEMORY", 100)
    assert "MB" in run(c, "Z0 Z1").reason


def complete(n, layers):
    pairs = list(combinations(range(n), 2))
    return qaoa(n, pairs, layers), parse(" + ".join(f"Z{a} Z{b}" for a, b in pairs), n)


@pytest.mark.parametrize("n", [8, 12, 40])
def test_published_values_of_qaoa_on_complete_graphs(n):
    """Gradients in dθ of exp(-iθΣP/2), as the rotation angles of rzz and rx are."""
    c, loss = published(f"qaoacomplete_n{n}_p2") if n < 40 else complete(n, 2)
    found, truth = dicke_moments(Problem.of(c, loss), Effort()), EXACT[f"qaoacomplete_n{n}_p2"]
    assert (found.method, found.status) == ("symmetric-states", Status.EXACT)
    assert found.second_moment.value == pytest.approx(truth["second"], rel=1e-9)
    seconds = sorted(s.second_moment.value for s in found.slopes.values())
    assert seconds == pytest.approx(sorted(truth["grad_second"]), rel=1e-9)


def test_twenty_qubits():
    """The largest E[(∂l)²]/N(O) is 225.50, N(O) = 190."""
    found = dicke_moments(Problem.of(*complete(20, 2)), Effort())
    assert found.largest[1] / 190 == pytest.approx(225.50, abs=0.005)


@pytest.mark.parametrize("seed", range(12))
def test_any_symmetric_circuit_under_any_law_agrees_with_dense_states(seed):
    """Also where one angle turns several groups, and for a loss that no permutation leaves alone."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    gates = []
    for k in range(int(rng.integers(1, 4))):
        kind = rng.choice(["rx", "ry", "rz", "rzz", "rxx", "ryy"])
        places = combinations(range(n), len(kind) - 1)
        gates += [(kind, list(place), f"t{k % 2}") for place in places] + [("h", [q]) for q in range(n) if k % 2]
    c = circuit(n, gates)
    law = {p.name: random_law(rng) for p in c.parameters}
    text = " + ".join(f"{rng.choice([0.5, 2])}*{' '.join(f'{p}{q}' for q in range(n))}" for p in "XYZ")
    loss = parse(text + "".join(f" + 0.3*Z{q} - 1.5*X{q}" for q in range(n - seed % 2)), n)
    found = dicke_moments(Problem.of(c, loss, Init(UNIFORM, tuple(law.items()))), Effort())
    agree(found, grid_moments(c, loss, law), 1e-10)


def test_without_exchangeable_qubits_there_are_no_dicke_states():
    path = circuit(3, [("ry", [q], f"a{q}") for q in range(3)] + [("rzz", [0, 1], "g"), ("rxx", [1, 2], "h")])
    assert "permutation" in dicke_moments(Problem.of(path, parse("Z0", 3)), Effort()).reason
    assert "too many" in dicke_moments(Problem.of(*complete(12, 2)), Effort(work=1_000)).reason
    wide = Problem.of(complete(12, 1)[0], parse("projector(0..n-1)", 12))
    assert isinstance(dicke_moments(wide, Effort()), Declined)


def test_published_values_of_uccsd_on_its_36_states():
    """The table is of a loss with more digits than the file's."""
    c, loss = published("uccsd_h4")
    problem, truth = Problem.of(c, loss), EXACT["uccsd_h4"]
    found = module_moments(problem, Effort())
    assert (found.method, found.status) == ("operator-module", Status.EXACT)
    assert found.second_moment.value == pytest.approx(truth["second"], rel=1e-5)
    squares = [s.second_moment.value * scales(problem)[p] ** 2 for p, s in found.slopes.items()]
    assert squares == pytest.approx(truth["grad_second"], rel=1e-5)


def test_a_ring_of_eight_is_exact_on_its_superpositions():
    """These strings become too many; the even weights up to rotation are few. Samples agree."""
    c, loss = qaoa(8, [(q, (q + 1) % 8) for q in range(8)], 2), parse("X0 X2 X5 + Y0 Z3 Z4 Y6 + Z0 Z1 X5", 8)
    problem = Problem.of(c, loss)
    assert isinstance(on_strings(problem, rotations(problem)), Declined)
    found = module_moments(problem, Effort())
    assert (found.method, found.status) == ("symmetric-states", Status.EXACT)
    drawn = made_ready(problem).sampled(Effort(threshold=0.0, work=1 << 31))
    for parameter, slope in drawn.slopes.items():
        low, high = slope.second_moment.lower, slope.second_moment.upper
        assert low <= found.slopes[parameter].second_moment.value <= high

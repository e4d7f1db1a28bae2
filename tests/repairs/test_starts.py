"""Starts elsewhere: where they are, how wide, and what becomes of signal and end."""

from itertools import product

import numpy as np
import pytest

from bplint import verify
from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import gradient
from bplint.analyses.training.smaller import QUBITS
from bplint.finding import Hit, Verdict
from bplint.ir.law import Init, Law, Shape, parse_init
from bplint.repairs.editing import Text
from bplint.repairs.measure import measure
from bplint.repairs.starts import AROUND, STARTS, WIDTHS, identity_blocks, near_clifford, small_angles, smaller_first
from bplint.rewrite import apply
from dense import unitary
from repair_texts import INCLUDE, hardware_efficient, ising, read
from samples import label_matrix

HIT = Hit("")


def qaoa(n, layers, weights=None):
    """Of a chain, or of the edges that have weights."""
    weights = weights or {(q, q + 1): 1.0 for q in range(n - 1)}
    body = "".join(
        "".join(f"cx q[{a}], q[{b}]; rz({w}*g[{k}]) q[{b}]; cx q[{a}], q[{b}];\n" for (a, b), w in weights.items())
        + "".join(f"rx(b[{k}]) q[{q}];\n" for q in range(n))
        for k in range(layers)
    )
    observable = " + ".join(f"{w}*Z{a} Z{b}" for (a, b), w in weights.items())
    return read(
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {observable}\n// bplint: shots = 1000\n'
        f"input array[float[64], {layers}] g;\ninput array[float[64], {layers}] b;\nqubit[{n}] q;\nh q;\n{body}"
    )


def test_a_start_that_is_declared_stays():
    case = qaoa(10, 2)
    case = case._replace(context=case.context._replace(init=Init(Law(Shape.NORMAL, 0.1))))
    assert not list(smaller_first(case, Ask(case), HIT))


def test_the_angles_of_a_smaller_instance():
    case = qaoa(10, 3)
    (change,) = smaller_first(case, Ask(case), HIT)
    assert change.title == f"start at the angles of an instance on {QUBITS} of the 10 qubits"
    assert sorted(name for name, _ in change.init.named) == ["b[0]", "b[1]", "b[2]", "g[0]", "g[1]", "g[2]"]
    assert {law.width for _, law in change.init.named} == {AROUND}
    assert parse_init(str(change.init)) == change.init


def test_no_smaller_instance():
    for case in (qaoa(8, 2), read(hardware_efficient(10, 2, ising(10))), qaoa(10, 21)):
        assert not list(smaller_first(case, Ask(case), HIT))


def test_what_it_is_measured_to_do():
    """From anywhere hardly anything shows, and that only as measured: what is larger is not surely so."""
    edges = [*((q, q + 1) for q in range(8)), (0, 3), (2, 7), (4, 8), (1, 6)]
    case = qaoa(9, 8, {edge: round(0.4 + 0.37 * k % 1.3, 3) for k, edge in enumerate(edges)})
    ask = Ask(case)
    (change,) = smaller_first(case, ask, HIT)
    found = measure(case, ask, change)
    assert found.only_starts
    assert found.after.signal > 10 * found.before.signal
    assert found.may_lift
    before, after = found.ends
    assert after.reached > before.reached + 0.1


NEEL = " + ".join(f"X{q} X{q + 1} + Y{q} Y{q + 1} + Z{q} Z{q + 1}" for q in range(3))
CLUSTER = "-" + " - ".join([*(f"Z{q} X{q + 1} Z{q + 2}" for q in range(4)), *(f"0.3*X{q}" for q in range(6))])
RING = " + ".join(f"X{q} X{(q + 1) % 6} + Z{q}" for q in range(6))


def at(case, angles):
    """The loss at angles by name, from matrices."""
    circuit, loss = case.circuit, case.context.observable
    state = unitary(circuit, angles)[:, 0]
    matrix = sum(w * label_matrix(s, circuit.n_qubits) for s, w in loss.terms)
    return loss.constant + (state.conj() @ matrix @ state).real


def means(case, init):
    return {p.name: init.law(p).mean for p in case.circuit.parameters}


def signal_around(case, init):
    """The largest E[(∂C)²]/N(O) over angles from the laws, by quadrature over shifted state vectors."""
    circuit, loss = case.circuit, case.context.observable
    nodes, weights = np.polynomial.legendre.leggauss(5)
    laws = [(p.name, init.law(p)) for p in circuit.parameters]
    squares = np.zeros(len(laws))
    for point in product(range(5), repeat=len(laws)):
        angles = {name: law.mean + law.width * nodes[k] for (name, law), k in zip(laws, point, strict=True)}
        slopes = [
            (at(case, angles | {name: angles[name] + np.pi / 2}) - at(case, angles | {name: angles[name] - np.pi / 2}))
            / 2
            for name, _ in laws
        ]
        squares += np.prod(weights[list(point)] / 2) * np.square(slopes)
    return squares.max() / loss.scale


def test_quarter_turns_make_the_loss_what_is_said():
    case = read(hardware_efficient(4, 3, NEEL))
    (change,) = near_clifford(case, Ask(case), HIT)
    assert change.keeps == "the loss is -4 there"
    assert at(case, means(case, change.init)) == pytest.approx(-4), "a singlet, and an antiferromagnet beside it"
    assert at(case, means(case, Init())) == pytest.approx(3)
    assert parse_init(str(change.init)) == change.init


def test_quarter_turns_are_looked_for_in_another_basis_too():
    """No single turn from |0…0> lowers what is made of XX and YY alone."""
    case = read(hardware_efficient(4, 3, " + ".join(f"X{q} X{q + 1} + Y{q} Y{q + 1}" for q in range(3))))
    (change,) = near_clifford(case, Ask(case), HIT)
    assert change.keeps == "the loss is -4 there"
    assert at(case, means(case, change.init)) == pytest.approx(-4), "two singlets"


def test_blocks_are_nothing_though_they_turn():
    case = read(hardware_efficient(3, 4, ising(3)))
    (change,) = identity_blocks(case, Ask(case), HIT)
    angles = means(case, change.init)
    assert np.count_nonzero(list(angles.values())) >= 12
    at_zero = unitary(case.circuit, dict.fromkeys(angles, 0.0))
    assert abs(np.vdot(at_zero, unitary(case.circuit, angles))) == pytest.approx(8)


@pytest.mark.parametrize("start", [small_angles, near_clifford, identity_blocks])
def test_the_signal_is_that_of_state_vectors(start):
    case = read(hardware_efficient(1, 2, "0.6*X0 + 0.5*Z0 + 0.25*Y0"))
    (change,) = start(case, Ask(case), HIT)
    found = Ask(change.case(case))(gradient)
    wanted = signal_around(case, change.init)
    assert found.lower <= wanted <= found.upper
    assert found.signal == pytest.approx(wanted, rel=0.05)


def test_the_width_is_the_one_with_the_largest_signal():
    case = read(hardware_efficient(8, 20, "Z0"))
    ask = Ask(case)
    (change,) = small_angles(case, ask, HIT)
    lowers = {w: ask(gradient, init=Init(Law(Shape.RANGE, w)), quick=True).lower for w in WIDTHS}
    assert change.init.default.width == max(lowers, key=lowers.get)
    assert 1.0 > change.init.default.width > WIDTHS[-1]


def test_nothing_is_said_where_it_does_not_apply():
    fixed = hardware_efficient(3, 3, "Z0").replace("cz q[0], q[1];", "crx(0.3) q[0], q[1];", 1)
    tied = f"OPENQASM 3.0;\n{INCLUDE}// bplint: observable = X0 X1\ninput float a;\nqubit[2] q;\nry(a) q[0];\nry(a) q[1];\n"
    none = read(hardware_efficient(3, 3, "-1*Z0 - 0.5*Z1 Z2"))  # nothing is lower than zero
    assert not list(near_clifford(none, Ask(none), HIT))
    declared = read(hardware_efficient(3, 3, NEEL.partition(" + X2")[0], head="// bplint: init = normal:0.1\n"))
    for case in (read(fixed), read(tied), declared, read(hardware_efficient(3, 3, "projector(0..n-1)"))):
        for start in (near_clifford, identity_blocks):
            assert not list(start(case, Ask(case), HIT))


def test_not_in_large_circuits():
    case = read(hardware_efficient(20, 26, "Z0"))
    assert len(case.circuit.parameters) > 1_000
    for start in (near_clifford, identity_blocks):
        assert not list(start(case, Ask(case), HIT))


@pytest.mark.parametrize("literals", [False, True])
def test_what_is_written_starts_there(literals):
    """Numbers are named after their lines, which stay what they are."""
    text = hardware_efficient(4, 2, NEEL, literals=literals)
    case = read(text)
    for name in ("small-angles", "near-clifford"):
        (change,) = STARTS[name](case, Ask(case), HIT)
        again = read(Text(text, (), read).carried_out(change, case).written.circuit())
        laws = [change.init.law(p) for p in case.circuit.parameters]
        assert [again.context.init.law(p) for p in again.circuit.parameters] == laws
        assert Ask(again)(gradient).signal == Ask(change.case(case))(gradient).signal


def test_a_number_in_the_last_line_without_an_end():
    text = hardware_efficient(4, 2, NEEL, literals=True).rstrip("\n")
    case = read(text)
    (change,) = near_clifford(case, Ask(case), HIT)
    edits = Text(text, (), read).carried_out(change, case).edits
    assert apply(text, edits).splitlines()[:-1] == text.splitlines()


def test_a_start_that_ends_lower_is_refuted():
    """From near zero a cluster chain does not come down as far as from anywhere; from blocks that undo themselves it does."""
    case = read(hardware_efficient(6, 12, CLUSTER, head="// bplint: shots = 1000\n"))
    ask = Ask(case)
    (near,), (blocks,) = verify.wanted(case, ask, "small-angles"), verify.wanted(case, ask, "identity-blocks")
    assert near.suggestion.verdict is Verdict.REFUTED
    assert near.suggestion.reason.startswith("training ends at 0.98")
    assert blocks.suggestion.verdict is Verdict.VERIFIED
    assert blocks.suggestion.effect.reaches[1] > blocks.suggestion.effect.reaches[0]


def test_beyond_what_can_be_trained_it_is_not_verified():
    case = read(hardware_efficient(13, 3, " + ".join(f"X{q} X{q + 1} + Z{q} Z{q + 1} + 0.3*Z{q}" for q in range(12))))
    (near,) = verify.wanted(case, Ask(case), "small-angles")
    assert near.suggestion.verdict is Verdict.UNVERIFIED
    assert near.suggestion.reason == "whether training from there ends as well is not known beyond 4,096 basis states"


def test_starts_are_known_by_the_names_of_their_changes():
    case = read(hardware_efficient(6, 8, RING))
    for name, start in STARTS.items():
        assert {change.name for change in start(case, Ask(case), HIT)} <= {name}

"""Merged parameters against the loss itself, and blocks against all pairs of axes."""

from dataclasses import replace

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.light_cone import mergeable as module
from bplint.analyses.light_cone.mergeable import blocks, redundancy
from bplint.ir.circuit import Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.frame import frame
from bplint.ir.gates import gate
from bplint.ir.noise import parse_noise
from bplint.ir.observable import parse
from bplint.ir.pauli import anticommute, from_label, to_label, x_part
from cases import case
from density import noisy_loss
from samples import circuit, label_matrix, random_gates, unitary_of


def merged(gates, observable, **arguments):
    """Each set as {name: weight}."""
    c = circuit(arguments.pop("n", 2), gates, **arguments)
    return [
        dict(zip([c.parameters[p].name for p in m.parameters], m.weights, strict=True))
        for m in Ask(case(c, observable))(redundancy)
    ]


def pairwise_blocks(f, alive):
    """The block of each rotation that is alive, from the definition: every axis between and every axis before."""
    axes = [(i, s) for i, (s, matters) in enumerate(zip(f.axes, alive, strict=True)) if matters]
    found, starts = {}, []
    for k, (i, string) in enumerate(axes):
        for block, (first, axis) in enumerate(starts):
            z = string ^ axis
            acts_alike = not x_part(z, f.n_qubits) and not any(anticommute(z, s, f.n_qubits) for _, s in axes[:k])
            between = [starts[found[j]][1] for j, _ in axes[first + 1 : k] if starts[found[j]][0] > first]
            if acts_alike and not any(anticommute(axis, s, f.n_qubits) for s in between):
                found[i] = block
                break
        else:
            found[i] = len(starts)
            starts.append((k, string))
    return found


def every_clifford(rng, n, length, **arguments):
    """Random gates, with every Clifford of the table among them."""
    mixed = []
    for row in random_gates(rng, n, length, **arguments):
        mixed.append(row)
        if rng.random() < 0.3:
            name = str(rng.choice([name for name in CLIFFORDS if gate(name).n_qubits <= n]))
            mixed.append((name, [int(q) for q in rng.permutation(n)[: gate(name).n_qubits]]))
    return mixed


@pytest.mark.parametrize("seed", range(120))
def test_only_the_sum_matters(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    names = ("rx", "ry", "rz", "rzz", "rxx", "ryy", "crz", "cp") if n > 1 else ("rx", "ry", "rz")
    gates = [tie(rng, row) for row in random_gates(rng, n, int(rng.integers(6, 22)), fixed=0.1, parametric=names)]
    c = circuit(n, gates)
    label = to_label(int(rng.integers(1, 4**n)), n)
    matrix = label_matrix(from_label(label), n)

    def loss(values):
        state = unitary_of(c, values)[:, 0]
        return (state.conj() @ matrix @ state).real

    symbols = [p.name for p in c.parameters]
    for merge in Ask(case(c, label))(redundancy):
        first, *others = (symbols[p] for p in merge.parameters)
        values = {name: rng.uniform(-3, 3) for name in symbols}
        for name, weight in zip(others, merge.weights[1:], strict=True):
            step = rng.normal()
            moved = values | {name: values[name] + step, first: values[first] - weight * step}
            assert loss(moved) == pytest.approx(loss(values), abs=1e-9)


def tie(rng, row):
    """Sometimes an angle of several parameters, of another scale, or shared with another gate."""
    name, qubits, *angles = row
    if not angles or not isinstance(angles[0], str):
        return row
    other = f"t{int(rng.integers(1, 5))}"
    choices = [angles[0], other, [(float(rng.choice([-1, 2])), angles[0]), 0.7], [angles[0], (-1.0, other)]]
    return name, qubits, choices[int(rng.choice(4, p=[0.6, 0.15, 0.15, 0.1]))]


@pytest.mark.parametrize("seed", range(80))
def test_blocks_are_those_of_all_pairs(seed):
    rng = np.random.default_rng(1000 + seed)
    n = int(rng.integers(2, 5))
    c = circuit(n, every_clifford(rng, n, 40, fixed=0.1))
    f = frame(c)
    for alive in ([True] * len(f.axes), rng.random(len(f.axes)) < 0.6):
        assert {i: p.block for i, p in enumerate(blocks(c, f, alive)) if p} == pairwise_blocks(f, alive)


def test_slots_are_used_again():
    """Many more blocks than slots at first, most of them closed soon, on 40 qubits."""
    rng = np.random.default_rng(5)
    gates = [("ry", [q], f"s{q}") for q in range(40)]
    for k in range(330):
        q = int(rng.integers(39))
        name, size = [("rx", 1), ("rz", 1), ("rzz", 2), ("cx", 2), ("cz", 2)][int(rng.integers(5))]
        gates.append((name, [q, q + 1][:size], *([] if name in ("cx", "cz") else [f"t{k}"])))
    c = circuit(40, gates)
    f = frame(c)
    alive = [True] * len(f.axes)
    places = {i: p.block for i, p in enumerate(blocks(c, f, alive)) if p}
    assert places == pairwise_blocks(f, alive)
    assert len(set(places.values())) < len(places)


@pytest.mark.parametrize("between", [("cx", [0, 1]), ("cz", [0, 1]), ("cz", [1, 0]), ("z", [0]), ("rzz", [0, 1], "c")])
def test_rz_merges_through_what_commutes(between):
    gates = [("h", [0]), ("ry", [1], "d"), ("rz", [0], "a"), between, ("rz", [0], "b"), ("rxx", [0, 1], "e")]
    assert {"a": 1, "b": 1} in merged(gates, "Z0")


@pytest.mark.parametrize(
    "between", [("cx", [1, 0]), ("h", [0]), ("rx", [0], "c"), ("rx", [0], 0.3), ("rxx", [0, 1], "c")]
)
def test_rz_does_not_merge_through_what_does_not(between):
    gates = [("ry", [0], "f"), ("ry", [1], "d"), ("rz", [0], "a"), between, ("rz", [0], "b"), ("rxx", [0, 1], "e")]
    assert not merged(gates, "Z0 + Z1")


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns_are_followed(turns):
    """Between RX(φ) and its inverse an RZ is one about Y, or the inverse of one about Z for the half turn."""
    angle = turns * np.pi / 2
    between = [("rx", [0], angle), ("rz", [0], "c"), ("rx", [0], -angle)]
    gates = [("h", [0]), ("rz", [0], "a"), *between, ("rz", [0], "b"), ("rx", [0], "d"), ("ry", [0], "e")]
    assert merged(gates, "Z0", n=1) == ([{"a": 1, "c": -1, "b": 1}] if turns == 2 else [])


def test_closed_slots_are_emptied():
    opened = module._OpenBlocks(1)
    for block in range(1000):
        letter = 1 + block % 3
        opened.close(opened.meets([0], [letter]))
        opened.open(block, [0], [letter])
        assert opened.slots == {block: opened.slots[block]}
        assert opened.slots[block] < 128


def test_what_cannot_matter_is_not_in_the_way():
    """The RX between is about a qubit in |+>, where it turns a phase."""
    gates = [("h", [0]), ("rzz", [0, 1], "a"), ("rx", [0], "c"), ("rzz", [0, 1], "b")]
    assert merged(gates, "Y0") == []
    gates = [("h", [0]), ("rz", [0], "a"), ("rx", [1], "c"), ("rxx", [0, 1], "d"), ("rz", [0], "b")]
    assert merged(gates, "X0") == []
    assert merged([("h", [0]), ("rz", [0], "a"), ("x", [0]), ("rz", [0], "b")], "X0") == [{"a": 1, "b": -1}]


def test_weights_are_the_scales():
    gates = [("ry", [0], "a"), ("ry", [0], [(2, "b"), 0.3]), ("ry", [0], [(-0.5, "c")])]
    assert merged(gates, "Z0") == [{"a": 1, "b": 2, "c": -0.5}]


def test_two_parameters_of_one_angle_are_one():
    assert merged([("ry", [0], ["a", (3, "b")])], "Z0") == [{"a": 1, "b": 3}]


def test_a_parameter_used_elsewhere_as_well_is_kept():
    gates = [("ry", [0], "a"), ("ry", [0], "b"), ("ry", [1], "b")]
    assert merged(gates, "Z0 Z1") == []
    assert merged([*gates, ("ry", [1], "a")], "Z0 Z1") == [{"a": 1, "b": 1}]
    assert merged([*gates, ("ry", [1], (1.4, "a"))], "Z0 Z1") == []  # not in proportion
    assert merged([*gates, ("ry", [1], (-1, "a"))], "Z0 Z1") == []


def test_the_order_of_rotations_that_commute_does_not_matter():
    gates = [("ry", [0], "a"), ("ry", [1], (2, "a")), ("ry", [1], (-2, "b")), ("ry", [0], (-1, "b"))]
    assert merged(gates, "Z0 Z1") == [{"a": 1, "b": -1}]


def test_controlled_rotations_merge_as_a_whole():
    begin, end = [("ry", [0], "d"), ("h", [1])], [("ry", [0], "e"), ("rx", [1], "f")]
    assert merged([*begin, ("crz", [0, 1], "a"), ("crz", [0, 1], "b"), *end], "Z0 Y1") == [{"a": 1, "b": 1}]
    assert merged([*begin, ("crz", [0, 1], "a"), ("crz", [1, 0], "b"), *end], "Z0 Y1") == []


def test_a_parameter_that_cancels_is_not_merged():
    assert merged([("ry", [0], "a"), ("ry", [0], (-1, "a")), ("ry", [0], "b")], "Z0") == []


def test_axes_that_act_alike_on_the_state():
    """XX and YY on |00>; no longer behind an RX; again for |11>, and of the other sign for |01>."""
    pair = [("rxx", [0, 1], "a"), ("ryy", [0, 1], "b")]
    assert merged(pair, "Z0") == [{"a": 1, "b": -1}]
    assert merged([("rx", [0], "c"), *pair], "Z0") == []
    assert merged([("x", [0]), ("x", [1]), *pair], "Z0") == [{"a": 1, "b": -1}]
    assert merged([("x", [1]), *pair], "Z0") == [{"a": 1, "b": 1}]


def test_x_and_y_on_a_state_are_two():
    """XY = iZ has the value 1 but for the phase: not one rotation."""
    assert merged([("rx", [0], "a"), ("ry", [0], "b")], "Z0", n=1) == []


def test_data_is_not_merged_into():
    gates = [("ry", [0], "x"), ("ry", [0], "a")]
    c = circuit(1, gates, roles={"x": Role.DATA})
    assert Ask(case(c, "Z0", data=["x"]))(redundancy) == ()


def test_what_an_expression_binds_is_left_alone():
    c = circuit(1, [("ry", [0], "a"), ("ry", [0], "b"), ("ry", [0], "a*b"), ("ry", [0], "c")])
    c = replace(c, parameters=tuple(p._replace(sources=("a", "b")) if p.name == "a*b" else p for p in c.parameters))
    assert Ask(case(c, "Z0"))(redundancy) == ()


def test_the_first_operations_are_where_they_stand():
    c = circuit(1, [("h", [0]), ("rz", [0], "a"), ("z", [0]), ("rz", [0], "b")])
    (merge,) = Ask(case(c, "X0"))(redundancy)
    assert merge.operations == (1, 3)
    assert not merge.by_state
    c = circuit(2, [("rxx", [0, 1], "a"), ("ryy", [0, 1], "b"), ("rxx", [0, 1], "a"), ("ryy", [0, 1], "b")])
    (merge,) = Ask(case(c, "Z0"))(redundancy)
    assert merge.operations == (0, 1)
    assert merge.by_state


@pytest.mark.parametrize("seed", range(20))
def test_values_tell_strings_apart_by_what_has_passed(seed):
    """Reduced alike iff the difference commutes with every X part so far."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    values, passed = module._Values(n), []
    for _ in range(n + 2):
        strings = [int(z) for z in rng.integers(0, 2**n, 12)]
        for left in strings:
            for right in strings:
                alike = all(((left ^ right) & x).bit_count() % 2 == 0 for x in passed)
                assert (values.reduce(left) == values.reduce(right)) == alike
        passed.append(int(rng.integers(0, 2**n)))
        values.keep(passed[-1])


@pytest.mark.parametrize("noise", ["depolarizing:0.1", "bitflip:0.1", "phaseflip:0.2", "damping:0.3", "1q=damping:1"])
def test_only_the_sum_matters_under_noise(noise):
    """Noise between rotations has to commute with them: against density matrices."""
    merges, channels = 0, parse_noise(noise)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(1, 4))
        c = circuit(n, random_gates(rng, n, int(rng.integers(6, 20))))
        if not c.parameters:
            continue
        loss, symbols = parse(to_label(int(rng.integers(1, 4**n)), n), n), [p.name for p in c.parameters]
        k = case(c, "Z0")
        for merge in Ask(k._replace(context=k.context._replace(observable=loss, noise=channels)))(redundancy):
            merges += 1
            first, other = (symbols[p] for p in merge.parameters[:2])
            values = {name: rng.uniform(-3, 3) for name in symbols}
            moved = values | {other: values[other] + 1.3, first: values[first] - merge.weights[1] * 1.3}
            assert noisy_loss(c, loss, channels, moved) == pytest.approx(
                noisy_loss(c, loss, channels, values), abs=1e-9
            )
    assert merges


@pytest.mark.parametrize(
    ("gates", "noise", "together"),
    [
        ([("h", [0]), ("rz", [0], "a"), ("rz", [0], "b")], "damping:0.2", True),
        ([("rx", [0], "a"), ("rx", [0], "b")], "damping:0.2", False),
        ([("ry", [0], "a"), ("ry", [0], "b")], "depolarizing:0.2", True),
        ([("ry", [0], "a"), ("ry", [0], "b")], "phaseflip:0.2", False),
        ([("ry", [0], "a"), ("ry", [0], "b")], "readout:0.2", True),
        ([("ry", [0], "c"), ("rz", [0], "a"), ("cx", [0, 1]), ("rz", [0], "b")], "depolarizing:0.2", True),
        (
            [("ry", [0], "c"), ("rzz", [0, 1], "a"), ("h", [1]), ("h", [1]), ("rzz", [0, 1], "b")],
            "1q=bitflip:0.2",
            False,
        ),
        ([("rxx", [0, 1], "a"), ("ryy", [0, 1], "b")], "1q=damping:0.2", False),
    ],
)
def test_noise_that_commutes_leaves_sums(gates, noise, together):
    c = circuit(2, [*gates, ("h", [0])])
    k = case(c, "Z0")
    merges = Ask(k._replace(context=k.context._replace(noise=parse_noise(noise))))(redundancy)
    assert bool(merges) == together

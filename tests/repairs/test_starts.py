"""Starts elsewhere: at the angles of a smaller instance, and what becomes of signal and end."""

from bplint.analyses.ask import Ask
from bplint.analyses.training.smaller import QUBITS
from bplint.finding import Hit
from bplint.ir.law import Init, Law, Shape, parse_init
from bplint.repairs.measure import measure
from bplint.repairs.starts import AROUND, smaller_first
from repair_texts import hardware_efficient, ising, read

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

"""How much a program comes to is told before it is run, and what is too much is refused in time."""

import re
import time

import pytest

from bplint.errors import LimitError, SourceError
from bplint.importers.qasm import Limits, read

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float a;\nqubit[4] q;\nbit[4] c;\n'


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("for int i in [0:2000] { for int j in [0:600] { rx(0.1) q[0]; } }", "1,204,602"),
        ("for int i in [0:1100000] { rx(0.1) q[0]; }", "1,100,001"),
        ("for int i in {0, 1} { for int j in [1:500000] { } }", "1,000,002"),
        ("for int i in [1:600000] { } for int i in [1:600000] { h q; }", "1,200,000"),
        ("def f(qubit a) { for int i in [0:999] { for int j in [0:999] { x a; } } } f(q[0]);", "1,001,000"),
        ("def f(qubit a) { for int i in [0:999] { x a; } return; } for int i in [1:2000] { f(q[0]); }", "2,002,000"),
        ("for int i in [1:999999999] { for int j in [1:999999999] { for int k in [0:9] { } } }", "more than 10^18"),
    ],
)
def test_turns_of_loops_are_counted_before_any_is_run(text, turns):
    with pytest.raises(LimitError, match=re.escape(f"{turns} turns of loops: the limit `iterations` is 1,000,000")):
        read(HEAD + text)


@pytest.mark.parametrize("way", ["break;", "if (i == 3) { break; }", "if (i == 3) { end; }", "while (true) { end; }"])
def test_turns_that_a_loop_may_leave_out_are_not_counted_before(way):
    text = f"for int i in [0:5000] {{ {way} for int j in [0:999] {{ }} }} x q[0];"
    assert len(read(HEAD + text).circuit) == ("end" not in way)


@pytest.mark.parametrize(
    ("text", "limits", "message"),
    [
        ("for int i in [0:99] { }", Limits(iterations=50), "100 turns of loops: the limit `iterations` is 50"),
        ("for int i in [0:99] { h q; }", Limits(operations=50), "100 operations: the limit `operations` is 50"),
        ("for int i in [0:99] { h q[0]; h q[1]; }", Limits(operations=150), "200 operations: the limit `operations`"),
        ("pow(100) @ U(1, 2, 3) q[0];", Limits(operations=50), "300 operations: the limit `operations` is 50"),
        ("int n = 0; while (n < 99) { n += 1; }", Limits(iterations=50), "51 turns of loops: the limit `iterations`"),
        (f"let r = q[{'(' * 30}0{')' * 30}];", Limits(nesting=20), "the limit `nesting` is 20"),
        (f"let r = q[{'9' * 30}];", Limits(digits=20), "a number of 30 digits: the limit `digits` is 20"),
    ],
)
def test_limit_is_named_when_it_is_hit(text, limits, message):
    with pytest.raises(LimitError, match=message):
        read(HEAD + text, limits=limits)


@pytest.mark.parametrize(
    "text",
    [
        "for int i in [0:10**12] { for int j in [0:10**12] { h q; } }",
        "gate g0 u { inv @ h u; } "
        + "".join(f"gate g{i} u {{ {f'g{i - 1} u; ' * 10} }} " for i in range(1, 30))
        + "g29 q[0];",
        "ctrl(40) @ x q;",
        "pow(10**9) @ U(1, 2, 3) q[0];",
        "let r = q; rx(9**9**9**9) q[0];",
        "for int i in {" + ",".join("0" * 200_000) + "} { h q[0]; }",
        "while (true) { int i = 0; i += 1; }",
        "int i = 0; while (true) { i += 1; h q[0]; }",
        "int i = 0; while (i < 2) { i += 0; }",
        "def f0() { int i = 1; } "
        + "".join(f"def f{i}() {{ f{i - 1}(); f{i - 1}(); }} " for i in range(1, 40))
        + "f39();",
        "def f0(qubit r) { h r; } "
        + "".join(f"def f{i}(qubit r) {{ f{i - 1}(r); f{i - 1}(r); }} " for i in range(1, 40))
        + "f39(q[0]);",
        f"for int i in [0:99999] {{ {'barrier q; ' * 3000} }}",
        f"for int i in [0:99999] {{ {'if (true) { } ' * 1000} }}",
        f"for int i in [0:99999] {{ {'{' * 150}{'}' * 150} }}",
        f"for int i in [0:99999] {{ switch (i) {{ {' '.join(f'case -{k} {{ }}' for k in range(1, 3000))} }} }}",
        "qubit[9000] r; for int i in [0:99999] { let b = r ++ q; }",
        "qubit[90000] r; for int i in [0:99999] { barrier r[0:2:89999]; }",
        "qubit[9000] r; for int i in [0:99999] { reset r; }",
        "qubit[9000] r; bit[9000] d; for int i in [0:99999] { d = measure r; }",
        "for int i in [0:99999] { bit[90000] b; }",
        "if (true) { } " + "else if (true) { } " * 3000,
        "for int i in [0:0] " * 3000 + "h q;",
    ],
    ids=range(22),
)
def test_too_much_is_refused_in_time(text):
    start = time.process_time()
    with pytest.raises(SourceError):
        read(HEAD + text, limits=Limits(iterations=100_000, steps=500_000))
    assert time.process_time() - start < 5

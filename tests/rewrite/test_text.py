"""Edits of OpenQASM texts against the circuits that rewrites describe."""

import numpy as np
import pytest

from bplint.importers.qasm import read
from bplint.ir.observable import parse
from bplint.ir.trainable import select
from bplint.rewrite import (
    Placed,
    Refused,
    Rewrite,
    apply,
    depth,
    edits,
    equivariant,
    rewrite_source,
    rewritten,
    shallower,
    without,
)
from bplint.rewrite.layout import Layout
from rewriting import axes_by_parameter, priors, same, text
from samples import unitary_of


def circuit_of(source):
    program = read(source)
    return select(program.circuit, roles=program.roles)[0]


def prior(name, n):
    return next(one for one in priors(n) if one.name == name)


def rewritten_text(source, name, observable="Z0 Z1"):
    c = circuit_of(source)
    found = rewrite_source(source, c, equivariant(c, prior(name, c.n_qubits), parse(observable, c.n_qubits)))
    return found.reason if isinstance(found, Refused) else found


@pytest.mark.parametrize("seed", range(60))
def test_the_text_says_what_the_rewrite_says(seed):
    rng = np.random.default_rng(seed)
    n, version = int(rng.integers(2, 5)), int(rng.choice([2, 3]))
    source = text(rng, n, version, numbers=rng.random() < 0.4)
    if rng.random() < 0.3:
        source = source.replace("\n", "\r\n")
    c = circuit_of(source)
    chosen = [priors(n)[int(k)] for k in rng.choice(len(priors(n)), 3, replace=False)]
    rewrites = [equivariant(c, one, parse("Z0 Z1", n)) for one in chosen]
    rewrites.append(without(c, set(rng.integers(0, len(c.gates), 2).tolist())))
    if depth(c) > 1:
        rewrites.append(shallower(c, 1))
    for rewrite in rewrites:
        if not isinstance(rewrite, Refused):
            check(source, c, rewrite)


def check(source, c, rewrite):
    found = edits(source, c, rewrite)
    if isinstance(found, Refused):
        assert "which angles are one parameter" in found.reason or "subroutine" in found.reason
        return
    after = apply(source, found)
    want, here = rewritten(c, rewrite), circuit_of(after)
    assert same(unitary_of(want, values(want)), unitary_of(here, values(here)), 1e-6)
    assert axes_by_parameter(want) == axes_by_parameter(here)
    assert ("\r\n" in source) == ("\r" in after)
    assert after.count("\r") in (0, after.count("\n"))
    check_untouched(source, c, rewrite, found)


def check_untouched(source, c, rewrite, found):
    """No edit reaches into a statement none of whose gates changes."""
    layout, done = Layout(source), 0
    statements = c.gates.statement
    changed = {layout.around(layout.offset(*c.spans[statements[g]][:2])) for g in rewrite.changes}
    for edit in found:
        start, end = layout.offset(edit.line, edit.column), layout.offset(edit.end_line, edit.end_column)
        assert source[start:end] == edit.old
        assert start >= done
        done = end
        for statement in layout.statements:
            assert statement in changed or max(start, statement.start) >= min(end, statement.end)


def values(c):
    """Numbers are themselves, a symbol gets one that depends on its name."""
    return {p.name: sum(map(ord, p.name)) % 97 / 31 if p.value is None else p.value for p in c.parameters}


HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
INPUTS = "input array[float[64], 4] w; // angles\nqubit[2] q;\n"


def test_only_names_change_where_they_suffice():
    source = (
        HEAD + INPUTS + "for int i in [0:1] { ry(w[i]) q[i]; /* kept */ }\nswap q[0], q[1];\nry( w[2] ) q; // all\n"
    )
    assert rewritten_text(source, "z2") == source.replace("ry(", "rx(")


def test_statements_vanish_with_their_lines():
    body = "ry(w[0]) q; // stays\nrz(w[1]) q[0];\n\n// a comment\nrz(w[2]) q[0]; rz(w[3]) q[1];\n"
    body += "for int i in [0:1] {\n  h q[i];\n}\nswap q[0], q[1];\n"
    c = circuit_of(HEAD + INPUTS + body)
    after = rewrite_source(HEAD + INPUTS + body, c, without(c, range(2, 7)))
    assert after == HEAD + INPUTS + "ry(w[0]) q; // stays\n\n// a comment\nswap q[0], q[1];\n"


def test_annotations_and_roles_go_with_their_statements():
    source = (
        HEAD
        + INPUTS
        + "ry(w[0]) q[0];\n@bplint.fixed\nry(w[1]) q[0];\nrz(w[2]) q[0]; // bplint: trainable\nry(w[3]) q[1];\n"
    )
    c = circuit_of(source)
    after = rewrite_source(source, c, without(c, [2]))
    assert after == source.replace("rz(w[2]) q[0]; // bplint: trainable\n", "")
    assert "@" not in rewrite_source(source, c, without(c, [2]))[after.index("ry(w[3])") :]


def test_new_symbols_definitions_and_the_start_have_their_places():
    source = HEAD + INPUTS + "// begin\nry(w[0]) q[0];\ncx q[0], q[1];\n"
    definition = "gate xx_plus_yy(theta) a, b { cx a, b; h a; crz(theta) b, a; h a; cx a, b; }\n"
    want = (
        HEAD + definition + INPUTS.replace("\nqubit", "\ninput array[float[64], 1] w_new;\nqubit")
        + "// begin\nx q[0];\nrz(w[0]) q[0];\nxx_plus_yy(w_new[0]) q[0], q[1];\n"
    )  # fmt: skip
    assert rewritten_text(source, "u1") == want


def test_free_symbols_stay_free_and_names_avoid_those_of_the_text():
    source = 'OPENQASM 2.0;\ninclude "qelib1.inc";\ngate rzz(x) rxx, t_new_0 { cx rxx, t_new_0; }\n'
    source += "qreg q[2];\nry(t0) q;\ncx q[0],q[1];\n"
    after = rewritten_text(source, "z2")
    assert "gate rzz_(theta) a, b" in after
    assert after.endswith("rx(t0) q;\nrzz_(t_new_0_) q[0],q[1];\n")


def test_numbers_stay_numbers():
    source = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nry(0.3141) q[0];\nry(1.234) q[1];\ncx q[0],q[1];\n'
    after = rewritten_text(source, "z2")
    assert "rx(0.3141) q[0];\nrx(1.234) q[1];\nrzz(" in after
    assert circuit_of(after).parameters[2].value is not None


def test_one_exchange_is_one_parameter_also_where_equal_numbers_are_tied():
    source = (
        'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\nry(0.31) q;\nry(1.23) q;\ncx q[0],q[1];\ncx q[1],q[2];\n'
    )
    c = circuit_of(source)
    check(source, c, equivariant(c, prior("su2", 3)))
    assert len(axes_by_parameter(circuit_of(rewritten_text(source, "su2")))) == 2


def test_numbers_that_would_be_untied_are_refused():
    source = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\nry(0.31) q[0];\nry(0.42) q[2];\n'
    source += "".join(f"r{'yz'[k % 2]}({2.1 + 0.13 * k:.2f}) q[1];\n" for k in range(6))
    assert "which angles are one parameter" in rewritten_text(source, "mirror")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("bit[2] c;\nfor int i in [0:1] { ry(w[i]) q[i]; cx q[0], q[1]; int k = 1; k = 2; }", "holds more than gates"),
        (
            "def f(qubit a, angle x) { ry(x) a; rz(x) a; }\nf(q[0], w[0]); f(q[1], w[1]); rx(w[2]) q[0];",
            "some of its calls",
        ),
        ("ry(w[0]) q[0];\n@bplint.trainable\nU(w[1], w[2], w[3]) q[1];\ncx q[0], q[1];", "an annotation speaks"),
    ],
)
def test_what_cannot_be_written_is_refused(body, reason):
    name = "u1" if "annotation" in reason else "mirror"
    assert reason in rewritten_text(HEAD + INPUTS + body + "\n", name)


def test_gates_of_an_included_file_are_refused(tmp_path):
    (tmp_path / "more.inc").write_text("ry(t) q[0];\n")
    source = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ninclude "more.inc";\nrx(s) q[0];\n'
    c = select(read(source, path=str(tmp_path / "a.qasm")).circuit)[0]
    assert "the file included in line 4" in rewrite_source(source, c, without(c, [0])).reason
    assert rewrite_source(source, c, without(c, [1])) == source.replace("rx(s) q[0];\n", "")


@pytest.mark.parametrize("name", ["z2", "u1", "su2", "cn", "fermions-2"])
def test_qiskit_reads_the_result(name):
    qasm2 = pytest.importorskip("qiskit.qasm2")
    info = pytest.importorskip("qiskit.quantum_info")
    source = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\nry(0.31) q[0];\nrz(1.23) q[1];\ncx q[0],q[1];\ncx q[1],q[2];\n'
    source += "ry(0.71) q[0];\nry(2.13) q[1];\nry(-1.77) q[2];\n"
    after = rewritten_text(source, name)
    c = read(after).circuit
    theirs = info.Operator(qasm2.loads(after).reverse_bits()).data
    assert same(theirs, unitary_of(c, {}))


SIZED = [
    ("const int n = 3;", "qubit[n] q;", "for int i in [0:n - 1] ry(t[i]) q[i];", "n"),
    ("input int n;", "qubit[3] q;", "for int i in [0:n - 1] { ry(t[i]) q[i]; }", "n"),
    ("const uint[32] n = 3;\nconst int m = n - 1;", "qubit[3] q;", "for int i in [0:m] ry(t[i]) q[i];", "m"),
    ("const int n = 3;", "qubit[n] q;", "ry(t[0]) q;", "q"),
    ("const int n = 3;", "qubit[4] p;\nlet q = p[0:n - 1];", "rx(t[0]) q;", "q"),
    ("const int n = 3;", "qubit[n] q;", "for int i in [0:2] ry(t[i]) q[i];", ""),
    ("const int n = 3;", "qubit[n] q;", "ry(t[0]) q[0]; ry(t[1]) q[1]; ry(t[2]) q[2];", ""),
    ("const float n = 3;", "qubit[3] q;", "for int i in [0:2] ry(n*t[i]) q[i];", ""),
    ("", "qubit[3] q;", "ry(t[0]) q; ry(t[1]) q;", ""),
]


@pytest.mark.parametrize(("size", "register", "gates", "name"), SIZED)
def test_what_follows_a_size_is_not_written_out_for_one_size(size, register, gates, name):
    """``--set n=5`` would silently leave what is written out as it was for n = 3."""
    source = f'OPENQASM 3.0;\ninclude "stdgates.inc";\n{size}\ninput array[float[64], 3] t;\n{register}\n{gates}\n'
    program = read(source, overrides={"n": 3} if "input int" in size else {})
    circuit = select(program.circuit, roles=program.roles)[0]
    found = edits(source, circuit, without(circuit, [1]))
    assert isinstance(found, Refused) == bool(name), found
    if name:
        assert f"depends on {name}, and written out it would not follow" in found.reason


@pytest.mark.parametrize(
    ("gates", "refused"),
    [("ry(t[0]) q;", True), ("for int i in [0:n - 1] ry(t[i]) q[i];", True), ("ry(t[0]) q[0];", False)],
)
def test_no_start_is_put_before_gates_that_follow_a_size(gates, refused):
    source = f'OPENQASM 3.0;\ninclude "stdgates.inc";\nconst int n = 3;\ninput array[float[64], 3] t;\nqubit[n] q;\n{gates}\n'
    circuit = circuit_of(source)
    found = edits(source, circuit, Rewrite((Placed("x", (0,)),), {}, circuit.parameters))
    assert isinstance(found, Refused) == refused, found
    assert refused or apply(source, found) == source.replace(gates, f"x q[0];\n{gates}")

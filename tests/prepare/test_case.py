"""The context of a case: values that the source declares, and the places of their faults."""

import pytest

from bplint.config import Settings
from bplint.errors import UsageError
from bplint.ir.law import Law, Shape
from bplint.run import lint, lint_text

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
BODY = "input float w;\ninput float x;\nqubit[2] q;\nry(w) q[0];\nry(x) q[1];\n"


def context(comments, **settings):
    (entry,) = lint_text(HEAD + comments + BODY, Settings(select=("BP003",), **settings)).circuits
    return entry.case.context


def fault(comments):
    (entry,) = lint_text(HEAD + comments + BODY).unreadable
    return entry.finding


def test_a_law_by_name():
    init = context("// bplint: init = normal:0.1, x=range:pi/2\n").init
    assert (init.default, init.named[0][1].shape) == (Law(Shape.NORMAL, 0.1), Shape.RANGE)
    assert str(context("// bplint: init = uniform\n").init) == str(context("").init) == "uniform"
    assert str(context("// bplint: init = uniform\n", init="normal:2").init) == "normal:2"


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("init = gauss:1", "want uniform, normal:SIGMA or range:R, got 'gauss:1'"),
        ("init = normal:0.1, v*=range:1", "no parameter is called v*, which has the law range:1"),
        ("data = v[0:3]", "no parameter is called v[0:3]"),
        ("trainable = v*", "no parameter is called v*"),
        ("init = normal", "want uniform"),
        ("shots = many", "want a whole number from 1 to 10^15, got 'many'"),
        ("shots = 0", "want a whole number from 1 to 10^15, got 0"),
        ("observable = Z9", "Z9 is outside the circuit"),
    ],
)
def test_a_fault_is_reported_where_it_stands(comment, message):
    found = fault(f"\n// bplint: {comment}\n")
    assert message in found.hit.message
    assert (found.span.line, found.span.column) == (4, 1)


def test_data_may_be_declared_in_several_lines():
    (entry,) = lint_text(HEAD + "// bplint: data = x\n// bplint: data = [uvw], w\n" + BODY).circuits
    assert [p.role.value for p in entry.case.circuit.parameters] == ["data", "data"]


@pytest.mark.parametrize("key", ["observable = Z0", "init = uniform", "shots = 5", "trainable = all"])
def test_a_second_declaration_is_refused_even_beside_an_option(key):
    twice = f"// bplint: {key}\n// bplint: {key}\n"
    assert f"a second {key.partition(' ')[0]} is declared; the first is in line 3" in fault(twice).hit.message
    report = lint_text(HEAD + twice + BODY, Settings(observable="Z0", shots=1, init="uniform", trainable="all"))
    assert report.unreadable


def test_an_option_at_fault_is_bad_usage():
    for settings, message in (({"init": "normal"}, "--init: want uniform"), ({"observable": "Q"}, "--observable: ")):
        with pytest.raises(UsageError, match=message):
            context("", **settings)


def test_a_law_that_is_no_parameter_here_may_be_one_elsewhere(tmp_path):
    without, having = HEAD + BODY, HEAD + BODY.replace("x", "v1")
    (tmp_path / "without.qasm").write_text(without)
    (tmp_path / "having.qasm").write_text(having)
    both = lint([str(tmp_path)], Settings(init="v*=range:1", select=("BP003",)))
    assert [str(c.case.context.init) for c in both.circuits] == ["uniform, v*=range:1"] * 2
    with pytest.raises(UsageError, match=r"--init: no parameter of any circuit here is called v\*"):
        lint([str(tmp_path / "without.qasm")], Settings(init="v*=range:1"))


def test_the_default_loss_is_the_mean_of_what_is_measured():
    assert context("").observable.text == "mean(Z)"
    assert context("").observable_source == "assumed"
    measured = lint_text(HEAD + "bit c;\nqubit[2] q;\nh q;\nc = measure q[1];\n").circuits[0].case.context.observable
    assert measured.support == 0b10


@pytest.mark.parametrize("angle", ["1e300 * w", "-1e10 * w + x", "w * 2e9", "1e-60 * w", "x - 1e-300 * w"])
def test_an_angle_that_is_far_too_many_or_few_times_a_parameter_is_refused_where_it_stands(angle):
    (entry,) = lint_text(HEAD + BODY + f"rz({angle}) q[0];\nrx(1e9 * x) q[1];\n").unreadable
    assert "times w; want 1e-50 to 1e+09 times" in entry.finding.hit.message
    assert entry.finding.span.line == 8
    assert lint_text(HEAD + BODY + "h q[0];\npow(1e300) @ rz(w) q[0];\n").unreadable
    assert not lint_text(HEAD + BODY + "rx(1e9 * x) q[1];\nrx(1e-49 * x) q[1];\n").unreadable

"""Advice where a function was called: arguments that the function takes, and nothing of the command line."""

import re

import pytest

import bplint
from bplint.context_keys import Said, keys
from bplint.errors import BplintError, UsageError
from bplint.python_words import in_python
from samples import circuit

PLATEAU = [("ry", [q], f"a{q}") for q in range(8)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("it shows with 2,000 shots:  --shots 2000", "it shows with 2,000 shots:  shots=2000"),
        ("lint with the shots that you can afford:  --shots N", "lint with the shots that you can afford:  shots=N"),
        ("more work:  --budget 600", "more work:  budget=600"),
        ("say so:  // bplint: init = range:0.5", 'say so:  init="range:0.5"'),
        ("declare it: // bplint: observable = …", "declare it: observable=…"),
        ("say:  // bplint: observable = Z0 Z1", 'say:  observable="Z0 Z1"'),
        ("say:  // bplint: data = x*", 'say:  data="x*"'),
        ("use fewer layers", "use fewer layers"),
        ("delete it:  bplint fix a.qasm --select BP002", "delete it:  bplint fix a.qasm --select BP002"),
        ("with --set the circuit is not this", "with --set the circuit is not this"),
    ],
)
def test_an_option_or_a_comment_becomes_an_argument(typed, told):
    if "--select" in typed:  # an argument of lint as well, and not a key of a circuit
        assert "select" not in keys(Said.ARGUMENT)
    assert in_python(typed) == told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data": "x*"}, "data: no parameter of any circuit here is called x*"),
        ({"rows": [[1.0]]}, 'rows: no parameter carries data; say which, as in  data="x*"'),
    ],
)
def test_what_is_refused_is_an_argument(arguments, message):
    with pytest.raises(UsageError) as error:
        bplint.lint(circuit(1, [("ry", [0], "a")]), observable="Z0", **arguments)
    assert str(error.value) == message


def test_every_key_that_a_file_can_declare_is_told_as_its_argument():
    for name, key in keys(Said.ARGUMENT).items():
        assert in_python(f"say:  --{name} x y") == f'say:  {key.attribute}="x y"'


def test_what_is_advised_can_be_passed_on():
    report = bplint.lint(circuit(8, PLATEAU), observable="projector(0..n-1)", shots=1000)
    helps = [line for finding in report.findings for line in finding.hit.help]
    advised = [match for line in helps if (match := re.search(r'  (\w+)="(.*)"$', line))]
    assert advised
    for match in advised:
        given = {"observable": "projector(0..n-1)", "shots": 1000, match[1]: match[2]}
        assert bplint.lint(circuit(8, PLATEAU), **given).ok() or match[1] != "observable"


def test_no_option_stands_in_what_python_prints():
    for given in ({"observable": "projector(0..n-1)", "shots": 1000}, {}, {"observable": "Z0", "init": "range:1e-4"}):
        report = bplint.lint(circuit(8, PLATEAU), **given)
        for text in (str(report), report.to_text(verbose=True)):
            assert "// bplint:" not in text
            assert not re.search(r"(?<!\w)--?[a-z]", text)
    assert "print(report.to_text(verbose=True))" in str(
        bplint.lint(circuit(8, PLATEAU), observable="projector(0..n-1)")
    )


def test_errors_speak_so_too():
    with pytest.raises(BplintError) as raised:
        bplint.lint(circuit(1, [("ry", [0], "a")]), observable="Z5")
    assert "// bplint" not in f"{raised.value} {getattr(raised.value, 'hint', '')}"


def test_reports_and_findings_have_one_line():
    report = bplint.lint(circuit(8, PLATEAU), observable="projector(0..n-1)", shots=1000)
    assert repr(report) == "<Report of 1 circuit: 1 error, 2 warnings, 0 notes>"
    assert repr(report.findings[0]).startswith("<Finding error BP301 vanishing-gradient at ")
    assert repr(report.circuits[0]).endswith(": 1 error, 2 warnings, 0 notes>")
    family = bplint.lint_family(lambda n: circuit(n, PLATEAU[:n]), [2, 4], observable="Z0").families[0]
    assert re.fullmatch(r"<FamilyReport of \S+, n = 2 … 4, 2 sizes: .*>", repr(family))
    assert not any("\n" in repr(one) for one in (report, *report.findings, *report.circuits, family))

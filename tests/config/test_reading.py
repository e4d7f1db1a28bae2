"""What is wrong in a file of configuration is named with its place, and what is right is read."""

import os
import re
from pathlib import Path

import pytest

from bplint.errors import UsageError
from bplint.finding import Severity
from configured import codes, of, product, put, run


def test_an_option_of_a_rule(folder):
    """All seven terms but one are local: a seventh of the weight is not half, and more than a tenth."""
    terms = " + ".join([*(f"Z{i}" for i in range(6)), "Z0 Z1 Z2 Z3 Z4 Z5 Z6"])
    put({"x.qasm": product(terms)})
    assert "BP201" not in run("x.qasm", "--select", "BP201").output
    for name in ("BP201", "global-observable"):
        put({"bplint.toml": f"[rules.{name}]\nshare = 0.1\n"})
        assert "warning BP201" in run("x.qasm", "--select", "BP201").output
    (rule,) = of("x.qasm", select=("BP201",)).rules
    assert dict(rule.options) == {"share": 0.1}


def test_extended_files_lie_beneath_value_by_value(folder):
    put(
        {
            "base/pyproject.toml": '[tool.bplint]\nshots = 1\nseed = 1\nselect = ["BP2"]\nextend-select = ["BP301"]\n'
            '[tool.bplint.circuits]\n"*.qasm" = { init = "range:1" }\n[tool.bplint.severity]\nBP201 = "note"\nBP301 = "note"\n',
            "bplint.toml": 'extend = "base/pyproject.toml"\nshots = 2\nextend-select = ["BP104"]\nseverity.BP201 = "error"\n',
        }
    )
    found = of("x.qasm")
    assert (found.shots, found.seed) == (2, 1)
    assert {"BP104", "BP201", "BP301"} <= {rule.code for rule in found.rules}
    severity = {rule.code: rule.severity.label for rule in found.rules}
    assert (severity["BP201"], severity["BP301"]) == ("error", "note")
    assert found.stated("init").value == "uniform", "a glob speaks of the folder of its own file"
    assert of("base/x.qasm").stated("init").value == "range:1"
    put({"bplint.toml": 'extend = "base/pyproject.toml"\nselect = ["BP104"]\n'})
    assert codes("x.qasm") == ["BP104"]


HOSTILE = [
    ("shot = 5", "bplint.toml: unknown key \"shot\"; did you mean shots?"),
    ("per_file_ignores = 1", "did you mean per-file-ignores?"),
    ("zzzzzz = 1", "there are observable, init,"),
    ("exec = true", "bplint.toml: exec: no configuration can allow that code is run; only the command line can"),
    ('circuits."*".exec = true', 'bplint.toml: circuits."*".exec: no configuration can allow'),
    ("rules.BP201.allow-exec = true", "no configuration can allow"),
    ("[tool.bplint]\nshots = 5", "only pyproject.toml has the table tool.bplint"),
    ("shots = '5'", 'bplint.toml: shots: want a whole number from 1 to 10^15, got "5"'),
    ("shots = 0", "got 0"),
    ("shots = 1.5", "got 1.5"),
    ("shots = true", "got true"),
    ("shots = 99999999999999999999", "got 99999999999999999999"),
    ("shots = 1979-05-27", "got 1979-05-27"),
    ("seed = -1", "seed: want a whole number from 0"),
    ("budget = nan", "budget: want a positive number of seconds, got nan"),
    ("budget = inf", "got inf"),
    ("observable = 1", "observable: want a string, got 1"),
    ("observable = ' '", "observable: the string is empty"),
    ("init = 'gauss:1'", "init: want uniform, normal:SIGMA or range:R, got 'gauss:1'"),
    ("init = ['uniform']", "init: want a string, got a list"),
    ("trainable = 'some'", "trainable: want one of auto, symbols, literals, tied-literals, rotations, all, none, or a list"),
    ("trainable = [1]", "trainable: want a list of strings, got 1"),
    ("trainable = [[]]", "trainable: want a list of strings, got a list"),
    ("data = 5", "data: want a list of strings, got 5"),
    ("data = ['']", "data: want a list of strings"),
    ("select = 'BP201'", "select: want a list of strings"),
    ("select = []", "select: the list is empty"),
    ("select = ['BP999']", "select: no rule is called 'BP999'"),
    ("select = ['']", "select: want a list of strings"),
    ("select = ['" + "x" * 100_000 + "']", 'no rule is called "xxx'),
    ("ignore = ['dead-parametre']", "ignore: no rule is called 'dead-parametre'; did you mean dead-parameter?"),
    ("ignore = ['BP001']", "ignore: BP001 cannot be ignored"),
    ("fail-on = 'errors'", "fail-on: want one of error, warning, note, never, got \"errors\""),
    ("fail-on = []", "fail-on: want one of error, warning, note, never, got a list"),
    ("severity = 'error'", "severity: want a table"),
    ("severity.BP001 = 'off'", "severity.BP001: what cannot be read is an error"),
    ("severity.unreadable = 'error'", "what cannot be read is an error"),
    ("severity.BP2 = 'note'", "severity: want the code or name of one rule, got 'BP2'"),
    ("severity.BP998 = 'note'", "severity: no rule is called 'BP998'"),
    ("severity.BP201 = 'fatal'", "severity.BP201: want one of error, warning, note, off"),
    ("severity.BP201 = {}", "got a table"),
    ("circuits = []", "circuits: want a table, got a list"),
    ("circuits.'*' = 1", 'circuits."*": want a table, got 1'),
    ("circuits.'*'.seed = 1", 'circuits."*": unknown key "seed"'),
    ("circuits.'../x' = {}", 'circuits."../x": want a path below the folder'),
    ("circuits.'/x' = {}", "want a path below the folder"),
    ("circuits.'a[0' = {}", "a [ is never closed"),
    ("circuits.'' = {}", "an empty glob"),
    ("per-file-ignores.'*' = 'BP201'", "want a list of strings"),
    ("per-file-ignores.'*' = ['BP999']", "no rule is called"),
    ("per-file-ignores.'*' = ['unreadable']", "BP001 cannot be ignored"),
    ("rules.BP201.share = 'much'", 'rules.BP201.share: want a number, got "much"'),
    ("rules.BP201.share = nan", "want a number, got nan"),
    ("rules.BP201.share = true", "want a number, got true"),
    ("rules.BP201.shares = 1", "rules.BP201: unknown key \"shares\"; did you mean share?"),
    ("rules.BP104.share = 1", "rules.BP104: BP104 dead-loss has no options"),
    ("rules.BP201 = 1", "rules.BP201: want a table"),
    ("rules.BP2 = {}", "want the code or name of one rule"),
    ("extend = 5", "extend: want a string"),
    ('extend = "\\u0000"', "bplint.toml: extend: no path of a file: embedded null"),
    ('extend = "a\\u0000.toml"', "bplint.toml: extend: no path of a file: embedded null"),
    ("require-observable = 'yes'", 'require-observable: want true or false, got "yes"'),
    ("require-observable = 1", "require-observable: want true or false, got 1"),
    ("extend = 'none.toml'", "extend: no such file: bplint.toml -> none.toml"),
    ("extend = 'bplint.toml'", "in a circle: bplint.toml -> bplint.toml"),
    ("extend = './bplint.toml'", "in a circle"),
    ("extend = 'sub'", "sub: cannot be read: Is a directory"),
    ("extend = 'pyproject.toml'", "extend: no such file"),
    ("extend = 'sub/pyproject.toml'", "sub/pyproject.toml: there is no table tool.bplint in it"),
    ("shots = 5\nshots = 6", "not valid TOML"),
    ("a\nb = = 1", "(at line 1, column 2)"),
    ("shots = 5\n\n\nx y", "(at line 4, column 3)"),
    ("a = " + "[" * 100_000, "nested too deeply"),
    ("a = " + "{a=" * 100_000, "nested too deeply"),
    ("a" + ".a" * 200_000 + " = 1", "a key has more than 32 parts"),
    ("x = ['''y'''', {a" + ".a" * 100_000 + " = 1}]", "a key has more than 32 parts"),
    ('x = ["""y"""", {a' + ".a" * 100_000 + " = 1}]", "a key has more than 32 parts"),
    ('"a"' + ' . "a"' * 50_000 + " = 1", "a key has more than 32 parts"),
    ("shots = " + "1" * 900_000, "a number has 1,000 digits or more"),
    ("#" * 1_000_001, "over the limit of 1,000,000 bytes"),
    ("\x1b[31m = 1", "not valid TOML"),
    ('"\\u001b[31m" = 1', 'unknown key "\\x1b[31m"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), HOSTILE, ids=[re.sub(r"\W+", "-", text[:30]) for text, _ in HOSTILE])
def test_what_is_wrong_in_a_file_exits_2_with_one_line(folder, text, message):
    put({"bplint.toml": text, "x.qasm": product("Z0", 1), "sub/pyproject.toml": "[tool.black]\n"})
    result = run("x.qasm")
    assert result.exit_code == 2
    assert message in result.output
    assert result.output.startswith("bplint: bplint.toml") or "extend" in text
    assert len(result.output.splitlines()) == 1
    assert len(result.output) < 500
    assert "\x1b" not in result.output


def test_bytes_that_are_no_text_are_named_with_their_line(folder):
    Path("bplint.toml").write_bytes(b"shots = 5\n# caf\xe9\n")
    assert "bplint.toml: line 2: byte 0xe9 is not UTF-8 text" in run(".").output
    Path("bplint.toml").write_bytes(b"\xef\xbb\xbfshots = 5\r\n")
    assert of("x.qasm").shots == 5


def test_circles_and_chains_are_named(folder):
    put({"bplint.toml": "extend = 'link.toml'"})
    os.symlink("bplint.toml", "link.toml")
    with pytest.raises(UsageError, match=r"in a circle: bplint.toml -> link.toml$"):
        of("x.qasm")
    put({"bplint.toml": "extend = 'a.toml'", "a.toml": "extend = 'b.toml'", "b.toml": "extend = 'sub/../a.toml'"})
    with pytest.raises(UsageError, match=r"in a circle: bplint.toml -> a.toml -> b.toml -> a.toml$"):
        of("x.qasm")
    put({f"{i}.toml": f"extend = '{i + 1}.toml'" for i in range(9)} | {"bplint.toml": "extend = '0.toml'"})
    put({"9.toml": "shots = 5"})
    assert of("x.qasm").shots == 5
    put({"9.toml": "extend = '10.toml'", "10.toml": ""})
    with pytest.raises(UsageError, match=r"more than 10 files extend one another: bplint.toml -> 0.toml -> 1.toml"):
        of("x.qasm")


@pytest.mark.parametrize("text", ["tool = 1", "[[tool]]\nbplint = 1", "[tool]\nbplint = 1", "[tool]\nbplint = [1]"])
def test_a_project_file_of_a_strange_shape(folder, text):
    put({"pyproject.toml": f"# bplint\n{text}\n"})
    result = run(".", "--allow-empty")
    ours = text.startswith("[tool]")
    assert (result.exit_code, "pyproject.toml: tool.bplint: want a table" in result.output) == (2 * ours, ours)


def test_an_observable_that_does_not_fit_names_file_and_key(folder):
    put({"x.qasm": product("", 2), "bplint.toml": 'circuits."x.qasm".observable = "Z5"\n'})
    result = run("x.qasm", "--format", "concise")
    assert result.exit_code == 1
    assert (
        'x.qasm:1:1: BP001 error bplint.toml: circuits."x.qasm".observable: Z5 is outside the circuit' in result.output
    )


def test_the_example_of_the_manual_is_understood_as_it_says(folder):
    manual = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", manual, re.S)
    put({"here/bplint.toml": example, "shared/bplint.toml": "shots = 3\n"})
    os.chdir("here")
    found = of("vqe/h2_4.qasm")
    assert [found.stated(key).value for key in ("observable", "init", "shots")] == [
        "0.2*Z0 + 0.1*X0 X1", "normal:0.1", 4000,
    ]  # fmt: skip
    assert of("x.qasm").stated("init").origin == "bplint.toml: init"
    assert found.fail_on is Severity.WARNING
    assert {rule.code: rule.severity.label for rule in found.rules}["BP201"] == "error"
    assert {"BP003", "BP101", "BP301"} <= set(codes("x.qasm"))
    assert not {"BP203", "BP104"} & set(codes("experiments/x.qasm"))

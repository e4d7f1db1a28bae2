"""Configuration: which file counts, what its keys do, who wins, and that nothing in it is silently wrong."""

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from bplint.config import Settings
from bplint.config.globs import Glob, fault
from bplint.config.in_force import Configurations
from bplint.errors import UsageError
from bplint.finding import Severity
from bplint.plugins import _fault, load
from bplint.run import lint

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
RULES = load().rules


def product(observable, n=7):
    declared = f"// bplint: observable = {observable}\n" if observable else ""
    return (
        HEAD
        + declared
        + f"input array[float[64], {n}] a;\nqubit[{n}] q;\n"
        + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(n))
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(files):
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, arguments, input=stdin)


def context(path, *arguments):
    (circuit,) = json.loads(run(path, "--select", "BP003", *arguments, "--format", "json").output)["circuits"]
    return circuit["context"]


def of(path, **settings):
    return Configurations(Settings(**settings), RULES).of(path)


def codes(path, **settings):
    return [rule.code for rule in of(path, **settings).rules]


def test_the_closest_file_counts_and_nothing_is_merged(folder):
    put(
        {
            "pyproject.toml": "[tool.bplint]\nshots = 1\nseed = 7\n",
            "a/bplint.toml": "shots = 2\n",
            "a/pyproject.toml": "[tool.bplint]\nshots = 3\n",
            "a/b/pyproject.toml": "[tool.other]\nabout = 'bplint'\n",
        }
    )
    assert [(of(p).shots, of(p).seed) for p in ("x.qasm", "a/x.qasm", "a/b/x.qasm", "a/b/c/x.qasm")] == [
        (1, 7), (2, 0), (2, 0), (2, 0),
    ]  # fmt: skip
    assert of("a/x.qasm").files == (os.path.join("a", "bplint.toml"),)


def test_one_file_for_all_or_none(folder):
    put({"bplint.toml": "shots = 1\n", "other.toml": "shots = 2\n", "pyproject.toml": "[tool.bplint]\nshots = 3\n"})
    assert of("x.qasm", config="other.toml").shots == 2
    assert of("x.qasm", config="pyproject.toml").shots == 3
    assert of("x.qasm", isolated=True).shots == 10_000
    with pytest.raises(UsageError, match="want one of the two"):
        of("x.qasm", isolated=True, config="other.toml")
    with pytest.raises(UsageError, match=r"--config: no such file: none\.toml"):
        of("x.qasm", config="none.toml")


def test_standard_input_stands_where_its_name_says(folder):
    put({"sub/bplint.toml": 'observable = "Z1"\n', "bplint.toml": 'observable = "Z0"\n'})
    found = [
        json.loads(run("-", *name, "--select", "BP003", "--format", "json", stdin=product("", 2)).output)
        for name in ((), ("--stdin-filename", "sub/x.qasm"))
    ]
    assert [document["circuits"][0]["context"]["observable"] for document in found] == [{"ZI": 1.0}, {"IZ": 1.0}]


OPTION = {
    "observable": "Z3",
    "shots": 44,
    "init": "normal:0.4",
    "noise": "bitflip:0.4",
    "trainable": "none",
    "data": ("a[[]4]",),
}
COMMENT = {
    "observable": "Z2",
    "shots": "33",
    "init": "normal:0.3",
    "noise": "bitflip:0.3",
    "trainable": "rotations",
    "data": "a[[]3]",
}
PER_PATH = {
    "observable": '"Z1"',
    "shots": "22",
    "init": '"normal:0.2"',
    "noise": '"bitflip:0.2"',
    "trainable": '"all"',
    "data": '["a[[]2]"]',
}
GENERAL = {
    "observable": '"Z0"',
    "shots": "11",
    "init": '"normal:0.1"',
    "noise": '"bitflip:0.1"',
    "trainable": '"literals"',
    "data": '["a[[]1]"]',
}


@pytest.mark.parametrize("key", OPTION)
def test_option_over_comment_over_path_over_file_over_default(folder, key):
    """Every subset of the layers: the highest one that is there wins."""
    seen = {}
    for option, comment, path, general in itertools.product((False, True), repeat=4):
        text = product("")
        if comment:
            text = text.replace("input", f"// bplint: {key} = {COMMENT[key]}\ninput", 1)
        config = f"{key} = {GENERAL[key]}\n" * general + f'[circuits]\n"x.*" = {{ {key} = {PER_PATH[key]} }}\n' * path
        put({"x.qasm": text, "bplint.toml": config})
        report = lint(["x.qasm"], Settings(select=("BP003",), **{key: OPTION[key]} if option else {}))
        (entry,) = report.circuits
        case = entry.case
        value = {
            "observable": case.context.observable.text,
            "shots": case.context.shots,
            "init": str(case.context.init),
            "noise": str(case.context.noise),
            "trainable": case.context.selection.policy,
            "data": [p.name for p in case.circuit.parameters if p.role == "data"],
        }[key]
        winner = "option" * option or "comment" * comment or "path" * path or "general" * general or "default"
        assert seen.setdefault(winner, value) == value
    assert len({str(value) for value in seen.values()}) == 5


def test_the_first_glob_that_states_a_key_wins(folder):
    put(
        {
            "bplint.toml": '[circuits]\n"vqe/h2.qasm" = { observable = "Z0" }\n"vqe" = { observable = "Z1", shots = 5 }\n'
            '"*.qasm" = { shots = 6, init = "range:1" }\n'
        }
    )
    found = of("vqe/h2.qasm")
    assert [found.stated(key).value for key in ("observable", "shots", "init")] == ["Z0", 5, "range:1"]
    assert found.stated("shots").origin == "bplint.toml: circuits.vqe.shots"


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*.qasm", ["x.qasm", "a/b/x.qasm"], ["x.qasm3", "y"]),
        ("vqe", ["vqe/x.qasm", "a/vqe/x.qasm"], ["vqe.qasm"]),
        ("vqe/", ["vqe/x.qasm", "a/vqe/x.qasm"], ["vqe.qasm"]),
        ("a/*.qasm", ["a/x.qasm"], ["x.qasm", "b/a/x.qasm", "a/b/x.qasm"]),
        ("a/**/x.qasm", ["a/x.qasm", "a/b/x.qasm", "a/b/c/x.qasm"], ["x.qasm", "b/x.qasm", "a/b/y.qasm"]),
        ("a/**", ["a/x.qasm", "a/b/x.qasm"], ["ab/x.qasm"]),
        ("**/b/*", ["b/x.qasm", "a/b/x.qasm"], ["a/x.qasm"]),
        ("h?a_[0-9].qasm", ["hea_4.qasm"], ["hea_44.qasm", "ha_4.qasm"]),
        ("X.qasm", [], ["x.qasm"]),
        ("*" + "a*" * 40 + "b", [], ["a" * 200]),
    ],
)
def test_globs(pattern, yes, no):
    glob = Glob(pattern, "/top")
    assert fault(pattern) is None
    assert [path for path in (*yes, *no) if glob.matches(f"/top/{path}")] == yes
    assert not glob.matches("/other/x.qasm")
    assert not glob.matches("/topmost/x.qasm")


def test_rules_are_selected_in_layers(folder):
    put({"bplint.toml": 'select = ["BP2"]\nextend-select = ["dead-loss"]\nignore = ["BP203"]\n'})
    mine = [rule.code for rule in RULES if rule.code.startswith("BP2") and rule.code != "BP203"]
    assert codes("x.qasm") == ["BP104", *mine]
    assert codes("x.qasm", extend_select=("BP203",), ignore=("BP2",)) == ["BP104"]
    assert codes("x.qasm", extend_select=("BP203", "BP301")) == sorted({"BP104", "BP203", "BP301", *mine})
    assert codes("x.qasm", select=("BP203",)) == ["BP203"]
    with pytest.raises(UsageError, match="no rule is left to run"):
        codes("x.qasm", ignore=("BP",))
    put({"bplint.toml": 'select = ["BP203"]\nseverity.BP203 = "off"\n'})
    with pytest.raises(UsageError, match="no rule is left to run"):
        codes("x.qasm")


def test_ignores_by_path(folder):
    put({"bplint.toml": '[per-file-ignores]\n"old/*" = ["BP3", "dead-loss"]\n"*.qasm" = ["BP201"]\n'})
    every = {rule.code for rule in RULES}
    assert every - set(codes("x.qasm")) == {"BP201"}
    assert every - set(codes("old/x.qasm")) >= {"BP201", "BP301", "BP104"}
    put({"old/x.qasm": product("Z" * 7)})
    assert "BP201" not in run("old/x.qasm").output


def test_severities_change_findings_exit_codes_and_are_printed(folder):
    put({"x.qasm": product("Z" * 7)})
    assert run("x.qasm", "--select", "BP201").exit_code == 0
    put({"bplint.toml": '[severity]\nBP201 = "error"\ndead-parameter = "off"\nBP104 = "error"\n'})
    result = run("x.qasm", "--select", "BP201,BP203")
    assert result.exit_code == 1
    assert "error BP201" in result.output
    assert result.output.splitlines()[1:4] == [
        "configuration bplint.toml",
        "BP201 global-observable is error instead of warning (bplint.toml: severity.BP201)",
        "BP203 dead-parameter is off instead of warning (bplint.toml: severity.dead-parameter)",
    ]
    assert "BP203" not in codes("x.qasm")
    assert run("x.qasm", "--select", "BP201", "--isolated").exit_code == 0


def test_what_rests_on_assumptions_stays_a_warning_whatever_the_severity_and_the_assumption_itself_does_not(folder):
    text = product("").replace("ry(a[6]) q[6];\n", "")
    put({"x.qasm": text, "bplint.toml": '[severity]\nBP003 = "error"\nBP201 = "error"\nBP204 = "error"\n'})
    result = run("x.qasm", "--select", "BP003")
    assert result.exit_code == 1
    assert "error BP003" in result.output
    put({"x.qasm": text.replace("ry(a[5]) q[5];\n", "rx(a[5]) q[5];\nrx(a[6]) q[5];\n")})
    result = run("x.qasm", "--select", "BP204")
    assert result.exit_code == 0
    assert "warning BP204" in result.output


@pytest.mark.parametrize("silenced", ["", "// bplint: ignore-file[BP003]\n", "// bplint: ignore-file[BP001]\n"])
@pytest.mark.parametrize("arguments", [(), ("--select", "BP301"), ("--ignore", "BP003"), ("--fail-on", "error")])
def test_a_loss_that_has_to_be_declared(folder, arguments, silenced):
    put({"x.qasm": product("") + silenced, "y.qasm": product("Z0"), "bplint.toml": "require-observable = true\n"})
    result = run(".", *arguments, "--format", "concise")
    assert result.exit_code == 1
    assert (
        "x.qasm:1:1: BP001 error no observable is declared, and one has to be (bplint.toml: require-observable)"
        in result.output
    )
    assert "y.qasm:1:1: BP001" not in result.output
    assert run("x.qasm", "--observable", "Z0 + Z1 + Z2 + Z3 + Z4 + Z5 + Z6").exit_code == 0
    put({"bplint.toml": 'require-observable = true\ncircuits."x*".observable = "Z0 + Z1 + Z2 + Z3 + Z4 + Z5 + Z6"\n'})
    assert run("x.qasm").exit_code == 0


def test_an_observable_names_the_files_that_it_does_not_fit_and_goes_on(folder):
    put({"a.qasm": product("", 2), "b.qasm": product("", 7), "c/d.qasm": product("", 3)})
    result = run(".", "--observable", "Z6", "--format", "concise", "-q")
    assert result.exit_code == 1
    faults = [line for line in result.output.splitlines() if "BP001" in line]
    assert [line.partition(":")[0] for line in faults] == ["./a.qasm", "./c/d.qasm"]
    assert "--observable: Z6 is outside the circuit: qubits are 0..1" in faults[0]
    assert "./b.qasm:" in result.output
    put({"bplint.toml": 'observable = "ZZ"\n'})
    result = run(".", "--format", "concise", "-q")
    assert result.output.count("BP001 error bplint.toml: observable: the label ZZ has 2 letters") == 2
    assert "Invalid value" in run(".", "--observable", "Z6 Z6").output


SPELLINGS = {
    "x.qasm": "sub",
    "./x.qasm": "sub",
    "../sub/x.qasm": "sub",
    "sub/x.qasm": ".",
    "./sub/../sub/x.qasm": ".",
    ".": "sub",
}


@pytest.mark.parametrize("root", ["configuration", "repository", "folder"])
def test_however_a_path_is_typed_ids_and_fingerprints_are_the_same(folder, monkeypatch, root):
    put({"sub/x.qasm": product("Z0"), "sub/y.qasm": "nonsense;\n"})
    if root == "configuration":
        put({"bplint.toml": "shots = 100\n"})
    if root == "repository":
        os.mkdir(".git")
    found = {}
    for spelling, place in {**SPELLINGS, str(folder / "sub/x.qasm"): "."}.items():
        if root == "folder" and place != ".":
            continue
        monkeypatch.chdir(folder / place)
        document = json.loads(run(spelling, "--format", "json").output)
        (one,) = document["circuits"]
        found[spelling] = one["id"], *sorted(f["fingerprint"] for f in one["findings"])
    assert len(found) >= 3
    assert len(set(found.values())) == 1
    assert next(iter(found.values()))[0] == "sub/x.qasm"
    monkeypatch.chdir(folder)
    broken = [
        run(path, "--format", "json").output for path in ("sub/y.qasm", str(folder / "sub/y.qasm"), "./sub/y.qasm")
    ]
    assert len({json.loads(text)["unreadable"][0]["fingerprint"] for text in broken}) == 1
    assert "collected 1 circuit" in run("sub/x.qasm", str(folder / "sub/x.qasm"), "./sub/x.qasm").output


def test_ids_select_circuits_and_are_listed(folder, monkeypatch):
    put({"sub/x.qasm": product("Z0", 1), "sub/y.qasm": product("Z0", 1), "bplint.toml": ""})
    monkeypatch.chdir(folder / "sub")
    assert run(".", "--collect-only", "-k", "sub/x").output.splitlines() == ["sub/x.qasm", "1 circuit, 1 deselected"]
    monkeypatch.chdir(folder)
    assert of("sub/x.qasm", config="bplint.toml").id_of("sub/x.qasm") == "sub/x.qasm"
    put({"other/bplint.toml": ""})
    assert of("sub/x.qasm", config="other/bplint.toml").id_of("sub/x.qasm") == "sub/x.qasm"
    assert of("-").id_of("-") == "-"
    assert of("/elsewhere/x.qasm").id_of("/elsewhere/x.qasm") == "/elsewhere/x.qasm"


def test_the_shots_of_a_file_stand_in_its_title(folder):
    put({"x.qasm": "// bplint: shots = 400\n" + product("Z0", 2), "y.qasm": product("Z0", 2)})
    output = run("x.qasm", "y.qasm").output
    titles = [line for line in output.splitlines() if "2 qubits" in line]
    assert ["400 shots (line 1)" in line for line in titles] == [True, False]
    assert "400 shots" not in run("x.qasm", "--shots", "500").output
    assert "500 shots per gradient component" in run("x.qasm", "--shots", "500").output


@pytest.mark.parametrize("name", ["data", "trainable", "init"])
def test_a_name_that_matches_nothing_in_the_run_is_bad_usage(folder, name):
    put({"x.qasm": product("Z0", 2), "y.qasm": product("Z0", 2).replace("a;", "b;").replace("a[", "b[")})
    value = {"data": "b*", "trainable": "a*,b*", "init": "b*=range:1"}[name]
    assert run(".", f"--{name}", value).exit_code in (0, 1)
    for wrong in (value.replace("b", "c"), value.replace("b*", "b[7]")):
        for command in (("check",), ("profile",)):
            result = run(*command, ".", f"--{name}", wrong)
            assert result.exit_code == 2, result.output
            assert f"bplint: --{name}: no parameter of any circuit here is called" in result.output
    put({"z.qasm": "nonsense;\n"})
    assert run(".", f"--{name}", "c*=range:1" if name == "init" else "c*").exit_code == 1, "z may have it"


@pytest.mark.parametrize("ignored", ["BP001", "unreadable", "BP203,BP001"])
def test_what_cannot_be_read_cannot_be_ignored(folder, ignored):
    put({"x.qasm": product("Z0", 1)})
    result = run("x.qasm", "--ignore", ignored)
    assert (result.exit_code, result.output) == (
        2,
        "bplint: --ignore: BP001 cannot be ignored: what cannot be read is an error\n",
    )


def test_each_file_fails_by_its_own_configuration(folder):
    text = product("Z" * 7)
    put({"a/x.qasm": text, "a/bplint.toml": 'fail-on = "warning"\n', "b/x.qasm": text})
    assert run("b", "--select", "BP201").exit_code == 0
    assert run("a", "b", "--select", "BP201").exit_code == 1
    assert run("a", "b", "--select", "BP201", "--fail-on", "error").exit_code == 0
    put({"a/bplint.toml": 'fail-on = "never"\n'})
    assert of("a/x.qasm").fail_on is None
    assert of("a/x.qasm", fail_on="note").fail_on is Severity.NOTE


def test_several_processes_read_the_same_configuration(folder):
    put({f"{n}/x.qasm": product("Z" * 7) for n in "ab"} | {"a/bplint.toml": 'severity.BP201 = "error"\nseed = 5\n'})
    one, two = (run(".", "--select", "BP201", "--format", "json", "-j", n) for n in "12")
    assert one.output == two.output
    assert [c["context"]["seed"] for c in json.loads(one.output)["circuits"]] == [5, 0]
    assert "seed 0, 5" in run(".", "--select", "BP201").output


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


def test_settings_are_shown_with_their_origin(folder):
    put({"x.qasm": product("Z0"), "y.qasm": product("Z0"), "z.qasm": product("", 2)})
    put(
        {
            "bplint.toml": 'shots = 5\nrules.BP201.share = 0.25\nseverity.BP203 = "off"\ncircuits."z*".observable = "Z1"\n'
        }
    )
    result = run("x.qasm", "y.qasm", "z.qasm", "--show-settings", "--seed", "3", "--select", "BP201,BP203")
    assert result.exit_code == 0
    assert result.output == (
        "x.qasm\ny.qasm\n" + _shown("Z0  (comment in line 3)") + "\nz.qasm\n"
        + _shown('Z1  (bplint.toml: circuits."z*".observable)')
    )  # fmt: skip


def test_settings_of_a_file_include_its_own_comments(folder):
    declared = "// bplint: shots = 400\n// bplint: data = x\npragma bplint init normal:0.10\n// bplint: data = y*\n"
    put({"x.qasm": HEAD + declared + "input float x;\ninput float y1;\nqubit[1] q;\nry(x) q[0];\nrz(y1) q[0];\n"})
    put({"bplint.toml": "shots = 5\nseed = 2\n"})
    lines = {
        line.split()[0]: line.split(maxsplit=1)[1] for line in run("x.qasm", "--show-settings").output.splitlines()[1:]
    }
    assert lines["shots"] == "400  (comment in line 3)"
    assert lines["data"] == "x, y*  (comment in line 4)"
    assert lines["init"] == "normal:0.1  (pragma in line 5)"
    assert lines["seed"] == "2  (bplint.toml: seed)"
    assert "shots          7  (--shots)" in run("x.qasm", "--show-settings", "--shots", "7").output
    put({"x.qasm": HEAD + "nonsense;\n"})
    shown = run("x.qasm", "--show-settings")
    assert shown.exit_code == 0
    assert "unreadable     there is no gate nonsense; without its comments there holds  (line 3)" in shown.output
    assert "shots          5  (bplint.toml: shots)" in shown.output


def _shown(observable):
    return (
        "  configuration  bplint.toml\n"
        f"  observable     {observable}\n"
        "  init           uniform  (default)\n"
        "  noise          none  (default)\n"
        "  shots          5  (bplint.toml: shots)\n"
        "  trainable      auto  (default)\n"
        "  data           none  (default)\n"
        "  seed           3  (--seed)\n"
        "  budget         60  (default)\n"
        "  fail-on        error  (default)\n"
        "  rules          BP201\n"
        "  severity       BP203 dead-parameter is off instead of warning (bplint.toml: severity.BP203)\n"
        "  BP201.share    0.25  (bplint.toml: rules.BP201.share)\n"
    )


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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_what_only_looks_like_a_file(folder):
    for make, message in (
        (lambda path: os.mkdir(path), "cannot be read: Is a directory"),
        (lambda path: os.mkfifo(path), "not a regular file"),
        (lambda path: os.symlink(path, path), "cannot be read: "),
        (lambda path: os.symlink("nowhere", path), "cannot be read: No such file"),
        (lambda path: os.symlink("/dev/zero", path), "not a regular file"),
    ):
        for name in ("bplint.toml", "pyproject.toml"):
            make(name)
            result = run(".")
            assert (result.exit_code, result.output.count("\n")) == (2, 1)
            assert f"bplint: {name}: {message}" in result.output
            os.rename(name, f"old{len(os.listdir())}")
    put({"real/bplint.toml": "shots = 5\n"})
    os.symlink("real/bplint.toml", "bplint.toml")
    assert of("x.qasm").shots == 5


def test_a_file_that_may_not_be_read_is_an_error(folder, monkeypatch):
    put({"bplint.toml": "shots = 5\n"})
    opened = os.open

    def refuse(path, *arguments, **keywords):
        if str(path).endswith("bplint.toml"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **keywords)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UsageError, match=r"bplint.toml: cannot be read: Permission denied"):
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


def test_without_our_table_no_toml_parser_is_loaded(folder):
    put({"pyproject.toml": "[tool.black]\n", "x.qasm": product("Z0", 1)})
    code = (
        "import sys; from bplint.cli import main\n"
        "try: main(['x.qasm', '-q', '--select', 'BP203'])\n"
        "except SystemExit: pass\n"
        "sys.exit('tomllib' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_the_example_of_the_readme_is_understood_as_it_says(folder):
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", readme, re.S)
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


def test_a_plugins_option_must_be_of_a_plain_type():
    (rule,) = of("x.qasm", isolated=True, select=("BP201",)).rules
    assert _fault(rule) is None
    assert (
        _fault(rule._replace(options={"qubits": [1]}))
        == "BP201: option qubits: want a boolean, number or string, got list"
    )

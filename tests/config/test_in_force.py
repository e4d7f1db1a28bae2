"""Which file counts, what its keys do, who wins, and what ids follow."""

import itertools
import json
import os

import pytest

from bplint.config import Settings
from bplint.errors import UsageError
from bplint.finding import Severity
from bplint.run import lint
from configured import RULES, codes, of, product, put, run


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


@pytest.mark.parametrize(("n", "example"), [(1, "Z0"), (2, "Z0 Z1")])
def test_the_loss_that_is_advised_has_the_qubits_that_there_are(folder, n, example):
    text = f'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float t;\nqubit[{n}] q;\nry(t) q[0];\n'
    for required, code in (("", "BP003"), ("require-observable = true\n", "BP001")):
        put({"x.qasm": text, "bplint.toml": required})
        (finding,) = (f for f in lint(["x.qasm"], Settings()).findings if f.code == code)
        assert finding.hit.help[0].endswith(f"// bplint: observable = {example}")


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


def test_the_shots_of_a_file_stand_in_its_title(folder):
    put({"x.qasm": "// bplint: shots = 400\n" + product("Z0", 2), "y.qasm": product("Z0", 2)})
    output = run("x.qasm", "y.qasm", "-v").output
    titles = [line for line in output.splitlines() if "2 qubits" in line]
    assert ["400 shots (line 1)" in line for line in titles] == [True, False]
    assert "400 shots" not in run("x.qasm", "--shots", "500").output
    assert "500 shots a component" in run("x.qasm", "--shots", "500").output


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
    assert "1 circuit" in run("sub/x.qasm", str(folder / "sub/x.qasm"), "./sub/x.qasm").output


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

"""The command line as a user meets it: output, formats, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from repair_texts import hardware_efficient

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def ansatz(observable, n=14):
    return (
        HEAD
        + (f"// bplint: observable = {observable}\n" if observable else "")
        + f"input array[float[64], {n}] a;\nqubit[{n}] q;\n"
        + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(n))
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("global.qasm").write_text(ansatz("projector(0..n-1)"))
    Path("local.qasm").write_text(ansatz("mean(Z)"))
    Path("fidelity.qasm").write_text(hardware_efficient(7, 1, "projector(0..n-1)", rotations=("ry",)))
    Path("broken.qasm").write_text(HEAD + "qubit[2] q;\nrx(0.1 q[0];\n")
    Path("assumed.qasm").write_text(ansatz(""))
    return tmp_path


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, arguments, input=stdin)


def test_a_plateau_is_blocked_and_its_local_twin_passes(folder):
    blocked, passed = run("global.qasm"), run("local.qasm")
    assert (blocked.exit_code, passed.exit_code) == (1, 0)
    assert "error BP301 vanishing-gradient" in blocked.output
    assert "with certainty 1 - 1e-6" in run("global.qasm", "-v").output
    assert "0 errors, 0 warnings, 0 notes; 0 skipped, 0 inconclusive ── 1 circuit in" in " ".join(passed.output.split())


def test_the_output_begins_with_what_holds_and_ends_with_a_tally(folder):
    lines = run("global.qasm", "local.qasm").output.splitlines()
    assert lines[0].startswith("bplint 0.1.0 · ")
    assert lines[0].endswith("rules · seed 0 · 10,000 shots a component · 2 circuits")
    assert lines[1:3] == ["", "global.qasm:6:1: error BP301 vanishing-gradient"]
    assert not any("local.qasm" in line for line in lines)
    assert any(line.startswith("── 1 error, 1 warning, 0 notes; ") for line in lines[-2:])  # a slow run's is two lines


def test_a_finding_shows_the_line_and_a_caret(folder):
    output = run("global.qasm", "--select", "BP201").output
    assert "  3 │ // bplint: observable = projector(0..n-1)\n    │ ^^^" in output


def test_an_unreadable_file_is_never_green(folder):
    result = run("broken.qasm", "local.qasm", "--fail-on", "never")
    assert result.exit_code == 1
    assert "error BP001 unreadable" in result.output
    assert "broken.qasm:4:" in result.output


def test_assumed_observables_never_block(folder):
    result = run("assumed.qasm")
    assert result.exit_code == 0
    assert "note BP003" in result.output
    assert "// bplint: observable = Z0 Z1" in result.output


def test_options_win_over_the_file(folder):
    assert run("local.qasm", "--observable", "Z" * 14).exit_code == 1
    assert run("global.qasm", "--shots", "100_000_000".replace("_", "")).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.qasm"], "no such file or directory: nowhere.qasm"),
        (["local.qasm", "--select", "BP999"], "no rule is called 'BP999'"),
        (["local.qasm", "--ignore", "dead-parametre"], "did you mean dead-parameter?"),
        (["local.qasm", "--observable", "Q0"], "Invalid value for '--observable': want a letter and a qubit"),
        (["local.qasm", "--format", "xml"], "no format is called 'xml'"),
        (["local.qasm", "--format", "json", "--format", "full"], "only one format can go to the screen"),
        (["local.qasm", "--format", "json:no/such/folder.json"], "No such file or directory"),
        (["local.qasm", "--no-such-option"], "No such option"),
        (["local.qasm", "--shots", "0"], "Invalid value for '--shots'"),
        (["local.qasm", "--trainable", "some"], "--trainable: no parameter of any circuit here is called some"),
        (["explain", "BP999"], "no rule is called 'BP999'"),
    ],
)
def test_bad_usage_exits_2_and_says_what_is_wrong(folder, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_nothing_collected_exits_5_unless_allowed(folder):
    Path("empty").mkdir()
    assert run("empty").exit_code == 5
    assert run("empty", "--allow-empty").exit_code == 0


def test_fail_on_warning_and_incomplete(folder):
    assert run("assumed.qasm", "--fail-on", "note").exit_code == 1
    Path("product.qasm").write_text(
        HEAD + "// bplint: observable = Z0\ninput float a;\ninput float b;\nqubit[1] q;\nrx(a*b) q[0];\nry(b) q[0];\n"
    )
    result = run("product.qasm")
    assert result.exit_code == 0
    assert "2 inconclusive" in result.output
    assert "product.qasm: inconclusive: gradient, loss: " in result.output
    assert run("product.qasm", "--fail-on-incomplete").exit_code == 4


def test_standard_input_and_its_name(folder):
    result = run("-", "--stdin-filename", "shown.qasm", stdin=ansatz("projector(0..n-1)"))
    assert result.exit_code == 1
    assert "shown.qasm:6:1: error BP301" in result.output


def test_directories_are_searched_in_order(folder):
    Path("sub").mkdir()
    Path("sub/b.qasm").write_text(ansatz("mean(Z)", 2))
    Path("sub/a.qasm3").write_text(ansatz("mean(Z)", 2))
    Path("sub/readme.txt").write_text("not a circuit")
    Path("sub/.hidden.qasm").write_text("not read")
    output = run("sub", "-v").output
    assert output.index("sub/a.qasm3  2 qubits") < output.index("sub/b.qasm  2 qubits")
    assert "2 circuits" in output


def test_a_folder_may_be_called_like_a_command_or_a_circuit(folder):
    Path("rules").mkdir()
    Path("rules/x.qasm").write_text(ansatz("mean(Z)", 2))
    Path("folder.qasm").mkdir()
    assert "rules/x.qasm  2 qubits" in run("./rules", "-v").output
    assert run("folder.qasm").exit_code == 5


def test_other_files_are_refused_with_a_way_out(folder):
    Path("c.qpy").write_bytes(b"QISKIT")
    result = run("c.qpy")
    assert result.exit_code == 1
    assert "QPY files are not read" in result.output
    assert "qasm3.dump" in result.output


def test_concise_is_one_line_a_finding(folder):
    lines = run("global.qasm", "--format", "concise").output.splitlines()
    assert lines[0].startswith("global.qasm:6:1: BP301 error No parameter shows above the noise")
    assert lines[1].startswith("global.qasm:3:1: BP201 warning ")
    assert len(lines) == 3


def test_json_has_the_contracts_shape(folder):
    result = run("global.qasm", "broken.qasm", "--format", "json")
    document = json.loads(result.output)
    assert document["schema"] == "bplint/1"
    assert document["exit_code"] == result.exit_code == 1
    assert document["summary"] == {
        "circuits": 1, "errors": 2, "warnings": 1, "notes": 0, "skipped": 0, "inconclusive": 0, "suppressed": 0, "unreadable": 1,
        "failed": 0, "baseline": 0, "not_run": 0, "undecided": 0, "not_variational": 0,
    }  # fmt: skip
    (circuit,) = document["circuits"]
    assert (circuit["id"], circuit["n_qubits"], circuit["n_parameters"], circuit["n_rotations"]) == (
        "global.qasm",
        14,
        14,
        14,
    )
    assert circuit["context"]["observable"] == {"projector(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)": 1.0}
    assert circuit["context"]["observable_source"] == "comment"
    assert set(circuit["analyses"]) == {"dla", "gradient", "locality", "loss", "symmetry"}
    parameters = circuit["analyses"]["gradient"]["parameters"]
    assert [p["name"] for p in parameters] == [f"a[{i}]" for i in range(14)]
    assert parameters[3]["line"] == 9
    assert {f["code"] for f in circuit["findings"]} == {"BP201", "BP301"}
    assert document["unreadable"][0]["code"] == "BP001"
    assert (document["unreadable"][0]["line"], document["unreadable"][0]["path"]) == (4, "broken.qasm")


def test_json_has_the_suggestions_of_a_finding(folder):
    (report,) = json.loads(run("fidelity.qasm", "--format", "json").stdout)["circuits"]
    (found,) = (f for f in report["findings"] if f["code"] == "BP201")
    first = found["suggestions"][0]
    assert first.keys() == {"name", "title", "prior", "keeps", "loses", "verdict", "reason", "effect", "edits", "also"}
    assert (first["name"], first["prior"], first["verdict"], first["reason"]) == ("local", None, "verified", "")
    assert first["keeps"] == "the same optimum, |0…0>"
    assert first["effect"].keys() == {"dla", "gradient_max", "signal", "parameters", "reaches"}
    assert first["effect"]["parameters"] == [7, 7]
    assert all(before < after for before, after in [first["effect"]["signal"]])
    (edit,) = first["edits"]
    old = "// bplint: observable = projector(0..n-1)"
    place = {"line": 3, "column": 1, "end_line": 3, "end_column": 42}
    assert edit == {**place, "old": old, "new": "// bplint: observable = mean(Z)"}
    priors = [s["prior"] for f in report["findings"] for s in f["suggestions"] if s["prior"]]
    assert all(prior.keys() == {"group", "generators"} and prior["generators"] for prior in priors)


def test_suggestions_can_be_left_out(folder):
    (report,) = json.loads(run("fidelity.qasm", "--format", "json", "--no-suggest").stdout)["circuits"]
    assert "BP201" in {f["code"] for f in report["findings"]}
    assert not any(f["suggestions"] for f in report["findings"])


def test_suggestions_are_the_same_bytes_for_any_j(folder):
    Path("other.qasm").write_text(Path("fidelity.qasm").read_text().replace("0..n-1", "0..n-2"))
    outputs = {run("fidelity.qasm", "other.qasm", "--format", "json", "-j", j).stdout for j in ("1", "2", "2")}
    assert len(outputs) == 1
    assert '"verified"' in outputs.pop()


def test_several_outputs_at_once(folder):
    result = run("local.qasm", "--format", "full", "--format", "json:out.json")
    assert "1 circuit" in result.output
    assert json.loads(Path("out.json").read_text())["summary"]["circuits"] == 1


def test_the_same_run_prints_the_same_bytes(folder):
    first, second = (run("global.qasm", "local.qasm", "--format", "json").output for _ in range(2))
    assert first == second
    assert run("global.qasm", "--format", "json", "--seed", "1").output != run("global.qasm", "--format", "json").output


def test_profile_has_every_number_and_no_verdict(folder):
    document = json.loads(run("profile", "global.qasm", "--format", "json").output)
    (circuit,) = document["circuits"]
    assert set(circuit["analyses"]) == {
        "deep_limit",
        "dla",
        "entanglement",
        "gradient",
        "locality",
        "loss",
        "structure",
        "symmetry",
    }
    assert circuit["findings"] == []
    assert run("profile", "global.qasm").exit_code == 0
    assert "dla       14 u(1), dim 14, exact\n  class     abelian;" in run("profile", "global.qasm").output


RING = """const int n = 6;
input float g;
input float b;
qubit[n] q;
for int i in [0:n-1] { rzz(g) q[i], q[(i + 1) % n]; }
for int i in [0:n-1] { rx(b) q[i]; }
"""


def test_the_algebra_alone_is_one_line_a_circuit(folder):
    Path("ring.qasm").write_text(HEAD + RING)
    assert run("profile", "--dla", "ring.qasm").output == "5 su(2) + 2 u(1), dim 17, exact\n"
    both = run("profile", "--dla", "ring.qasm", "local.qasm", "-j", "2")
    assert both.output == "ring.qasm: 5 su(2) + 2 u(1), dim 17, exact\nlocal.qasm: 14 u(1), dim 14, exact\n"
    assert both.exit_code == 0
    broken = run("profile", "--dla", "broken.qasm", "local.qasm")
    assert (broken.exit_code, "broken.qasm:4:" in broken.output) == (1, True)
    assert run("profile", "--dla", "ring.qasm", "--format", "json").exit_code == 2


def test_explain_and_rules(folder):
    assert "# BP201 global-observable" in run("explain", "global-observable").output
    assert run("rules").output.startswith("BP001  unreadable")


def test_a_size_is_set_from_the_command_line(folder):
    Path("family.qasm").write_text(
        HEAD + "// bplint: observable = mean(Z)\nconst int n = 2;\ninput array[float, n] a;\nqubit[n] q;\n"
        "for int i in [0:n - 1] { ry(a[i]) q[i]; }\n"
    )
    for arguments, qubits in ((), 2), (("--set", "n=5"), 5):
        document = json.loads(run("family.qasm", *arguments, "--format", "json").output)
        assert [c["n_qubits"] for c in document["circuits"]] == [qubits]
    assert "the file declares no const int or input int of this name" in run("family.qasm", "--set", "m=5").output
    assert "such as n=8" in run("family.qasm", "--set", "n").output


def test_a_file_beside_it_is_included_and_one_outside_is_not(folder):
    Path("sub").mkdir()
    Path("sub/gates.inc").write_text("gate mine(t) q { ry(t) q; }\n")
    text = HEAD + '// bplint: observable = Z0\ninclude "gates.inc";\ninput float a;\nqubit[1] q;\nmine(a) q[0];\n'
    Path("sub/good.qasm").write_text(text)
    Path("sub/bad.qasm").write_text(text.replace("gates.inc", "/etc/passwd"))
    assert run("sub/good.qasm").exit_code == 0
    result = run("sub/bad.qasm")
    assert result.exit_code == 1
    assert "root:" not in result.output


def test_suppression_by_comment(folder):
    text = ansatz("projector(0..n-1)")
    Path("a.qasm").write_text(text.replace("ry(a[0]) q[0];", "ry(a[0]) q[0]; // bplint: ignore[BP301] known"))
    result = run("a.qasm")
    assert result.exit_code == 0
    assert "1 suppressed" in result.output
    Path("b.qasm").write_text("// bplint: ignore-file[BP301, BP201] known\n" + text)
    assert "0 errors, 0 warnings, 0 notes; 0 skipped, 0 inconclusive, 2 suppressed" in run("b.qasm").output
    Path("c.qasm").write_text(ansatz("mean(Z)") + "// bplint: ignore[BP301]\n")
    assert "warning BP002 unused-suppression" in run("c.qasm").output


def test_a_suppression_of_no_rule_is_not_silent(folder):
    Path("a.qasm").write_text("// bplint: ignore-file[BP999] typo\n" + ansatz("mean(Z)"))
    assert "no rule is called BP999" in run("a.qasm").output
    Path("b.qasm").write_text("// bplint: ignore-file[BP301] not run\n" + ansatz("mean(Z)"))
    assert "BP002" not in run("b.qasm", "--select", "BP002,BP203").output


def test_control_characters_do_not_reach_the_terminal(folder):
    Path("evil.qasm").write_text(HEAD + "qubit[1] q;\nfoo\x1b[31m q[0];\n")
    assert "\x1b" not in run("evil.qasm").output


def test_python_m_bplint_is_the_same_command(folder):
    done = subprocess.run([sys.executable, "-m", "bplint", "global.qasm"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "BP301" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"), [(["global.qasm"], 1), (["local.qasm"], 0), (["rules"], 0), (["explain", "BP301"], 0)]
)
def test_a_reader_that_has_seen_enough_changes_no_verdict(folder, arguments, code):
    """The pipe is closed before the first line; files are written all the same."""
    extra = ["--format", "full", "--format", "json:o.json"] if arguments[0].endswith("qasm") else []
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-u", "-m", "bplint", *arguments, *extra]
    result = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (result.returncode, result.stderr) == (code, "")
    assert not extra or json.loads(Path("o.json").read_text())["exit_code"] == code


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
@pytest.mark.parametrize("arguments", [["global.qasm"], ["local.qasm", "--format", "json"], ["rules"]])
def test_a_full_disk_is_one_line(folder, arguments):
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "bplint", *arguments], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert result.returncode == 2
    assert result.stderr == "bplint: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize(
    "place",
    [
        "no/such/folder.json",
        ".",
        pytest.param("/dev/full", marks=pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")),
    ],
)
def test_a_format_that_cannot_be_written_is_one_line_and_the_others_are(folder, place):
    result = run("local.qasm", "--format", f"json:{place}", "--format", "sarif:o.sarif", "--format", "concise")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"bplint: --format json:{place}: ")
    assert result.stderr.count("\n") == 1
    assert "0 errors" in result.stdout
    assert json.loads(Path("o.sarif").read_text())["version"] == "2.1.0"

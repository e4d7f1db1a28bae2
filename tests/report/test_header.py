"""The header names the shots that hold for the circuits of the run, whoever says them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main

QUBIT = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n{}\ninput float a;\nqubit[1] q;\nry(a) q[0];\n'
)


def shots(*arguments, stdin=None):
    output = CliRunner().invoke(main, ["--select", "BP301", *arguments], input=stdin).output
    return output.splitlines()[0].split(" · ")[-2].removesuffix(" shots a component")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "said",
    [
        "// bplint: shots = 250",
        "/* bplint:shots=250 */",
        "#pragma bplint shots 250",
        "pragma bplint shots 250",
        "@bplint.shots 250",
    ],
)
def test_a_file_that_says_its_shots(said):
    Path("x.qasm").write_text(QUBIT.format(said))
    assert shots("x.qasm") == "250"
    assert shots("x.qasm", "--shots", "7") == "7"
    Path("bplint.toml").write_text("shots = 9\n")
    assert shots("x.qasm") == "250"


@pytest.mark.parametrize("said", ["", "// shots = 250", "// bplint: init = range:0.5", "// of bplint, and of shots 5"])
def test_a_file_that_does_not(said):
    Path("x.qasm").write_text(QUBIT.format(said))
    assert shots("x.qasm") == "10,000"
    Path("bplint.toml").write_text("shots = 9\n")
    assert shots("x.qasm") == "9"


def test_files_that_differ():
    for number in (20_000, 3, 500):
        Path(f"{number}.qasm").write_text(QUBIT.format(f"// bplint: shots = {number}"))
    assert shots(".") == "3, 500, 20,000"
    Path("unsaid.qasm").write_text(QUBIT.format(""))
    assert shots(".") == "3 to 20,000"
    assert shots(".", "-k", "unsaid or 500") == "500, 10,000"
    assert shots(".", "-k", "none", "--allow-empty") == "10,000"


def test_standard_input_is_not_read_before_its_time():
    said = QUBIT.format("// bplint: shots = 250")
    assert shots("-", stdin=said) == "10,000 shots a component, unless standard input says otherwise"


def test_a_source_that_cannot_be_read_is_the_runs_affair():
    Path("x.qasm").mkdir()
    assert shots("x.qasm", "--allow-empty") == "10,000"

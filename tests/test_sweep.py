"""Families over their sizes."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main

FAMILIES = Path(__file__).parents[1] / "fixtures" / "families"


def sweep(*arguments, exit_code=0):
    result = CliRunner().invoke(main, ["sweep", *map(str, arguments)])
    assert result.exit_code == exit_code, result.output
    return result.output


def test_qaoa_on_a_ring_grows_as_3n_minus_1():
    """On the triangle C = sin 2b sin g cos g + sin² b sin² g, up to signs: E[(∂C/∂b)²] = 7/16, over R² = 2² (rx on 0 and 1)."""
    output = sweep(FAMILIES / "qaoa_ring.qasm", "--set", "n=3:8")
    assert "dimension  grows as 3n - 1  (exact on n = 3 … 8, 6 sizes)" in output
    assert output.splitlines()[1].split() == ["3", "3", "2", "8", "0.11"]  # 7/64


def test_a_fidelity_loss_decays_exponentially():
    """Var of a component is (1/8)(3/8)^(n-1): log2(3/8) = -1.415 for each qubit."""
    output = sweep(FAMILIES / "parity.qasm", "--set", "n=2:7")
    assert "signal     exponential: 2^(-1.4" in output
    assert "dimension  grows as n  (exact" in output


def test_few_sizes_are_undecided():
    output = sweep(FAMILIES / "parity.qasm", "--set", "n=2:8:2")
    assert "4 sizes, at least 5 are needed" in output
    assert "dimension  grows as n  (exact" in output
    assert "no closed form fits" in sweep(FAMILIES / "qaoa_ring.qasm", "--set", "n=4:6:2")


def test_several_files_are_sizes_by_their_qubits(tmp_path):
    for n in (3, 2):
        lines = "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(n))
        (tmp_path / f"{n}.qasm").write_text(
            f'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput array[float, {n}] a;\nqubit[{n}] q;\n{lines}'
        )
    output = sweep(tmp_path, "--observable", "Z0")
    assert [line.split()[0] for line in output.splitlines()[1:3]] == ["2", "3"]
    (tmp_path / "again.qasm").write_text((tmp_path / "2.qasm").read_text())
    assert "several circuits have one size" in sweep(tmp_path, exit_code=2)


@pytest.mark.parametrize("text", ["n", "n=4", "n=a:b", "n=4:2", "=1:4", "n=1:5:0", "n=1:2:3:4", "n=1:100000"])
def test_what_is_no_family_is_refused(text):
    assert f"--set {text}:" in sweep(FAMILIES / "parity.qasm", "--set", text, exit_code=2)


def test_a_member_that_cannot_be_read_stops_the_sweep():
    assert "qaoa_ring.qasm" in sweep(FAMILIES / "qaoa_ring.qasm", "--set", "m=3:5", exit_code=2)


def test_a_hardware_efficient_family_grows_and_decays():
    output = sweep(FAMILIES / "hea.qasm", "--set", "n=4:14:2")
    assert "dimension  grows as 4^n - 1  (exact on n = 4 … 14, 6 sizes)" in output
    assert "signal     exponential: 2^(-0." in output
    assert "warning BP101 exponential-algebra" in output
    assert "warning BP303 exponential-decay" in output
    assert "error" not in output


def test_what_is_below_the_noise_fails():
    output = sweep(FAMILIES / "parity.qasm", "--set", "n=4:8", "--shots", "100", exit_code=1)
    assert "error BP303 exponential-decay" in output
    sweep(FAMILIES / "parity.qasm", "--set", "n=4:8", "--shots", "100", "--fail-on", "never")
    assert "BP303" not in sweep(FAMILIES / "parity.qasm", "--set", "n=4:8", "--shots", "100", "--ignore", "BP303")


def test_four_sizes_prove_growth_and_no_decay():
    output = sweep(FAMILIES / "hea.qasm", "--set", "n=4:10:2")
    assert "dimension  grows as 4^n - 1" in output
    assert "signal     undecided: 4 sizes, at least 5 are needed" in output
    assert "BP303" not in output


@pytest.mark.parametrize("name", ["matchgates", "ising_chain"])
def test_free_fermions_grow_polynomially_and_are_let_be(name):
    output = sweep(FAMILIES / f"{name}.qasm", "--set", "n=4:14")
    assert "dimension  grows as 2n^2 - n  (exact on n = 4 … 14, 11 sizes)" in output
    assert "signal     polynomial: n^-0." in output
    assert "BP" not in output


def test_qaoa_on_complete_graphs_has_a_polynomial_for_each_parity():
    """Theory, section 3: four coefficients and two sizes to spare; odd n have another one, and take as many sizes."""
    output = sweep(FAMILIES / "qaoa_complete.qasm", "--set", "n=2:12:2")
    assert "dimension  grows as (n^3 + 6n^2 + 2n + 12)/12  (exact on n = 2 … 12, 6 sizes)" in output
    assert "BP303" not in output


def test_a_comment_for_the_whole_file_silences_the_family(tmp_path):
    text = (FAMILIES / "parity.qasm").read_text().replace("input int n", "const int n = 4")
    file = tmp_path / "silenced.qasm"
    file.write_text(f"{text}// bplint: ignore-file[BP303] measured elsewhere\n")
    assert "BP303" not in sweep(file, "--set", "n=4:8", "--shots", "100")
    # In a run over circuits no family rule is asked, and the comment is not called unused.
    assert "BP002" not in CliRunner().invoke(main, [str(file)]).output


def signals(*arguments, **expected):
    rows = sweep(FAMILIES / "parity.qasm", "--set", "n=2:3", *arguments, **expected).splitlines()[1:3]
    return [(row.split()[2], row.split()[4]) for row in rows]


def test_every_option_of_a_lint_holds_for_a_sweep(tmp_path):
    """Signals by hand: ½ E[f²]^(n-1) with f = (1 + λ cos a)/2, so ½ λ² (1/4 + λ²/8)^(n-1); noisy ones are sampled."""
    assert signals() == [("2", "0.19"), ("3", "0.07")]
    assert signals("--noise", "depolarizing:0.5") == [("2", "0.035"), ("3", "0.01")]
    assert [count for count, _ in signals("--data", "a[0]")] == ["1", "2"]
    assert [count for count, _ in signals("--trainable", "a[0:1],a[2]")] == ["2", "3"], "a[2] is there at one size only"
    assert signals("--budget", "5") == signals()
    config = tmp_path / "mine.toml"
    config.write_text('noise = "depolarizing:0.5"\n')
    assert signals("--config", config) == [("2", "0.035"), ("3", "0.01")]
    config.write_text("shots = 100\n")
    assert "error BP303" in sweep(FAMILIES / "parity.qasm", "--set", "n=4:8", "--config", config, exit_code=1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--data", "b*"),
        ("--trainable", "a[7]"),
        ("--init", "b=range:1"),
        ("--shots", "0"),
        ("--budget", "-1"),
        ("--noise", "loud"),
        ("--config", "no/such/file.toml"),
        ("--ignore", "BP001"),
        ("--observable", "Z7"),
    ],
)
def test_bad_options_of_a_sweep_are_bad_usage(arguments):
    sweep(FAMILIES / "parity.qasm", "--set", "n=2:3", *arguments, exit_code=2)


def test_standard_input_is_read_once_for_all_sizes():
    text = (FAMILIES / "parity.qasm").read_text()
    result = CliRunner().invoke(main, ["sweep", "-", "--set", "n=2:4"], input=text)
    assert [line.split()[0] for line in result.output.splitlines()[1:4]] == ["2", "3", "4"]


def product(folder):
    file = folder / "product.qasm"
    file.write_text(
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = mean(Z)\nconst int n = 2;\n'
        "input array[float, n] t;\nqubit[n] q;\nfor int i in [0:n-1] ry(t[i]) q[i];\n"
    )
    return file


def test_numbers_for_programs(tmp_path):
    """A product of n rotations about mean(Z): the algebra is n u(1), the largest signal (1/n²)(1/2) over N(O) = 1/n."""
    rows = list(csv.DictReader(sweep(product(tmp_path), "--set", "n=2:4", "--format", "csv").splitlines()))
    assert [(row["n"], row["qubits"], row["dimension_lower"], row["dimension_upper"]) for row in rows] == [
        (str(n), str(n), str(n), str(n)) for n in (2, 3, 4)
    ]
    for row in rows:
        assert float(row["signal_low"]) <= 1 / (2 * int(row["n"])) * 1.02
        assert float(row["signal"]) == pytest.approx(1 / (2 * int(row["n"])), rel=0.1)
    document = json.loads(sweep(tmp_path / "product.qasm", "--set", "n=2:4", "--format", "json"))
    assert [member["size"] for member in document["families"][0]["members"]] == [2, 3, 4]


def embedding(*arguments, **expected):
    return sweep(FAMILIES / "embedding.qasm", *arguments, **expected)


EXACT = {1: 9 / 32, 2: 1461 / 8192, 3: 0.1200313, 4: 0.0848150}
"""E_x of (⟨X⟩² + ⟨Z⟩²)/2 after L layers RY, RZ, CZ ring on 2L + 1 qubits or more, by the chain of independent angles."""


def test_an_embedding_decays_with_its_depth_and_not_with_its_qubits():
    """The cone of L layers on a ring is 2L + 1 qubits wide: what is beyond does not matter."""
    document = json.loads(embedding("--set", "n=9:21:3", "--set", "L=1:4", "--format", "json"))
    lines = document["families"]
    assert [(line["axis"], line["fixed"]) for line in lines] == [
        *(("n", {"L": layers}) for layers in (1, 2, 3, 4)),
        *(("L", {"n": qubits}) for qubits in (9, 12, 15, 18, 21)),
    ]
    for line in lines[:4]:
        assert line["decay"]["model"] == "constant"
        for member in line["members"]:
            low, high = member["signal_interval"]
            exact = EXACT[line["fixed"]["L"]]
            assert low - 0.02 * exact <= exact <= high + 0.02 * exact
    by_depth = [[member["signal"] for member in line["members"]] for line in lines[4:]]
    by_size = [[member["signal"] for member in line["members"]] for line in lines[:4]]
    assert by_depth == [list(row) for row in zip(*by_size, strict=True)]
    assert len(document["circuits"]) == 20


def test_the_grid_is_a_table_and_a_curve_with_a_verdict_each_way():
    output = embedding("--set", "n=4:12:2", "--set", "L=1:3")
    assert "   n  L = 1  L = 2  L = 3\n   4   0.28   0.18   0.13\n" in output
    along_n, along_depth = output.split("along n\n")[1].split("along L\n")
    assert along_n.count("does not depend on n  (n = 4 … 12, 5 sizes)") == 3
    assert along_depth.count("undecided: 3 sizes, at least 5 are needed") == 5
    assert "n = 12  " in along_depth


def test_a_curve_that_levels_off_says_where():
    """On four qubits the cone of six layers goes around the ring, and it all but stands still on nine."""
    assert "does not depend on n from 9 on  (n = 4 … 29, 6 sizes)" in embedding("--set", "n=4:29:5", "--set", "L=6:6")


def test_a_row_of_numbers_for_each_pair_of_sizes():
    rows = list(csv.DictReader(embedding("--set", "L=1:2", "--set", "n=4:5", "--format", "csv").splitlines()))
    assert [(row["L"], row["n"], row["qubits"]) for row in rows] == [
        ("1", "4", "4"), ("1", "5", "5"), ("2", "4", "4"), ("2", "5", "5"),
    ]  # fmt: skip


def test_one_constant_is_called_by_its_name():
    output = embedding("--set", "L=1:5")
    assert output.startswith("    L  qubits")
    assert "dimension  does not depend on L  (exact on L = 1 … 5, 5 sizes)" in output


@pytest.mark.parametrize("more", [["--set", "n=4:6"], ["--set", "L=1:2", "--set", "m=1:2"], ["--set", "L=0:1"]])
def test_what_is_no_grid_is_refused(more):
    embedding("--set", "n=4:6", *more, exit_code=2)

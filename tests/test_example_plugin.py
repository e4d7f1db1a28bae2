"""The example plugin as a stranger's: found by its metadata, in rules, pages and every format."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plain_pytest import PLAIN

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "plugin"
OVERFULL = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
input array[float[64], 6] a;
qubit[1] q;
ry(a[0]) q[0];
rx(a[1]) q[0];
ry(a[2]) q[0];
rx(a[3]) q[0];
ry(a[4]) q[0];
rx(a[5]) q[0];
"""


@pytest.fixture(scope="module")
def bplint(tmp_path_factory):
    """Runs bplint with the example installed: on the path, with the metadata that an installer would write."""
    folder = tmp_path_factory.mktemp("installed")
    metadata = folder / "bplint_example-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: bplint-example\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[bplint]\nexample = bplint_example\n")
    path = os.pathsep.join([str(folder), str(EXAMPLE)])
    (folder / "over.qasm").write_text(OVERFULL)
    (folder / "deep.qasm").write_text(OVERFULL.replace("ry", "rz"))
    (folder / "two.turns").write_text("qubits 2\nrx 0 a\ncx 0 1\n")
    (folder / "bad.turns").write_text("qubits 2\nturn 0 a\n")

    def run(*arguments, module="bplint"):
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(
            command, cwd=folder, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
        )

    return run


def test_its_rule_is_short_with_its_repair():
    lines = (EXAMPLE / "bplint_example" / "ex101_more_parameters_than_dimensions.py").read_text().splitlines()
    assert len(lines) < 80


def test_it_is_listed_with_its_origin(bplint):
    assert "EX101  more-parameters-than-dimensions" in (listed := bplint("rules").stdout)
    assert "from example (bplint-example 1.0)" in listed
    assert "bplint-example 1.0" in bplint("plugins").stdout
    rows = json.loads(bplint("rules", "--format", "json").stdout)["rules"]
    assert [row["distribution"] for row in rows if row["code"] == "EX101"] == ["bplint-example"]


def test_its_page_is_explained(bplint):
    assert "more parameters than the algebra has dimensions" in bplint("explain", "EX101").stdout


@pytest.mark.parametrize("form", ["full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html"])
def test_its_findings_are_reported(bplint, form):
    output = bplint("over.qasm", "--format", form, "--select", "EX")
    assert output.returncode == 0
    assert "EX101" in output.stdout
    assert "steer an algebra of dimension 3" in output.stdout.replace("\n    ", " ")


def test_its_repair_is_measured_and_carried_out(bplint):
    """On one qubit RZ and RX three times: without the last layer nothing is redundant, and Z0 moves more."""
    report = json.loads(bplint("deep.qasm", "--select", "EX", "--format", "json").stdout)
    ((suggestion,),) = [finding["suggestions"] for finding in report["circuits"][0]["findings"]]
    assert (suggestion["name"], suggestion["verdict"]) == ("fewer-parameters", "verified")
    before, after = suggestion["effect"]["gradient_max"]
    assert after > before > 0
    assert "use 2 layers" in bplint("deep.qasm", "--select", "EX").stdout
    fixed = bplint("fix", "deep.qasm", "--prior", "fewer-parameters", "-o", "-").stdout
    assert [line for line in fixed.splitlines() if "q[0]" in line] == [
        f"r{letter}(a[{k}]) q[0];" for k, letter in enumerate("zxzx")
    ]


def test_its_analysis_stands_in_every_report(bplint):
    report = json.loads(bplint("over.qasm", "--format", "json", "--select", "EX").stdout)
    assert report["circuits"][0]["analyses"]["redundancy"] == {
        "status": "exact",
        "parameters": 6,
        "dimension": 3,
        "surplus": 3,
    }
    assert (
        "redundancy" in json.loads(bplint("profile", "over.qasm", "--format", "json").stdout)["circuits"][0]["analyses"]
    )
    said = "redundancy 3 of 6 parameters to spare (exact)"
    assert said in bplint("profile", "over.qasm").stdout
    assert said in bplint("over.qasm", "-v", "--select", "EX").stdout


def test_its_importer_and_its_format_are_used(bplint):
    output = bplint("two.turns", "--format", "table", "--select", "BP104,BP001")
    assert output.stdout.splitlines() == ["\t\t\texit\t0"]
    output = bplint("bad.turns", "--format", "table")
    assert output.stdout.splitlines() == ["bad.turns\t2\tBP001\terror\tthere is no gate 'turn'", "\t\t\texit\t1"]


def test_its_own_tests_pass(bplint):
    done = bplint("-q", str(EXAMPLE / "tests"), *PLAIN, "-c", os.devnull, module="pytest")
    assert done.returncode == 0, done.stdout


def test_it_can_be_left_out(bplint):
    assert "EX101" not in bplint("rules", "-p", "no:example").stdout
    assert bplint("over.qasm", "-p", "no:example", "--select", "EX").returncode == 2

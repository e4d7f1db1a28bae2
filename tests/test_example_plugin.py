"""The example plugin as a stranger's: found by its metadata, in rules, pages and every format."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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

    def run(*arguments):
        command = [sys.executable, "-m", "bplint", *arguments]
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


@pytest.mark.parametrize("form", ["full", "concise", "json", "sarif", "github"])
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


def test_it_can_be_left_out(bplint):
    assert "EX101" not in bplint("rules", "-p", "no:example").stdout
    assert bplint("over.qasm", "-p", "no:example", "--select", "EX").returncode == 2

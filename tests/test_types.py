"""What users' programs say of types: the code of the manual passes pyright, and so do the types of what bplint hands out."""

import json
import re
import subprocess
import sys

import pytest

from paths import ROOT

FILE = re.compile(r"<!-- file: (\S+\.py) -->\n```\w*\n(.*?)```", re.DOTALL)
SETTINGS = {
    "typeCheckingMode": "standard",
    "reportOperatorIssue": False,  # Cirq's Z(a) * Z(b)
    "reportUnnecessaryTypeIgnoreComment": True,
}
TYPES = """
from typing import assert_type

import bplint
from bplint.finding import Finding, Suggestion
from bplint.runs.run_report import Report


@bplint.circuit(sizes=[4], observable="mean(Z)")
def builder(n: int) -> object:
    return n


report = bplint.lint([builder(4), builder(5)], observable=["Z0", "Z1"], select="BP101", shots=100)
assert_type(report, Report)
assert_type(report.findings, list[Finding])
assert_type(report.findings[0].suggestions, tuple[Suggestion, ...])
assert_type(report.ok(), bool)
assert_type(report.to_dicts()[0].keys() & {"id"}, set[str])
assert_type(bplint.lint_family(builder, [4, 5]), Report)
assert_type(bplint.profile(builder(4), 0.3, argnum=0, data=["x*"]), Report)
assert_type(bplint.assert_trainable(builder(4), observable="Z0", unsettled="pass"), Report)
repaired = bplint.repair(builder(4), prior="u1", observable="Z0", shots=100)
also = report.findings[0].suggestions[0].circuit()
bplint.lint(repaired, shots="many")  # pyright: ignore[reportArgumentType]
bplint.lint(also, sed=3)
bplint.lint_family(builder, [4], sed=3)  # pyright: ignore[reportCallIssue]
report.to_dict()  # pyright: ignore[reportAttributeAccessIssue]
"""


def test_the_code_of_the_manual_and_the_types_of_what_is_handed_out(tmp_path):
    pytest.importorskip("pyright")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for name, code in FILE.findall(page.read_text()):
            (tmp_path / page.stem).mkdir(exist_ok=True)
            (tmp_path / page.stem / name).write_text(code)
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "handed_out.py").write_text(TYPES)
    folders = [folder.name for folder in tmp_path.iterdir()]
    environments = [{"root": name} for name in folders]  # files of one page import each other
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(SETTINGS | {"executionEnvironments": environments}))
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    if not done.stdout.startswith("{"):
        pytest.skip(f"pyright cannot be run here: {done.stderr.strip()[-200:]}")
    told = json.loads(done.stdout)
    ours = [
        one for one in told["generalDiagnostics"] if "choice" not in one["message"]
    ]  # NumPy's own stubs want no functions
    assert [f"{one['file']}: {one['message']}" for one in ours] == []
    assert told["summary"]["filesAnalyzed"] > 5

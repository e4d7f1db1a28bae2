"""What a finding says in a Python file."""

import json
from pathlib import Path

from click.testing import CliRunner

from bplint.cli import main
from bplint.errors import Span
from bplint.finding import Hit, Severity, sign
from bplint.runs.in_python import in_python
from python_builders import FAMILY, HEAD


def finding(**hit):
    told = Hit("m.", **hit)
    return sign(told, code="BP201", name="n", severity=Severity.NOTE, path="a.py", case_id="a.py::f")


def test_places_and_advice():
    head, gate = Span(7, 1, 7, 9), Span(3, 5, 3, 9)
    advice = ("say it:  // bplint: shots = 20", "else\n// bplint: init = normal:0.1\nand so on", "no comment")
    whole, one = in_python([finding(help=advice), finding(span=gate)], head)
    assert (whole.span, one.span) == (head, gate)
    assert whole.hit.help == (
        "say it:  @bplint.circuit(shots=20)",
        'else\n@bplint.circuit(init="normal:0.1")\nand so on',
        "no comment",
    )
    assert whole.fingerprint == finding(help=advice).fingerprint


def test_a_run_speaks_of_the_decorator(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(HEAD + FAMILY)
    arguments = ["a.py", "--exec", "--no-cache", "--no-suggest", "--select", "BP201", "--format", "json"]
    document = json.loads(CliRunner().invoke(main, arguments).stdout)
    (found,) = [f for circuit in document["circuits"] for f in circuit["findings"]]
    assert 'observable="mean(Z)"' in str(found["help"])
    assert "// bplint" not in str(found)

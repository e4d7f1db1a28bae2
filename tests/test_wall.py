"""Plugins that are broken in every way: each failure is named, everything else is reported, the exit code is 3."""

import json
import os
import subprocess
import sys

import pytest

BROKEN = '''
"""Rules that fail, and an analysis whose name is taken."""
import numpy as np
from bplint.analyses import analysis
from bplint.finding import Hit, Kind, Severity
from bplint.rule import rule

BPLINT_API = 1

@rule("BR101", "raising", Severity.NOTE, kind=Kind.EXACT, since="1.0")
def raising(case, ask):
    return 1 / 0

@rule("BR102", "a-string", Severity.NOTE, kind=Kind.EXACT, since="1.0")
def string(case, ask):
    yield "a string"

@rule("BR103", "wrong-signature", Severity.NOTE, kind=Kind.EXACT, since="1.0")
def signature(case):
    yield Hit("never")

@rule("BR104", "not-finite", Severity.NOTE, kind=Kind.EXACT, since="1.0")
def infinite(case, ask):
    yield Hit("m", evidence={"share": float("nan")})

@rule("BR105", "of-numpy", Severity.NOTE, kind=Kind.EXACT, since="1.0")
def numpy(case, ask):
    yield Hit("m", evidence={"share": np.float64(0.5)})

@rule("BR106", "sound", Severity.NOTE, kind=Kind.EXACT, since="1.0")
def sound(case, ask):
    yield Hit("This is sound.")

@analysis("dla", in_profile=True)
def dla(case, ask):
    return 1

def bplint_rules():
    return [raising, string, signature, infinite, numpy, sound]

def bplint_analyses():
    return [dla]
'''
TORN = '''
"""An importer, a format and an analysis that fail, and rules that ask for the analysis."""
from bplint.analyses import analysis
from bplint.finding import Hit, Kind, Severity
from bplint.importers.program import Importer
from bplint.plugins import Reporter
from bplint.rule import rule

BPLINT_API = 1

@analysis("torn", in_profile=True)
def torn(case, ask):
    """Torn."""
    return [][0]

def asking(code, name):
    @rule(code, name, Severity.NOTE, kind=Kind.EXACT, since="1.0")
    def check(case, ask):
        yield Hit(str(ask(torn)))
    return check

def bplint_rules():
    return [asking("TN101", "first-asking"), asking("TN102", "second-asking")]

def bplint_analyses():
    return [torn]

def bplint_importers():
    return [Importer("odd", (".odd",), lambda text, *, path, overrides: text)]

def bplint_reporters():
    return [Reporter("odd", "fails", lambda report, exit_code, verbosity: None)]
'''
HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\ninput float a;\nqubit[1] q;\n'


@pytest.fixture
def bplint(tmp_path):
    """Runs bplint in a folder with two circuits, the given plugin installed."""
    (tmp_path / "dead.qasm").write_text(HEAD + "rz(a) q[0];\n")
    (tmp_path / "fine.qasm").write_text(HEAD + "ry(a) q[0];\n")
    site = tmp_path / ".site"
    site.mkdir()

    def run(name, code, *arguments):
        (site / f"{name}.py").write_text(code)
        metadata = site / f"{name}_dist-1.0.dist-info"
        metadata.mkdir(exist_ok=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-dist\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[bplint]\n{name} = {name}\n")
        command = [sys.executable, "-m", "bplint", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(site)}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    return run


def document(done):
    """The JSON of a run, which must be JSON."""

    def refuse(constant):
        raise AssertionError(constant)

    return json.loads(done.stdout, parse_constant=refuse)


def test_six_failures_are_named_and_nothing_else_is_lost(bplint):
    one = bplint("broken", BROKEN, ".", "--format", "json")
    assert one.returncode == 3, one.stderr
    found = document(one)
    assert {(f["part"], f["name"]) for f in found["failures"]} == {
        *(("rule", f"BR10{i}") for i in range(1, 6)),
        ("analysis", "dla"),
    }
    assert {(f["plugin"], f["distribution"]) for f in found["failures"]} == {("broken", "broken-dist 1.0")}
    said = {f["name"]: f["lines"][-1] for f in found["failures"]}
    assert said["BR101"] == "ZeroDivisionError: division by zero"
    assert "want Hit objects from a rule, got str" in said["BR102"]
    assert "takes 1 positional argument but 2 were given" in said["BR103"]
    assert said["BR104"] == "evidence['share']: want a finite number, got nan"
    assert said["BR105"] == "evidence['share']: want plain data, got numpy.float64"
    assert "analysis dla is provided twice" in said["dla"]
    assert found["exit_code"] == 3
    assert found["summary"]["failed"] == len(found["failures"]) == 2 * 5 + 1
    circuits = [f["circuit"] for f in found["failures"] if f["part"] == "rule"]
    assert circuits == ["dead.qasm"] * 5 + ["fine.qasm"] * 5
    without = document(bplint("broken", BROKEN, ".", "--format", "json", "-p", "no:broken"))
    assert without["failures"] == []
    for mine, theirs in zip(found["circuits"], without["circuits"], strict=True):
        assert [f for f in mine["findings"] if f["code"] != "BR106"] == theirs["findings"]
        assert [f["message"] for f in mine["findings"] if f["code"] == "BR106"] == ["This is sound."]
        assert mine["analyses"] == theirs["analyses"]
    assert bplint("broken", BROKEN, ".", "--format", "json", "-j", "2").stdout == one.stdout


@pytest.mark.parametrize("form", ["full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html"])
def test_every_format_names_every_failure(bplint, form):
    done = bplint("broken", BROKEN, ".", "--format", form)
    assert done.returncode == 3
    for name in ("BR101", "BR102", "BR103", "BR104", "BR105", "dla"):
        assert name in done.stdout
    assert "ZeroDivisionError: division by zero" in done.stdout
    assert "BP104" in done.stdout
    if form in ("full", "concise", "github"):
        assert "11 failed" in done.stdout
    if form == "sarif":
        (invocation,) = document(done)["runs"][0]["invocations"]
        assert invocation["executionSuccessful"] is False
        assert sum(n["level"] == "error" for n in invocation["toolExecutionNotifications"]) == 11


def test_an_analysis_that_fails_is_named_once_and_its_rules_could_not_tell(bplint):
    found = document(bplint("torn", TORN, "fine.qasm", "--format", "json"))
    (failure,) = found["failures"]
    assert (failure["part"], failure["name"], failure["plugin"]) == ("analysis", "torn", "torn")
    assert failure["lines"][-1] == "IndexError: list index out of range"
    assert found["circuits"][0]["analyses"]["torn"] == {"status": "inconclusive", "reason": "analysis torn failed"}
    done = bplint("torn", TORN, "profile", ".", "--format", "json")
    assert done.returncode == 3
    assert all({"dla", "loss", "torn"} <= set(circuit["analyses"]) for circuit in document(done)["circuits"])


def test_an_importer_that_fails_leaves_the_other_files(bplint, tmp_path):
    (tmp_path / "b.odd").write_text("odd")
    done = bplint("torn", TORN, ".", "--format", "json", "--select", "BP")
    found = document(done)
    assert done.returncode == 3
    assert len(found["circuits"]) == 2
    (failure,) = found["failures"]
    assert (failure["part"], failure["name"], failure["circuit"]) == ("importer", "odd", "./b.odd")
    assert failure["lines"] == ["want a Program from an importer, got str"]
    assert [finding["code"] for finding in found["unreadable"]] == ["BP001"]


def test_a_format_that_fails_leaves_the_others_and_what_was_found(bplint, tmp_path):
    done = bplint("torn", TORN, "dead.qasm", "--select", "BP", "--format", "odd", "--format", "json:out.json")
    assert done.returncode == 3
    assert "BP104" in done.stderr
    assert "format odd of plugin torn (torn-dist 1.0) failed: want a string from a format, got NoneType" in done.stderr
    found = json.loads((tmp_path / "out.json").read_text())
    assert (found["exit_code"], found["summary"]["failed"]) == (3, 1)
    assert found["failures"][0]["name"] == "odd"


def test_a_plugin_that_cannot_be_loaded_leaves_the_others(bplint):
    done = bplint("gone", "import nonsense_that_is_not_there\n", ".", "--format", "json")
    assert done.returncode == 3
    found = document(done)
    assert [finding["code"] for finding in found["circuits"][0]["findings"]].count("BP104") == 1
    (failure,) = found["failures"]
    assert (failure["part"], failure["name"], failure["circuit"]) == ("plugin", "gone", None)
    assert "No module named 'nonsense_that_is_not_there'" in failure["lines"][-1]
    assert "gone" in bplint("gone", "BPLINT_API = 2\n", "plugins").stderr


def test_a_fault_of_bplint_itself_says_so_and_loses_nothing(bplint):
    """The plugin breaks bplint's own code for one file, where no wall is."""
    code = (
        "import bplint.runs.one_source as home\nBPLINT_API = 1\nfirst = home.prepare\n"
        "def prepare(program, settings, *, path, **more):\n"
        "    assert 'fine' not in path, 'torn apart'\n"
        "    return first(program, settings, path=path, **more)\n"
        "home.prepare = prepare\n"
    )
    done = bplint("evil", code, ".", "--format", "full")
    assert done.returncode == 3
    assert "BP104" in done.stdout
    assert "bplint failed, and this is a bug in it: please report it with the lines below" in done.stdout
    assert "AssertionError: torn apart" in done.stdout

"""The machine output and its JSON Schema, docs/bplint-1.schema.json: every output keeps to it, and every value is described."""

import copy
import json
import os

import pytest
from jsonschema import Draft202012Validator

from bplint.config import Settings
from bplint.plugins import load
from bplint.report.json import write
from bplint.run import lint_text
from paths import ROOT
from runs_once import invoke

SCHEMA = json.loads((ROOT / "docs" / "bplint-1.schema.json").read_text(encoding="utf-8"))
VERDICTS = sorted(json.loads((ROOT / "fixtures" / "verdicts" / "index.json").read_text(encoding="utf-8")))
DEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\ninput float a;\nqubit[1] q;\nrz(a) q[0];\n'


def parts(schema):
    """Every schema in a schema."""
    if isinstance(schema, dict):
        yield schema
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from parts(inner)


def strict():
    """The schema that also refuses what it does not describe."""
    schema = copy.deepcopy(SCHEMA)
    for part in parts(schema):
        if isinstance(part.get("properties"), dict):
            part.setdefault("additionalProperties", False)
    return Draft202012Validator(schema)


STRICT = strict()


def check(document):
    faults = [f"{list(fault.absolute_path)}: {fault.message[:200]}" for fault in STRICT.iter_errors(document)]
    assert not faults, faults[:5]


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def findings(document):
    places = [*document["circuits"], *document.get("families", ())]
    return [*document["unreadable"], *(found for place in places for found in place["findings"])]


def machine(*arguments):
    return json.loads(invoke(*arguments, "--format", "json").stdout)


@pytest.mark.parametrize("name", VERDICTS)
def test_the_output_for_every_verdict_fixture_is_described(name):
    check(machine(f"fixtures/verdicts/{name}.qasm"))


def test_so_is_every_number_of_a_profile_and_a_family():
    check(machine("profile", "fixtures/verdicts/one_ry_small.qasm", "fixtures/repairs/xxz8.qasm"))
    check(machine("sweep", "fixtures/families/qaoa_ring.qasm", "--set", "n=3:5"))


@pytest.mark.parametrize("rule", [rule for rule in load().rules if rule.bad], ids=lambda rule: rule.code)
def test_so_is_what_each_rule_finds(rule):
    example = rule.bad[0]
    report = lint_text(
        example.source, Settings(suggest=rule.offer), rules=[rule], sizes=example.sizes, before=example.before
    )
    document = json.loads(write(report, 1))
    assert rule.code in {found["code"] for found in findings(document)}
    check(document)


def test_so_is_what_cannot_be_read_and_what_a_baseline_no_longer_has(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.qasm").write_text("OPENQASM 3.0;\nnonsense;\n")
    (tmp_path / "dead.qasm").write_text(DEAD)
    check(machine("bad.qasm"))
    invoke("dead.qasm", "--write-baseline")
    (tmp_path / "dead.qasm").write_text(DEAD.replace("rz(a)", "ry(a)"))
    later = machine("dead.qasm", "--baseline", ".bplint-baseline.json")
    assert later["gone"]
    check(later)


def test_the_schema_is_one_and_says_of_every_value_what_it_is():
    Draft202012Validator.check_schema(SCHEMA)
    for part in parts(SCHEMA):
        for name, value in part["properties"].items() if isinstance(part.get("properties"), dict) else ():
            told = value.get("description") or SCHEMA["$defs"][os.path.basename(value["$ref"])]["description"]
            assert told.endswith("."), name


@pytest.mark.parametrize(
    "spoil",
    [
        lambda report: report.pop("summary"),
        lambda report: report.update(more=1),
        lambda report: report["circuits"][0].update(n_qubits="2"),
        lambda report: report["circuits"][0]["context"].pop("shots"),
        lambda report: report["circuits"][0]["findings"][0].update(severity="fatal"),
        lambda report: report["circuits"][0]["analyses"].update(mine={}),
    ],
)
def test_what_is_missing_or_wrong_is_refused(spoil):
    report = machine("fixtures/verdicts/alike5.qasm")
    check(report)
    spoil(report)
    assert not STRICT.is_valid(report)


ROWS = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
// bplint: data = x
// bplint: dataset = 0.3,1; 1.2,-1; -0.4,1
// bplint: loss = LOSS
input float x;
input float w;
qubit[1] q;
ry(x) q[0];
ry(w) q[0];
"""


@pytest.mark.parametrize("loss", ["linear", "mse", "sigmoid:2", "cross-entropy:0.1", "cross-entropy"])
def test_so_is_a_loss_over_rows(tmp_path, loss):
    (tmp_path / "rows.qasm").write_text(ROWS.replace("LOSS", loss))
    document = machine("profile", str(tmp_path / "rows.qasm"))
    check(document)
    assert document["circuits"][0]["context"]["rows"] == 3

"""SARIF against the official schema, on every fixture."""

import json
from pathlib import Path

import jsonschema
import pytest

from bplint.config import Settings
from bplint.finding import Verdict
from bplint.report import sarif
from bplint.run import lint, lint_text
from repair_texts import hardware_efficient

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "fixtures" / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
SMALL = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
input float a;
input float b;
qubit[1] q;
/* é */ ry(a) q[0];
rz(b) q[0];
"""


def log_of(report):
    log = json.loads(sarif.write(report, 1))
    jsonschema.validate(log, SCHEMA)
    return log["runs"][0]


def test_the_schema_refuses_what_is_wrong():
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": "2.1.0", "runs": [{"results": []}]}, SCHEMA)


def test_fixtures_pass_the_official_schema():
    folders = [ROOT / "fixtures" / "verdicts", ROOT / "fixtures" / "hostile" / "qasm2"]
    report = lint([str(folder) for folder in folders], Settings(select=("BP00", "BP1", "BP2"), budget=1, suggest=False))
    run = log_of(report)
    assert len(run["results"]) == len(report.findings) > 20
    assert {result["level"] for result in run["results"]} >= {"error", "warning", "note"}


def test_a_finding_has_its_place_its_rule_and_a_fingerprint_without_line_numbers():
    run = log_of(lint_text(SMALL, name="my dir/x%.qasm"))
    (result,) = [r for r in run["results"] if r["ruleId"] == "BP203"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20dir/x%25.qasm"
    assert place["region"] == {"startLine": 8, "startColumn": 1, "endLine": 8, "endColumn": 12}
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (rule["id"], rule["name"]) == ("BP203", "DeadParameter")
    assert rule["helpUri"] == "https://example.org/bplint/rules/BP203/"
    assert "# BP203 dead-parameter" in rule["help"]["markdown"]
    later = log_of(lint_text("\n\n" + SMALL, name="my dir/x%.qasm"))
    assert [r["partialFingerprints"] for r in later["results"]] == [r["partialFingerprints"] for r in run["results"]]


def test_an_unreadable_file_is_a_result():
    run = log_of(lint_text("OPENQASM 3.0;\nqubit q\n"))
    assert [result["ruleId"] for result in run["results"]] == ["BP001"]


def test_what_could_not_be_told_is_a_notification():
    run = log_of(lint_text("OPENQASM 3.0;\nqubit q;\n"))
    notifications = run["invocations"][0]["toolExecutionNotifications"]
    assert notifications
    assert all("no trainable parameter" in n["message"]["text"] for n in notifications)


def test_verified_suggestions_are_fixes_and_others_are_not():
    """The replacements, carried out, are the edits; a CRLF file and one with letters beyond ASCII before the place."""
    from bplint.rewrite import apply

    loss = " + ".join(f"X{q} X{q + 1} + Y{q} Y{q + 1} + 0.5*Z{q} Z{q + 1}" for q in range(5))
    text = hardware_efficient(6, 8, loss, head="// bplint: shots = 100\n/* é */ // θ\n")
    for end in ("\n", "\r\n"):
        source = text.replace("\n", end)
        report = lint_text(source, name="a b.qasm")
        suggestions = {(f.code, s.order): s for f in report.findings for s in f.suggestions}
        fixed = [(r["ruleId"], fix) for r in log_of(report)["results"] for fix in r.get("fixes", ())]
        assert len(fixed) == sum(s.verdict is Verdict.VERIFIED for s in suggestions.values()) > 0
        for code, fix in fixed:
            (change,) = fix["artifactChanges"]
            assert change["artifactLocation"]["uri"] == "a%20b.qasm"
            offsets = [0]
            for line in source.splitlines(keepends=True):
                offsets.append(offsets[-1] + len(line))
            after = source
            for one in reversed(change["replacements"]):
                region = one["deletedRegion"]
                begin = offsets[region["startLine"] - 1] + region["startColumn"] - 1
                finish = offsets[region["endLine"] - 1] + region["endColumn"] - 1
                after = after[:begin] + one["insertedContent"]["text"] + after[finish:]
            assert after == apply(source, suggestions[code, fix["description"]["text"]].edits) != source

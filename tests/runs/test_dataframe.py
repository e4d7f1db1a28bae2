"""Data frames: the numbers of the machine output, a row each."""

import json
import sys
from dataclasses import replace

import pytest

from bplint.config import Settings
from bplint.errors import UsageError
from bplint.run import lint_text
from bplint.testing.formats import finished
from html_pages import GUESS, PRODUCT


@pytest.fixture(scope="module")
def report():
    return lint_text(GUESS, Settings(suggest=False))


def test_circuits_are_those_of_the_machine_output(report):
    frame = report.to_dataframe()
    (row,) = frame.to_dict("records")
    (told,) = json.loads(report.to_json())["circuits"]
    gradient, dla = told["analyses"]["gradient"], told["analyses"]["dla"]
    assert (row["circuit"], row["n_qubits"], row["n_parameters"]) == (
        told["id"],
        told["n_qubits"],
        told["n_parameters"],
    )
    assert (row["signal"], row["signal_lower"], row["signal_upper"]) == (
        gradient["signal"], gradient["signal_lower"], gradient["signal_upper"],
    )  # fmt: skip
    assert (row["dimension_lower"], row["dimension_upper"]) == (dla["lower"], dla["upper"])
    assert [row[s] for s in ("errors", "warnings", "notes")] == [
        sum(f["severity"] == s for f in told["findings"]) for s in ("error", "warning", "note")
    ]
    assert row["observable"] == "Z3"


def test_parameters_are_those_of_the_machine_output(report):
    rows = report.to_dataframe("parameters").to_dict("records")
    (told,) = json.loads(report.to_json())["circuits"]
    assert [(r["parameter"], r["line"], r["signal"], r["second_moment"], r["dead"]) for r in rows] == [
        (p["name"], p["line"], p["signal"], p["second_moment"], p["dead"])
        for p in told["analyses"]["gradient"]["parameters"]
    ]


def test_findings_of_every_kind_have_a_row():
    whole = finished()
    family = lint_text(PRODUCT, Settings(suggest=False), sizes=range(3, 12))
    whole = replace(whole, families=family.families)
    frame = whole.to_dataframe("findings")
    assert list(zip(frame["code"], frame["line"].fillna(0), strict=True)) == [
        (f.code, f.span.line if f.hit.span else 0) for f in whole.findings
    ]
    assert list(frame["circuit"])[-1] == family.families[0].family.id
    assert len(whole.to_dataframe()) == 1


def test_an_empty_report_has_the_columns(report):
    empty = replace(report, entries=())
    assert list(empty.to_dataframe().columns) == list(report.to_dataframe().columns)
    assert len(empty.to_dataframe("findings")) == 0


def test_bad_rows_and_no_pandas_are_refused(report, monkeypatch):
    with pytest.raises(UsageError, match="rows: want circuits, findings, parameters, got 'all'"):
        report.to_dataframe("all")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match="pip install pandas"):
        report.to_dataframe()

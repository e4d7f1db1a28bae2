"""The labelled corpus: no error without a plateau, few plateaus missed, and an index that says what the files are."""

import json
import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "fixtures" / "corpus"
ROWS = json.loads((CORPUS / "index.json").read_text(encoding="utf-8"))


TOLD = ("plateau", "dead", "small")
"""Verdicts that bplint has to speak of."""

LONG = ("planted_parity", "brick_global", "uploads8", "uploads10", "zz_full8_1_100_mse")
"""Families of circuits that take up to ten seconds each."""

FEW = {"planted_parity14_0", "planted_parity14_2", "brick_global20_1"}
"""Those of them that are linted here."""


def _is_quick(row):
    """Deep circuits take seconds each; ``benchmarks/corpus.py`` runs them all."""
    if row["name"].startswith(LONG):
        return row["name"] in FEW
    return (CORPUS / row["file"]).stat().st_size < 8_000 and not row["file"].startswith("literature/")


def test_every_circuit_has_a_row():
    files = {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*.qasm")}
    assert files == {row["file"] for row in ROWS}
    assert len(ROWS) >= 300
    assert len({row["name"] for row in ROWS}) == len(ROWS)


@pytest.mark.slow
def test_the_roads_to_the_truth_agree(monkeypatch):
    """State vectors, sampled paths and the closed form, on circuits that have all three."""
    monkeypatch.syspath_prepend(CORPUS)
    import families
    import truth

    compared = 0
    for row in families.products():
        if row.model.terms and row.model.n <= 6:
            for known in (truth.by_states(row.model), truth.by_paths(row.model, 40_000)):
                assert abs(known.signal - row.closed) < 5 * known.error + 0.02 * row.closed
                compared += 1
    assert compared >= 8
    for name in ("families", "truth", "circuits"):
        sys.modules.pop(name)


@pytest.mark.slow
def test_errors_are_right_and_planted_plateaus_are_found():
    corpus = runpy.run_path(str(ROOT / "benchmarks" / "corpus.py"))
    quick = [row for row in ROWS if _is_quick(row)]
    told = [row for row in quick if row["verdict"] in TOLD]
    chosen = told + [row for row in quick if row["verdict"] not in TOLD][::12]
    assert sum(row["verdict"] == "plateau" for row in chosen) >= 12
    every = [corpus["outcome"](row) for row in chosen]
    assert [o.row["name"] for o in every if o.is_wrong] == []
    figures = corpus["summary"](every)
    assert figures["recall of untied plateaus"] >= 0.95
    assert figures["recall of errors"] >= 0.95


def test_rules_of_data_say_what_is_due_and_nothing_else():
    corpus = runpy.run_path(str(ROOT / "benchmarks" / "corpus.py"))
    rows = [row for row in ROWS if "due" in row and _is_quick(row)]
    assert len(rows) >= 40
    assert {code for row in rows for code in row["due"]} == corpus["DATA"]
    every = [corpus["outcome"](row) for row in rows]
    assert [(o.row["name"], o.of_data) for o in every if o.is_off or o.is_wrong] == []


def test_the_truth_of_data_is_told_by_a_theorem_where_there_is_one(monkeypatch):
    """Behind RY rows and one trained RY the signal of a row is 1/2; XOR has no labels on single qubits; RZ keeps |0>."""
    monkeypatch.syspath_prepend(CORPUS)
    import data_families
    import data_truth

    rows = {row.name: row for row in data_families.data_rows()}
    told = {
        name: rows[name].truth(rows[name].model) for name in ("xor2_linear_apart", "xor2_mse_joined", "unseen4_phase")
    }
    assert told["xor2_linear_apart"].due == ("BP403", "BP404")
    assert told["xor2_mse_joined"].due == ()
    assert told["unseen4_phase"].due == ("BP403",)
    model = rows["product4_linear"].model._replace(
        ops=tuple(op for op in rows["product4_linear"].model.ops[:8]), labels=None
    )
    known = data_truth.of_gradient(model._replace(rows=model.rows[:1])).known
    assert abs(known.signal - 0.5) < 4 * known.error
    for name in ("families", "truth", "circuits", "data_families", "data_models", "data_truth"):
        sys.modules.pop(name, None)

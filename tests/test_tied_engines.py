"""Some of the circuits on which ``benchmarks/engines.py`` compares every engine for tied parameters with dense states."""

import pytest

from paths import ROOT

EVERY = {
    "reachable states",
    "superpositions",
    "Dicke states",
    "visible strings",
    "quadrature",
    "module of strings",
    "module of matrix units",
    "module of superpositions",
    "module of Dicke states",
    "module of visible strings",
    "all that answer agree",
}


@pytest.mark.parametrize("first", [0, 1156])
def test_every_engine_is_right(monkeypatch, first):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    from engines import compare

    rows = compare(first, 30)
    assert set(rows) == EVERY
    assert not any(row.wrong for row in rows.values())
    assert min(row.circuits for row in rows.values()) >= 4

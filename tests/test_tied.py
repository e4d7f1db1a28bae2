"""Every circuit of ``fixtures/tied`` is decided by a whole lint, within work that a few seconds stand for."""

import json

import pytest

from bplint.config import Settings
from bplint.run import lint_text
from paths import FIXTURES

EXACT = json.loads((FIXTURES / "tied" / "table.json").read_text())["exact"]
CIRCUITS = sorted(path.stem for path in (FIXTURES / "tied").glob("*.qasm"))


@pytest.mark.parametrize("name", CIRCUITS)
def test_every_circuit_is_decided(name):
    text = (FIXTURES / "tied" / f"{name}.qasm").read_text(encoding="utf-8")
    (entry,) = lint_text(text, Settings(suggest=False, budget=10.0)).circuits
    gradient = entry.analyses["gradient"].as_json()
    assert gradient["status"] in ("exact", "estimated")
    assert not gradient.get("reason")
    if name.endswith("meanz"):
        assert [f.code for f in entry.findings if f.code == "BP104"] == ["BP104"]
        return
    assert not [f for f in entry.findings if f.code in ("BP104", "BP301")]
    if gradient["status"] == "exact" and name in EXACT:
        found = [row["second_moment"] for row in gradient["parameters"]]
        assert found == pytest.approx(EXACT[name]["grad_second"], rel=1e-9)

"""Every verdict fixture against its known truth and its expected output. `python tests/test_fixtures.py` rewrites the outputs."""

import json
import re
from pathlib import Path

import pytest

from runs_once import invoke

ROOT = Path(__file__).parents[1]
VERDICTS = ROOT / "fixtures" / "verdicts"
EXPECTED = ROOT / "fixtures" / "expected"
TRUTH = json.loads((VERDICTS / "index.json").read_text())


def printed(name):
    result = invoke(f"fixtures/verdicts/{name}.qasm", "-v")
    return re.sub(r"in \d+\.\d s ──", "in … s ──", result.output), result.exit_code


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "130")


@pytest.mark.parametrize("name", TRUTH)
def test_verdict_and_output(name):
    output, code = printed(name)
    assert code == TRUTH[name]["exit"]
    assert set(re.findall(r"^\S+: (?:error|warning|note) (BP\d+)", output, re.M)) == set(TRUTH[name]["fires"])
    assert output == (EXPECTED / f"{name}.txt").read_text()


if __name__ == "__main__":
    import os

    os.chdir(ROOT)
    os.environ |= {"COLUMNS": "130", "BPLINT_NO_CACHE": "1"}
    EXPECTED.mkdir(exist_ok=True)
    for verdict in TRUTH:
        (EXPECTED / f"{verdict}.txt").write_text(printed(verdict)[0])

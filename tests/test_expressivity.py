"""The study of expressive and symmetric circuits: its simulator against matrices, and a corner of it from the command line."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bplint.importers.qasm import read
from samples import unitary_of

STUDY = Path(__file__).parents[1] / "examples" / "expressivity"


@pytest.fixture
def study(monkeypatch):
    """Its modules, which import each other by their plain names."""
    for name in ("circuits", "simulator"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(STUDY))
    import circuits
    import simulator

    yield circuits, simulator
    for name in ("circuits", "simulator"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("again", [False, True], ids=["features first", "re-uploading"])
@pytest.mark.parametrize("n", [2, 4])
@pytest.mark.parametrize("kind", ["unstructured", "symmetric", "matchgates"])
def test_values_are_those_of_the_openqasm_and_gradients_their_differences(kind, n, again, study):
    circuits, simulator = study
    model, rng = circuits.Model(kind, n, 2, again), np.random.default_rng(n)
    found = simulator.Simulator(model, single=False)
    theta, x = rng.uniform(0, 6, (2, found.parameters)), rng.uniform(-2, 2, (2, 3, 2))
    values, gradient = found.values_and_gradient(theta, x, np.cos)
    circuit = read(circuits.openqasm(model)).circuit
    for start in range(2):
        angles = {f"t[{k}]": angle for k, angle in enumerate(theta[start])}
        for row in range(3):
            point = angles | {f"x[{k}]": feature for k, feature in enumerate(x[start, row])}
            state = unitary_of(circuit, point)[:, 0]
            assert values[start, row] == pytest.approx(np.abs(state) ** 2 @ found.observable, abs=1e-9)
    for k in range(found.parameters):
        step = np.zeros_like(theta)
        step[:, k] = 1e-5
        ahead, behind = (np.sin(found.values(theta + s, x)).sum(axis=1) for s in (step, -step))
        assert gradient[:, k] == pytest.approx((ahead - behind) / 2e-5, abs=1e-7)


@pytest.mark.slow
def test_a_corner_of_the_study(tmp_path):
    """Twice: the second run has nothing left to do, and writes the same."""
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    run = [sys.executable, str(STUDY / "study.py"), "--quick", "--folder", str(tmp_path), "--jobs", "1"]
    subprocess.run(run, check=True, capture_output=True, timeout=300)
    tables = (tmp_path / "tables.md").read_bytes()
    results = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    for result in results:
        if result["what"] == "signal":
            assert result["signal"] == pytest.approx(result["measured"], abs=5 * result["error"], rel=0.05)
    subprocess.run(run, check=True, capture_output=True, timeout=60)
    assert (tmp_path / "tables.md").read_bytes() == tables
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == len(results)
    assert (tmp_path / "signals.svg").stat().st_size > 1000

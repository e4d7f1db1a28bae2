"""The check of ``examples/training``: its circuits can be read, and its smallest part runs."""

import subprocess
import sys

from bplint.config import Settings
from bplint.run import lint_text
from paths import ROOT

FOLDER = ROOT / "examples" / "training"


def test_every_model_is_a_circuit_with_a_loss_of_its_own():
    sys.path.insert(0, str(FOLDER))
    from losses import losses

    found = list(losses())
    assert len(found) >= 20
    assert len({model.name for model in found}) == len(found)
    for model in found:
        (read,) = lint_text(model.source, Settings(select=("BP104",), suggest=False)).circuits
        assert read.case.circuit.n_qubits == model.n_qubits
        assert len(read.case.context.observable.terms) > 1


def test_the_smallest_part_of_it_runs():
    done = subprocess.run(
        [sys.executable, FOLDER / "train.py", "--quick"], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert len(rows) > 2
    assert "0 verified repairs end below" in done.stdout

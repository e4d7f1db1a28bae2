"""Second moments of gradients against PennyLane's own, on a small sample; benchmarks/qnodes.py takes 2,000 starts of all."""

import pytest

pytest.importorskip("pennylane")
pytest.importorskip("qiskit")

from qnode_moments import deviations, ours  # both frameworks are there
from qnode_twins import TWINS

BY_NAME = {twin.name: twin for twin in TWINS}
CHOSEN = (
    "strongly entangling", "re-uploading", "MaxCut", "double excitation", "UCCSD", "FermionicSWAP", "controlled Rot",
    "inverse", "scaled and shifted weights", "sums of weights", "all weights trained",
)  # fmt: skip


@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")  # of autograd
@pytest.mark.parametrize("name", CHOSEN)
def test_second_moments_are_those_of_pennylanes_gradients(name):
    found = deviations(BY_NAME[name], 120)
    assert found
    assert max(found.values()) < 4.5


def test_functions_of_weights_have_no_law_and_no_moments():
    assert ours(BY_NAME["functions of weights"]) is None

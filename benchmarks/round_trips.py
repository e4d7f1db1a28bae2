"""Hands back random repairs of random circuits of each framework, and compares every one with a matrix.

    python benchmarks/round_trips.py [COUNT]

Circuits, repairs and checks are those of ``tests/exporters``: the repaired object is read again as the rewritten circuit, and its
framework's own matrix at random angles is that circuit's, built by other means.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "exporters"))

import test_to_cirq
import test_to_pennylane
import test_to_qiskit

from handed_back import random_repairs


def main(count: int) -> None:
    warnings.filterwarnings("ignore")  # of exponentials of sparse matrices
    for module, call in ((test_to_qiskit, None), (test_to_cirq, None), (test_to_pennylane, test_to_pennylane.CALL)):
        begin = time.process_time()
        done = sum(1 for _ in random_repairs(7, count, module.some_circuit, module.matrix_of, call))
        seconds = time.process_time() - begin
        print(f"{module.__name__.removeprefix('test_to_')}: {done} repairs are what was measured, {seconds:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)

"""PennyLane's circuits: how fast they are read, and whether the gradients are PennyLane's own.

    python benchmarks/qnodes.py reading
    python benchmarks/qnodes.py gradients [STARTS]

Reading is compared with Qiskit's ``efficient_su2``, written as a QNode and as a tape; times are processor times, the best of
five. Gradients are those of the circuits in tests/qnode_twins.py, differentiated by PennyLane at random starts; exit code 1 if
the second moment of one is more than four standard errors away.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

FURTHEST = 4.0


def main() -> int:
    parser = argparse.ArgumentParser(description="Reading of PennyLane's circuits, and their gradients.")
    parser.add_argument("what", choices=("reading", "gradients"))
    parser.add_argument("starts", type=int, nargs="?", default=2000)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    return reading() if asked.what == "reading" else gradients(asked.starts)


def reading(n: int = 1000, reps: int = 20) -> int:
    """RY and RZ on every qubit, then a chain of CX, so often."""
    import pennylane as qml
    from qiskit.circuit.library import efficient_su2

    from bplint.importers.call import Call
    from bplint.importers.from_pennylane import from_pennylane
    from bplint.importers.from_qiskit import from_qiskit

    def function(w: Any) -> Any:
        for layer in range(reps + 1):
            for q in range(n):
                qml.RY(w[layer, 0, q], q)
            for q in range(n):
                qml.RZ(w[layer, 1, q], q)
            if layer < reps:
                for q in reversed(range(n - 1)):
                    qml.CNOT([q, q + 1])
        return qml.expval(qml.Z(0))

    node, weights = qml.QNode(function, qml.device("default.qubit")), qml.numpy.ones((reps + 1, 2, n))

    def queued() -> Any:
        with qml.queuing.AnnotatedQueue() as queue:
            function(np.ones(weights.shape))
        return queue

    tape, circuit = qml.tape.QuantumScript.from_queue(queued()), efficient_su2(n, reps=reps)
    rows: dict[str, Callable[[], object]] = {
        "Qiskit circuit, read": lambda: from_qiskit(circuit),
        "tape, read": lambda: from_pennylane(tape),
        "QNode, read": lambda: from_pennylane(node, None, Call((weights,))),
        "of that, PennyLane makes the operations": queued,
    }
    print("| what | seconds |\n|---|---|")
    for name, call in rows.items():
        print(f"| {name} | {min(seconds(call) for _ in range(5)):.2f} |", flush=True)
    return 0


def seconds(call: Callable[[], object]) -> float:
    """Of one run, without the collector."""
    gc.collect()
    gc.disable()
    begin = time.process_time()
    call()
    took = time.process_time() - begin
    gc.enable()
    return took


def gradients(starts: int) -> int:
    from qnode_moments import deviations
    from qnode_twins import TWINS

    count, far, worst, untold = 0, 0, 0.0, []
    for twin in TWINS:
        found = deviations(twin, starts)
        if found is None:
            untold.append(twin.name)
            continue
        count, far = count + len(found), far + sum(z > FURTHEST for z in found.values())
        worst = max([worst, *found.values()])
        print(
            f"{twin.name}: {len(found)} weights, at most {max(found.values(), default=0.0):.2f} standard errors",
            flush=True,
        )
    print(
        f"{count} weights of {len(TWINS) - len(untold)} circuits, {starts:,} starts: at most {worst:.2f}; {far} beyond {FURTHEST:g}"
    )
    print(f"not measured: {', '.join(untold)}")
    return 1 if far else 0


if __name__ == "__main__":
    sys.exit(main())

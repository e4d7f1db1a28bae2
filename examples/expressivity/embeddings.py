"""Embeddings of features, a feature a qubit, before one layer of trainable rotations: how much of the gradient they leave.

The families of figure 4 of arXiv:2110.14753, as OpenQASM: the features are independent and uniform on a period, and every
layer repeats them.
"""

from __future__ import annotations

EMBEDDINGS = ("product", "hardware-efficient", "IQP", "re-uploading")


def embedded(kind: str, n: int, layers: int) -> str:
    """``layers`` of the embedding on ``n`` qubits, RY of weights, and Z of the middle qubit as the loss."""
    ring = [(q, (q + 1) % n) for q in range(n)]
    weights = [f"ry(w[{q}]) q[{q}];" for q in range(n)]
    body: list[str] = []
    count = n
    for layer in range(layers):
        if kind == "product":
            body += [f"ry(x[{q}]) q[{q}];" for q in range(n)]
        elif kind == "IQP":
            body += [f"h q[{q}];" for q in range(n)] + [f"rz(x[{q}]) q[{q}];" for q in range(n)]
            body += [f"rzz(x[{a}]*x[{b}]) q[{a}], q[{b}];" for a, b in ring]
        else:
            body += [f"ry(x[{q}]) q[{q}]; rz(x[{q}]) q[{q}];" for q in range(n)]
            body += [f"cz q[{a}], q[{b}];" for a, b in ring]
        if kind == "re-uploading":
            body += [f"ry(w[{n * (layer + 1) + q}]) q[{q}];" for q in range(n)]
            count += n
    return (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z{n // 2}\n// bplint: data = x*\n'
        f"input array[float[64], {n}] x;\ninput array[float[64], {count}] w;\nqubit[{n}] q;\n"
        + "\n".join([*body, *weights])
        + "\n"
    )

"""What is asked about kernels: embeddings, and how their overlaps are asked for."""

from bplint.analyses.ask import Ask
from bplint.ir.law import Init, parse_init
from bplint.ir.loss_function import parse_loss_function
from cases import case
from samples import circuit


def asked(c, law="uniform", rows=None, loss="kernel", data=("x*",), **more):
    found = case(c, "Z0", data=data)
    context = found.context._replace(loss=parse_loss_function(loss), rows=rows, init=Init(data=parse_init(law)), **more)
    return Ask(found._replace(context=context))


def product(n, gate="ry"):
    return circuit(n, [(gate, [q], f"x{q}") for q in range(n)])


def hardware_efficient(n, layers):
    gates = []
    for layer in range(layers):
        gates += [("ry", [q], f"x{layer}_{q}") for q in range(n)] + [("cz", [q, (q + 1) % n]) for q in range(n)]
    return circuit(n, gates)

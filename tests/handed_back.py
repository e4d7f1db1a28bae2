"""Random repairs of a circuit of a framework: what is handed back, beside the matrix of the circuit that it has to be."""

import numpy as np

import dense
from bplint.exporters import Original
from bplint.importers.call import Call
from bplint.importers.objects import read_object
from bplint.ir.observable import parse
from bplint.ir.trainable import select
from bplint.repairs.read_again import is_same_in_order
from bplint.rewrite import Refused, equivariant, rewritten, shallower, without
from bplint.rewrite.elimination import eliminated
from rewriting import priors


def some_rewrite(rng, circuit):
    """One that is not refused, of any kind; None where the draw is unlucky."""
    n, used = circuit.n_qubits, [p for p, is_used in enumerate(circuit.used()) if is_used]
    drawn = rng.random()
    if drawn < 0.7:
        prior = priors(n)[rng.integers(len(priors(n)))]
        made = equivariant(circuit, prior, parse("Z0 Z1", n), mixed=bool(rng.random() < 0.4))
    elif drawn < 0.8:
        made = without(circuit, sorted({int(g) for g in rng.integers(len(circuit.gates), size=3)}))
    elif drawn < 0.9:
        made = shallower(circuit, 1)
    else:
        made = eliminated(circuit, {int(p) for p in rng.choice(used, 2)}, {used[0]: 0.25})
    return None if isinstance(made, Refused) or not (made.changes or made.start) else made


def random_repairs(seed, count, some_circuit, matrix_of, call=None):
    """So many random circuits, each with what is handed back of it after a random repair; each is checked."""
    rng, done = np.random.default_rng(seed), 0
    while done < count:
        original = some_circuit(rng)
        made = assert_handed_back(rng, original, matrix_of, call=call)
        if made is not None:
            done += 1
            yield original, made


def assert_handed_back(rng, original, matrix_of, rewrite=None, call=None):
    """The repaired object, checked against the rewritten circuit at random angles; None if it may be refused and is.

    ``matrix_of(object, values)`` is the framework's own matrix, qubit 0 leftmost, at values by name.
    """
    circuit, _ = select(read_object(original, None, call).program.circuit)
    rewrite = rewrite or some_rewrite(rng, circuit)
    if rewrite is None:
        return None
    made = Original(original, lambda _: None, call or Call()).rewritten(circuit, rewrite)
    assert not isinstance(made, Refused), made.reason
    wanted = rewritten(circuit, rewrite)
    again = read_object(made.circuit(), None, call).program.circuit
    assert is_same_in_order(again, wanted)
    for _ in range(2):
        given = {name: rng.uniform(-3, 3) for p in wanted.parameters for name in p.sources or (p.name,)}
        curved = {
            p.name: eval(p.name, {"__builtins__": {}}, given | {"t": _Array(given)})
            for p in wanted.parameters
            if p.sources
        }
        want, got = dense.unitary(wanted, given | curved), matrix_of(made.circuit(), given)
        overlap = np.vdot(want, got)
        np.testing.assert_allclose(got * abs(overlap) / overlap, want, atol=1e-8)
    return made.circuit()


class _Array:
    """``t[3]`` by name."""

    def __init__(self, values):
        self._values = values

    def __getitem__(self, k):
        return self._values[f"t[{k}]"]

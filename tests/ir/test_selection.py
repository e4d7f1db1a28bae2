import numpy as np

from bplint.ir.selection import some_operations
from dense_rows import states
from samples import circuit


def test_the_operations_kept_do_what_they_did():
    c = circuit(2, [("h", [0]), ("ry", [1], "x"), ("cx", [0, 1]), ("rz", [0], [(2.0, "y"), 0.1])])
    some = some_operations(c, [0, 1, 3])
    alone = circuit(2, [("h", [0]), ("ry", [1], "x"), ("rz", [0], [(2.0, "y"), 0.1])])
    point = {"x": np.array([0.3]), "y": np.array([1.1])}
    assert np.allclose(states(some, point), states(alone, point))
    assert some.parameters == c.parameters

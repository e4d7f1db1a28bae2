"""Exact moments by propagation: as they are answered, and those of a case without an interval."""

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.propagation.moments import sparse_moments
from bplint.bounds import Status
from bplint.ir.law import Init
from bplint.ir.noise import Noise
from bplint.ir.observable import parse


def run(c, observable, init=Init(), noise=Noise(), alive=None, **effort):  # noqa: B008  immutable
    loss = parse(observable, c.n_qubits) if isinstance(observable, str) else observable
    return sparse_moments(Problem.of(c, loss, init, noise)._replace(alive=alive), Effort(**effort))


def exact(c, observable, init=Init(), noise=Noise()):  # noqa: B008  immutable
    found = run(c, observable, init, noise)
    assert found.status is Status.EXACT
    return found

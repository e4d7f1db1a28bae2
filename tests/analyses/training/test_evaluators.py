"""Which evaluator is taken, and from how many starts."""

import pytest

from bplint.analyses.training.evaluators import choose
from bplint.analyses.training.gaussian import GaussianLoss, gaussian_loss
from bplint.analyses.training.states import StatesLoss
from bplint.ir.frame import frame
from bplint.ir.observable import parse
from evaluating import ready
from samples import circuit

TURN = tuple(("rz", [q], f"b{q}") for q in range(4))
HOP = tuple(("rxx", [q, q + 1], f"a{q}") for q in range(3))
LOSS = parse("Z0 Z1 + X1 X2", 4)


def chosen(gates, work=10**9, n=4):
    c = circuit(n, list(gates))
    loss = LOSS._replace(n_qubits=n) if n == 4 else parse("Z0", n)
    return choose(frame(c), ready(c, loss)[1].groups, loss, work)


def test_free_fermions_on_their_modes_and_all_else_on_states():
    assert isinstance(chosen([*TURN, *HOP]).loss, GaussianLoss)
    assert chosen([*TURN, *HOP]).make is gaussian_loss
    assert isinstance(chosen([*TURN, *HOP, ("rzz", [0, 1], "c")]).loss, StatesLoss)


def test_as_many_starts_as_the_work_allows():
    starts = [chosen([*TURN, *HOP], 10**power).starts for power in range(5, 10)]
    assert starts == sorted(starts)
    assert (starts[0], starts[-1]) == (0, 12)


def test_too_many_states_and_no_free_fermions():
    gates = [gate for q in range(13) for gate in (("rx", [q], f"x{q}"), ("rz", [q], f"z{q}"), ("rx", [q], f"y{q}"))]
    assert chosen([*gates, *(("cz", [q, q + 1]) for q in range(12))], n=13) is None


@pytest.mark.parametrize("n", [4])
def test_the_first_that_is_fast_enough(n):
    slow = chosen([*TURN, *HOP], 1)
    assert isinstance(slow.loss, StatesLoss)
    assert slow.starts == 0

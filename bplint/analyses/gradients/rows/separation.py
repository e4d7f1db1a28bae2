"""What random angles keep apart: products of strings, followed back by linear algebra over GF(2).

Strings P_a, P_b, … stand for <P_a> in row i, <P_b> in row j and so on. A uniform angle that turns one rotation, the same in all
rows, averages to zero each product that anticommutes with its axis, and leaves the others as they are. Any other rotation, about
G, takes a product D to D and DG: by data each string is turned by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.turns import RowTurn
from bplint.ir.pauli import LinearSpan


def averages(problem: Problem, turn: RowTurn) -> bool:
    """Whether the angle is uniform and the same in all rows."""
    laws, parameters = problem.laws, problem.circuit.parameters
    return not turn.varies and any(laws.law(parameters[p]).is_uniform for p, _ in turn.random)


def keeps_apart(problem: Problem, strings: Sequence[int], steps: Iterable[RowTurn]) -> bool:
    """Whether pairs of different strings, to which these come on their way back through the steps, all average to zero.

    ``strings`` are the terms of the loss in the frame. Then the second moment is that of single strings.
    """
    n = problem.frame.n_qubits
    products = LinearSpan(string ^ strings[0] for string in strings[1:])
    for turn in steps:
        if averages(problem, turn):
            products.keep_commuting(turn.axis, n)
        elif not products.add(turn.axis):
            return False  # branches may come back to what is counted: interference
    return not len(products)


def odd_moments_vanish(problem: Problem, strings: Sequence[int], steps: Iterable[RowTurn]) -> bool:
    """Whether E[l_i l_j l_k …] over an odd number of rows, alike or not, is zero, whatever the rows; also with one derivative
    each in place of an even number of them.

    It is if no product of an odd number of terms is left: a bit above the string counts them.
    """
    n = problem.frame.n_qubits
    odd = 1 << 2 * n
    products = LinearSpan(odd | string for string in strings)
    for turn in steps:
        if averages(problem, turn):
            products.keep_commuting(turn.axis, n)
        else:
            products.add(turn.axis)
    return not any(product & odd for product in products)

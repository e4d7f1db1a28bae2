"""The algebra of a circuit repeated for ever: the closure under the circuit's total Clifford as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bplint.analyses.dla.pauli.classify import PauliAlgebra, classify

_WORK = 5_000_000
"""Budget: bits set in the images and axes handled, and 64 for each of these. A unit takes about a microsecond."""


def close_under(
    axes: Iterable[int], step: Callable[[int], int], n_qubits: int, *, max_rounds: int
) -> PauliAlgebra | None:
    """The smallest Lie algebra that contains i times the axes and is mapped into itself by ``step``.

    ``step`` is the action of a Clifford C on Pauli strings: linear over GF(2), signs dropped. With the total Clifford
    of a circuit this is the limit of Lie(S), Lie(S ∪ CS), Lie(S ∪ CS ∪ C²S), … Exact; the ``axes`` of the result are
    some strings that generate it. None if ``max_rounds`` rounds, each of more steps than the one before, or the budget
    of work do not reach the limit, as where long strings have a very long orbit of commuting images.
    """
    algebra = classify(axes, n_qubits)
    budget = _WORK
    # C Lie(G) = Lie(CG): it is enough to map strings that generate, each once. The frontier is those not yet mapped.
    frontier = list(algebra.core)
    for doublings in range(max_rounds):
        if not frontier or algebra.is_full:
            break
        # Several steps at once where that is cheap: a string more does no harm, a round more costs a classification.
        reach = max(1, 2 * n_qubits // len(frontier)) << doublings
        fresh: dict[int, None] = {}
        ends = []
        for string in frontier:
            image = string
            for _ in range(reach):
                image = step(image)
                budget -= 64 + image.bit_count()
                if budget < 0:
                    return None
                if image in fresh or algebra.contains(image):
                    break
                fresh[image] = None
            else:
                ends.append(image)
        algebra = classify([*algebra.core, *fresh], n_qubits)
        budget -= sum(64 + string.bit_count() for string in algebra.axes)
        core = set(algebra.core)
        frontier = [string for string in ends if string in core]
    return algebra if algebra.is_full or not frontier else None

"""Why a set of Pauli strings is not free fermions: a few of them that are not, and of which none can be spared.

Every subset of a free-fermion set is one as well. So whoever wants to make a set free-fermion by leaving strings out has to
leave out a member of *each* obstruction, and one obstruction, of about six strings, lists all candidates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bplint.analyses.dla.pauli.classify import classify
from bplint.ir.pauli import Anticommutation, ones


def obstruction(strings: Sequence[int], n_qubits: int) -> tuple[int, ...]:
    """A minimal subset whose algebra is not of free-fermion type; empty if that of all strings is."""
    chosen: list[int] = []
    pool = sorted(strings, key=int.bit_count)  # among the short ones there often is one, and they take less time
    while not chosen or _is_free(chosen, n_qubits):
        # Of the shortest prefix that makes it fail the last string cannot be spared, and what follows is not needed.
        size = _shortest(chosen, pool, n_qubits)
        if size > len(pool):
            return ()
        chosen.append(pool[size - 1])
        pool = list(_outward(chosen[-1], pool[: size - 1], n_qubits))
    return tuple(chosen)


def is_free(strings: Sequence[int], n_qubits: int) -> bool:
    """Whether all strings are free fermions. Asks the short ones first: where they are not, that is soon known."""
    ordered, size = sorted(strings, key=int.bit_count), 64
    while size < len(ordered):
        if not _is_free(ordered[:size], n_qubits):
            return False
        size *= 2
    return _is_free(ordered, n_qubits)


def _is_free(strings: Sequence[int], n_qubits: int) -> bool:
    return all(component.free_fermion for component in classify(strings, n_qubits).components)


def _shortest(chosen: list[int], pool: list[int], n_qubits: int) -> int:
    """The length of the shortest prefix of the pool that is not free-fermion together with what is chosen.

    One more than the pool has if all of it is.
    """
    low, high = 0, 1  # it is more than low, and at most high
    while _is_free(chosen + pool[:high], n_qubits):
        if high >= len(pool):
            return len(pool) + 1
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if _is_free(chosen + pool[:middle], n_qubits):
            low = middle
        else:
            high = middle
    return high


def _outward(start: int, pool: Sequence[int], n_qubits: int) -> Iterator[int]:
    """The pool by distance from a string in the anticommutation graph, so that short prefixes do; the unconnected last."""
    near = Anticommutation(n_qubits, pool)
    reached = near.row(start)
    order = list(ones(reached))
    for position in order:
        fresh = near.row(near.strings[position]) & ~reached
        reached |= fresh
        order.extend(ones(fresh))
    yield from (near.strings[position] for position in order)
    yield from (string for position, string in enumerate(near.strings) if not reached >> position & 1)

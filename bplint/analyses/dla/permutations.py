"""Qubit permutations that leave every generator as it is, and one representative for each orbit of strings.

Elements of the algebra are then invariant too, so an element is known by its coefficients on one string of each orbit.
Recognised are products of symmetric groups on classes of interchangeable qubits, and otherwise the cyclic or dihedral
group of a ring, whatever order its qubits are numbered in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from bplint.ir.pauli import ones, support

Terms: TypeAlias = Mapping[int, int]
"""A generator: Pauli string -> coefficient."""


class Symmetry(NamedTuple):
    """A group by its name, and the map from a string to the representative of its orbit."""

    name: str
    representative: Callable[[int], int]


def symmetry(generators: Sequence[Terms], n_qubits: int) -> Symmetry | None:
    """The largest group among those recognised that fixes each generator; None if only the identity does."""
    classes = _interchangeable(generators, n_qubits)
    if any(len(members) > 1 for members in classes):
        names = [f"S_{len(members)}" for members in classes if len(members) > 1]
        return Symmetry(" × ".join(names), _by_counts(classes, n_qubits))
    order = _ring(generators, n_qubits)
    if order is None:
        return None
    turned = [order[1:] + order[:1], order[::-1]]
    if not _fixes(_relabelling(order, turned[0]), generators, n_qubits):
        return None
    dihedral = _fixes(_relabelling(order, turned[1]), generators, n_qubits)
    return Symmetry(f"{'D' if dihedral else 'C'}_{n_qubits}", _by_turning(order, n_qubits, dihedral=dihedral))


def _interchangeable(generators: Sequence[Terms], n: int) -> list[list[int]]:
    """Classes of qubits any two of which may be swapped. Swapping is an equivalence, so one member stands for a class."""
    classes: dict[object, list[list[int]]] = defaultdict(list)
    for qubit, signature in enumerate(_signatures(generators, n)):
        for members in classes[signature]:
            if _fixes({qubit: members[0], members[0]: qubit}, generators, n):
                members.append(qubit)
                break
        else:
            classes[signature].append([qubit])
    return [members for group in classes.values() for members in group]


def _signatures(generators: Sequence[Terms], n: int) -> list[object]:
    """What a permutation has to keep of each qubit: how often it carries which letter, in which generator and company."""
    found: list[Counter[object]] = [Counter() for _ in range(n)]
    for g, terms in enumerate(generators):
        for string, coefficient in terms.items():
            on = support(string, n)
            for q in ones(on):
                letter = string >> q & 1 | (string >> q + n & 1) << 1
                found[q][g, letter, on.bit_count(), coefficient] += 1
    return [frozenset(counter.items()) for counter in found]


def _fixes(relabelling: Mapping[int, int], generators: Sequence[Terms], n: int) -> bool:
    """Whether moving qubit q to ``relabelling[q]`` (others stay) leaves every generator as it is."""
    moved = sum(1 << q for q in relabelling)
    both = moved | moved << n
    for terms in generators:
        for string, coefficient in terms.items():
            if string & both and terms.get(_moved(string, relabelling, n)) != coefficient:
                return False
    return True


def _moved(string: int, relabelling: Mapping[int, int], n: int) -> int:
    result = 0
    for bit in ones(string):
        q, part = bit % n, bit - bit % n
        result |= 1 << relabelling.get(q, q) + part
    return result


def _relabelling(order: Sequence[int], turned: Sequence[int]) -> dict[int, int]:
    return dict(zip(order, turned, strict=True))


def _ring(generators: Sequence[Terms], n: int) -> list[int] | None:
    """The qubits in the order of a ring that the two-qubit terms form; None if they do not."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for terms in generators:
        for string in terms:
            on = list(ones(support(string, n)))
            if len(on) == 2:
                neighbours[on[0]].add(on[1])
                neighbours[on[1]].add(on[0])
    if n < 3 or len(neighbours) != n or any(len(near) != 2 for near in neighbours.values()):
        return None
    order = [0, min(neighbours[0])]
    while len(order) < n:
        (following,) = neighbours[order[-1]] - {order[-2]}
        if following == 0:
            return None  # several rings
        order.append(following)
    return order


def _by_counts(classes: Sequence[Sequence[int]], n: int) -> Callable[[int], int]:
    """The letters of each class sorted onto its qubits: X first, then Y, Z, I."""
    single = sum(1 << members[0] for members in classes if len(members) == 1)
    kept = single | single << n
    # prefix[i] holds the first i qubits of a class.
    several = [
        (sum(1 << q for q in m), [sum(1 << q for q in m[:i]) for i in range(len(m) + 1)]) for m in classes if len(m) > 1
    ]

    def representative(string: int) -> int:
        x, z = string & (1 << n) - 1, string >> n
        result = string & kept
        for mask, prefix in several:
            has_x, has_z = (x & mask).bit_count(), (z & mask).bit_count()
            has_y = (x & z & mask).bit_count()
            # x bits on the first has_x qubits; z bits so that has_y of them lie below, at the end of the x bits.
            result |= prefix[has_x] | (prefix[has_x - has_y + has_z] ^ prefix[has_x - has_y]) << n
        return result

    return representative


def _by_turning(order: Sequence[int], n: int, *, dihedral: bool) -> Callable[[int], int]:
    """The least string among all rotations, and reflections where these are symmetries too."""
    place = {q: i for i, q in enumerate(order)}
    back = dict(enumerate(order))
    full = (1 << n) - 1

    def rotations(x: int, z: int) -> tuple[int, int]:
        best = (x, z)
        for _ in range(n - 1):
            x, z = (x << 1 & full) | x >> n - 1, (z << 1 & full) | z >> n - 1
            best = min(best, (x, z))
        return best

    def representative(string: int) -> int:
        along = _moved(string, place, n)
        x, z = along & full, along >> n
        best = rotations(x, z)
        if dihedral:
            best = min(best, rotations(_reversed(x, n), _reversed(z, n)))
        return _moved(best[0] | best[1] << n, back, n)

    return representative


def _reversed(mask: int, n: int) -> int:
    return int(f"{mask:0{n}b}"[::-1], 2)

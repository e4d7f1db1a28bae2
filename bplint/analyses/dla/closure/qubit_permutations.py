"""Qubit permutations that leave every generator as it is, and one representative for each orbit of strings.

Elements of the algebra are then invariant too, so an element is known by its coefficients on one string of each orbit.
Recognised are products of symmetric groups on classes of interchangeable qubits, and otherwise the cyclic or dihedral
group of a ring, whatever order its qubits are numbered in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import comb, prod
from typing import NamedTuple

from bplint.ir.pauli import PauliSum, ones, support

"""A generator: Pauli string -> coefficient."""


class QubitSymmetry(NamedTuple):
    """A group by its name, and the map from a string to the representative of its orbit.

    ``classes`` are the sets of qubits that may be permuted freely, where the group is a product of symmetric groups.
    """

    name: str
    representative: Callable[[int], int]
    classes: Sequence[Sequence[int]] = ()


def symmetry(generators: Sequence[PauliSum[float]], n_qubits: int) -> QubitSymmetry | None:
    """The largest group among those recognised that fixes each generator; None if only the identity does."""
    classes = interchangeable(generators, n_qubits)
    if any(len(members) > 1 for members in classes):
        names = [f"S_{len(members)}" for members in classes if len(members) > 1]
        return QubitSymmetry(" × ".join(names), _by_counts(classes, n_qubits), classes)
    order = _ring(generators, n_qubits)
    if order is None:
        return None
    turned = [order[1:] + order[:1], order[::-1]]
    if not fixes(_relabelling(order, turned[0]), generators, n_qubits):
        return None
    dihedral = fixes(_relabelling(order, turned[1]), generators, n_qubits)
    return QubitSymmetry(f"{'D' if dihedral else 'C'}_{n_qubits}", _by_turning(order, n_qubits, dihedral=dihedral))


def placings(string: int, around: int, classes: Sequence[Sequence[int]], n: int) -> list[tuple[int, int]]:
    """The orbit of ``string`` falls apart once only permutations that fix ``around`` are left: a string of each part, its size.

    Of a class of qubits it matters how many of those with the same letter in ``around`` get which letter.
    """
    orbit, kept = [(0, 1)], string
    for members in classes:
        if len(members) == 1:
            continue  # it keeps its letter, and most may be so
        mask = sum([1 << q for q in members])
        kept &= ~(mask | mask << n)
        letters = Counter(_letter(string, q, n) for q in members)
        blocks: dict[int, list[int]] = defaultdict(list)
        for q in members:
            blocks[_letter(around, q, n)].append(q)
        here = list(_placings([(k, letters[k]) for k in (1, 2, 3) if letters[k]], [*blocks.values()], n))
        orbit = [(string | part, size * ways) for string, size in orbit for part, ways in here]
    return [(kept | part, size) for part, size in orbit]


def _placings(letters: Sequence[tuple[int, int]], blocks: Sequence[Sequence[int]], n: int) -> Iterator[tuple[int, int]]:
    """All ways to give the qubits of the blocks so many of each letter: (string, number of ways like it)."""
    if not letters:
        yield 0, 1
        return
    (letter, count), *rest = letters
    for shares in product(*(range(min(count, len(block)) + 1) for block in blocks)):
        if sum(shares) != count:
            continue
        mask = sum(1 << q for block, share in zip(blocks, shares, strict=True) for q in block[:share])
        placed = (letter & 1) * mask | (letter >> 1) * mask << n
        ways = prod(comb(len(block), share) for block, share in zip(blocks, shares, strict=True))
        left = [block[share:] for block, share in zip(blocks, shares, strict=True)]
        for others, more in _placings(rest, left, n):
            yield placed | others, ways * more


def _letter(string: int, qubit: int, n: int) -> int:
    return string >> qubit & 1 | (string >> qubit + n & 1) << 1


def interchangeable(generators: Sequence[PauliSum[float]], n_qubits: int) -> list[list[int]]:
    """Classes of qubits any two of which may be swapped. Swapping is an equivalence, so one member stands for a class."""
    signatures, near = _signatures(generators, n_qubits), _company(generators, n_qubits)
    classes: list[list[int]] = []
    alike: dict[object, list[list[int]]] = defaultdict(list)
    for qubit, signature in enumerate(signatures):
        # Qubits that may be swapped meet the same others, and each other or not.
        keys = (signature, near[qubit]), (signature, near[qubit] | 1 << qubit)
        for members in (members for key in keys for members in alike.get(key, ())):
            if fixes({qubit: members[0], members[0]: qubit}, generators, n_qubits):
                members.append(qubit)
                break
        else:
            classes.append([qubit])
            for key in keys:
                alike[key].append(classes[-1])
    return classes


def _signatures(generators: Sequence[PauliSum[float]], n: int) -> list[object]:
    """What a permutation has to keep of each qubit: how often it carries which letter, in which generator and company."""
    counts: list[Counter[object]] = [Counter() for _ in range(n)]
    for g, terms in enumerate(generators):
        for string, coefficient in terms.items():
            on = support(string, n)
            for q in ones(on):
                letter = string >> q & 1 | (string >> q + n & 1) << 1
                counts[q][g, letter, on.bit_count(), coefficient] += 1
    return [frozenset(counter.items()) for counter in counts]


def _company(generators: Sequence[PauliSum[float]], n: int) -> list[int]:
    """For each qubit the mask of the others that strings have it act together with."""
    neighbours = [0] * n
    for terms in generators:
        for string in terms:
            on = support(string, n)
            for q in ones(on):
                neighbours[q] |= on ^ 1 << q
    return neighbours


def fixes(relabelling: Mapping[int, int], generators: Sequence[PauliSum[float]], n: int) -> bool:
    """Whether moving qubit q to ``relabelling[q]`` (others stay) leaves every generator as it is."""
    qubits = sum(1 << q for q in relabelling)
    both = qubits | qubits << n
    for terms in generators:
        for string, coefficient in terms.items():
            if string & both and terms.get(moved(string, relabelling, n)) != coefficient:
                return False
    return True


def moved(string: int, relabelling: Mapping[int, int], n: int) -> int:
    """The string with the letter of qubit q on qubit ``relabelling[q]``; qubits that are not in it stay."""
    result = 0
    for bit in ones(string):
        q, part = bit % n, bit - bit % n
        result |= 1 << relabelling.get(q, q) + part
    return result


def _relabelling(order: Sequence[int], turned: Sequence[int]) -> dict[int, int]:
    return dict(zip(order, turned, strict=True))


def _ring(generators: Sequence[PauliSum[float]], n: int) -> list[int] | None:
    """The qubits in the order of a ring that the two-qubit terms form; None if they do not."""
    supports = (tuple(ones(support(string, n))) for terms in generators for string in terms)
    return ring_order((pair for pair in supports if len(pair) == 2), range(n))


def ring_order(pairs: Iterable[Sequence[int]], qubits: Sequence[int]) -> list[int] | None:
    """The qubits in the order of the one ring that the pairs of neighbours form; None if they do not."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for a, b in pairs:
        neighbours[a].add(b)
        neighbours[b].add(a)
    if len(qubits) < 3 or neighbours.keys() != set(qubits) or any(len(near) != 2 for near in neighbours.values()):
        return None
    order = [qubits[0], min(neighbours[qubits[0]])]
    while len(order) < len(qubits):
        (following,) = neighbours[order[-1]] - {order[-2]}
        if following == order[0]:
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
        along = moved(string, place, n)
        x, z = along & full, along >> n
        best = rotations(x, z)
        if dihedral:
            best = min(best, rotations(_reversed(x, n), _reversed(z, n)))
        return moved(best[0] | best[1] << n, back, n)

    return representative


def _reversed(mask: int, n: int) -> int:
    return int(f"{mask:0{n}b}"[::-1], 2)

"""Free fermions among Pauli strings: line graphs, recognised while they are drawn.

A component of the anticommutation graph is of free-fermion type iff, once strings that anticommute with the same others
are identified, it is the line graph of some graph H: generator {a, b} is iγ_aγ_b times a factor that commutes with the
component. Its algebra is then 2^c copies of so(m), with m the vertices of H and c the rank of the central factors
(Chapman and Flammia, arXiv:2003.05465; Aguilar et al., arXiv:2408.00081, type A). H is unique (Whitney 1932), save that
a triangle is also the line graph of a claw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bplint.ir.pauli import Anticommutation, LinearSpan, ones


@dataclass(frozen=True, slots=True, eq=False)
class FreeFermions:
    """The 2^c copies of so(m) that strings iγ_aγ_b times central factors generate."""

    center: LinearSpan
    """The central factors: a string γ_aγ_b times a factor is in the algebra iff the factor is in this span."""
    _spanning: Anticommutation
    _root: _Root
    _placed: int
    _vertex: dict[int, int]
    _path: dict[int, int]

    @property
    def majoranas(self) -> int:
        """The number m of Majorana modes."""
        return len(self._path)

    @property
    def potentials(self) -> tuple[int, ...]:
        """A string p_a for each mode: γ_aγ_b is p_a p_b times a factor in the center. That of the first is the identity."""
        return tuple(self._path.values())

    def contains(self, string: int) -> bool:
        """Whether the Pauli string is in the algebra."""
        edge = self._edge(string)
        if edge is None or not self._path.keys() >= set(edge):
            return False
        return self._factor(string, edge) in self.center

    def absorb(self, string: int) -> bool | None:
        """Add a generator from the span of those before: True iff it enlarged the algebra, None if it is no γ_aγ_b."""
        edge = self._edge(string)
        if edge is None:
            return None
        if self._join(string, edge):
            return True
        return self.center.add(self._factor(string, edge))

    def _edge(self, string: int) -> tuple[int, int] | None:
        """The vertices {a, b} whose stars make up what the string anticommutes with."""
        row = self._spanning.row(string) & self._placed
        if not row:
            return None
        for end in self._root.ends[_lowest(row)]:
            other = self._vertex.get(row ^ self._root.stars[end])
            if other is not None:
                return end, other
        return None

    def _join(self, string: int, edge: tuple[int, int]) -> bool:
        """Whether the string led to a vertex not reached before."""
        path = self._path
        for here, there in (edge, edge[::-1]):
            if here in path and there not in path:
                path[there] = path[here] ^ string
                return True
        return False

    def _factor(self, string: int, edge: tuple[int, int]) -> int:
        return string ^ self._path[edge[0]] ^ self._path[edge[1]]


def recognise(spanning: Anticommutation) -> FreeFermions | None:
    """The free fermions that connected strings generate, or None if they are not of that type.

    Other strings from the span of these may be absorbed later.
    """
    rows = [spanning.row(string) for string in spanning.strings]
    distinct: dict[int, int] = {}
    for position, row in enumerate(rows):
        distinct.setdefault(row, position)
    placed = sum(1 << position for position in distinct.values())
    root = _draw({position: row & placed for row, position in distinct.items()})
    if root is None:
        return None
    vertex = {star: name for name, star in enumerate(root.stars)}
    if len(root.stars) > 3:
        # The product of 2k of 2k + 1 Majoranas pairs the one left out with a mode that no drawn generator touches.
        vertex[0] = len(root.stars)
    fermions = FreeFermions(LinearSpan(), spanning, root, placed, vertex, {0: 0})
    for position, edge in root.ends.items():
        fermions._join(spanning.strings[position], edge)
    for position, row in enumerate(rows):
        fermions.center.add(fermions._factor(spanning.strings[position], root.ends[distinct[row]]))
    return fermions


@dataclass(slots=True)
class _Root:
    """The graph H: for each vertex the mask of the generators that contain it, for each generator its two vertices."""

    stars: list[int]
    ends: dict[int, tuple[int, int]]

    def choices(self, row: int) -> Iterator[tuple[int, int]]:
        """The edges that meet exactly the generators of a nonzero row."""
        for here in self.ends[_lowest(row)]:
            rest = row ^ self.stars[here]
            if rest & self.stars[here]:
                continue
            if not rest:
                yield here, len(self.stars)
                continue
            yield from ((here, there) for there in self.ends[_lowest(rest)] if self.stars[there] == rest)

    def grown(self, generator: int, row: int) -> list[_Root]:
        """Every way to draw one more generator; the first reuses this graph."""
        edges = list(self.choices(row))
        roots = [self, *(_Root(self.stars[:], self.ends.copy()) for _ in edges[1:])]
        for root, edge in zip(roots, edges, strict=False):
            root.stars.extend([0] * (edge[1] + 1 - len(root.stars)))
            root.ends[generator] = edge
            for end in edge:
                root.stars[end] |= 1 << generator
        return roots[: len(edges)]


def _draw(rows: Mapping[int, int]) -> _Root | None:
    """The graph whose line graph has these rows (connected, all different), or None."""
    first, *others = _connected_order(rows)
    placed = 1 << first
    roots = [_Root([placed, placed], {first: (0, 1)})]
    for generator in others:
        roots = [grown for root in roots for grown in root.grown(generator, rows[generator] & placed)]
        if len(roots) > 1:
            roots = list({frozenset(root.stars): root for root in roots}.values())
        placed |= 1 << generator
    # Three generators that anticommute pairwise are a claw, too; with all different that is so(3) and not so(4).
    return min(roots, key=lambda root: len(root.stars), default=None)


def _connected_order(rows: Mapping[int, int]) -> Iterable[int]:
    """The generators, each after the first anticommuting with one before it."""
    order = [next(iter(rows))]
    seen = 1 << order[0]
    for generator in order:
        fresh = rows[generator] & ~seen
        seen |= fresh
        order.extend(ones(fresh))
    return order


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1

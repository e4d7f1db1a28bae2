"""How much entanglement the gates can make: minimum cuts of the circuit seen as a tensor network.

Cut the network between the outputs in A and those outside: the state's Schmidt rank is at most the product of the
dimensions of the bonds that are cut, so the entropy of A is at most the sum of their logarithms, in ebits, whatever the
angles. A wire may be cut between any two gates (1 bit) and starts in |0>, which binds it to nothing. A Pauli rotation
cos φ/2 - i sin φ/2 P on several qubits is one bond that all of them share (1 bit), and so is a CX or CZ; a SWAP only
renames wires, an iSWAP is a SWAP and a CZ. The best cut is a maximum flow (Ford and Fulkerson 1956).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.clifford import clifford

WORK = 1 << 22
"""Arcs that the search for flows may look at: a second or two."""

LINK_LIMIT = 200_000
"""Links up to which flows are searched at all."""

Link = tuple[int, ...]
"""The wires, named by the qubits where they end, that one gate binds: ascending."""


class Cuts(NamedTuple):
    """Upper bounds, in ebits, on the entropy of qubits 0..k against the rest: ``bounds[k]``, one for each k < n - 1.

    The first ``minimal`` are minimum cuts, the others count the gates across.
    """

    bounds: tuple[int, ...]
    minimal: int


def cut_bounds(n_qubits: int, links: Sequence[Link]) -> Cuts:
    """All contiguous cuts: by flows as far as the work allows, by counting from there on."""
    counted = _counted(n_qubits, links)
    flows = _flows(n_qubits, links, counted) if len(links) <= LINK_LIMIT else []
    return Cuts((*flows, *counted[len(flows) :]), len(flows))


def linked(circuit: Circuit) -> list[Link]:
    """What the gates bind, in circuit order; nothing for those that make no entanglement."""
    ends = list(range(circuit.n_qubits))  # where the wire ends that is here now
    links: list[Link] = []
    for operation in reversed(circuit.operations):
        if len(operation.qubits) < 2:
            continue
        if operation.code == ROTATION:
            swaps, binds = False, operation.quarter not in (0, 2)  # a half turn is a string
        else:
            swaps, binds = swaps_and_binds(operation.code)
        if binds:
            links.append(tuple(sorted(ends[q] for q in operation.qubits)))
        if swaps:
            a, b = operation.qubits
            ends[a], ends[b] = ends[b], ends[a]
    links.reverse()
    return links


@cache
def swaps_and_binds(code: int) -> tuple[bool, bool]:
    """Whether the Clifford of this code, on two qubits, exchanges them, and whether it entangles beyond that.

    The four classes of two-qubit Cliffords, told by what becomes of X and Z of the first qubit: the parts that stay on
    it and those that move are 2 x 2 matrices over GF(2), of which exactly one is invertible.
    """
    (x, _), (z, _) = clifford(code).images[:2]
    stay, move = ([(s >> a & 1, s >> (a + 2) & 1) for s in (x, z)] for a in (0, 1))
    swaps = (move[0][0] & move[1][1]) ^ (move[0][1] & move[1][0]) == 1
    other = stay if swaps else move
    return swaps, other != [(0, 0), (0, 0)]


def _counted(n: int, links: Sequence[Link]) -> list[int]:
    """The links across each cut, or all qubits on one side where these are fewer."""
    steps = [0] * n
    for link in links:
        steps[link[0]] += 1
        steps[link[-1]] -= 1
    return [min(across, k, n - k) for k, across in enumerate(accumulate(steps[: n - 1]), start=1)]


class _Network:
    """Nodes and arcs with the capacity left on them: arc e and e ^ 1 are the two directions of one bond.

    A node stands for one wire at one link; a link of three wires or more has two further ones, its way in and out.
    """

    def __init__(self, n_qubits: int, links: Sequence[Link]) -> None:
        self.arcs: list[list[int]] = []
        self.to: list[int] = []
        self.left: list[int] = []
        last: list[int | None] = [None] * n_qubits
        for link in links:
            nodes = []
            for wire in link:
                node = self._node()
                before = last[wire]
                if before is not None:
                    self._bond(before, node, 1, 1)
                last[wire] = node
                nodes.append(node)
            if len(nodes) == 2:
                self._bond(nodes[0], nodes[1], 1, 1)
                continue
            way_in, way_out = self._node(), self._node()
            self._bond(way_in, way_out, 1, 0)
            for node in nodes:
                self._bond(node, way_in, 1, 0)
                self._bond(way_out, node, 1, 0)
        self.outputs = last
        """The last node of each wire; None where nothing binds it."""
        self.wire = {node: wire for wire, node in enumerate(last) if node is not None}

    def _node(self) -> int:
        self.arcs.append([])
        return len(self.arcs) - 1

    def _bond(self, a: int, b: int, forwards: int, backwards: int) -> None:
        self.arcs[a].append(len(self.to))
        self.arcs[b].append(len(self.to) + 1)
        self.to += b, a
        self.left += forwards, backwards


class _OutOfWork(Exception):
    """The search has looked at as many arcs as it may."""


class _Flow:
    """A maximum flow from the outputs up to some qubit to the others, kept while this qubit moves from left to right.

    When an output turns from a sink to a source, all that can change begins there. From where no sink was reached none
    will be later, since sinks only become fewer: such nodes are dead, and no search enters them again.
    """

    def __init__(self, network: _Network) -> None:
        self._net = network
        self._dead: set[int] = set()
        self._used = [False] * len(network.outputs)  # whether a unit of flow passes through the output
        self._work = WORK

    def turn(self, qubit: int, room: int) -> int:
        """Make the output of this qubit a source, those before it being sources; returns the change of the flow.

        ``room`` is how much larger than now the flow can be.
        """
        start = self._net.outputs[qubit]
        if start is None:
            return 0
        change = 0
        if self._used[qubit]:  # a unit ended here: it goes on to another sink or back to its source
            sink = self._push(start, range(qubit + 1, len(self._used)), unused=True)
            if sink is None:
                change -= 1
                source = self._push(start, range(qubit), unused=False)
                assert source is not None, "what flows in comes from a source"
                self._used[source] = False
            else:
                self._used[sink] = True
        sink = self._push(start, range(qubit + 1, len(self._used)), unused=True) if change < room else None
        self._used[qubit] = sink is not None
        if sink is not None:
            self._used[sink] = True
            change += 1
        return change

    def _push(self, start: int, goals: range, *, unused: bool) -> int | None:
        """One unit along some path to the output of a goal that is (un)used; None if there is no path."""
        net, blocked = self._net, self._dead if unused else set()
        if start in blocked:
            return None
        came: dict[int, int] = {start: -1}
        stack = [start]
        while stack:
            node = stack.pop()
            wire = net.wire.get(node)
            if wire is not None and wire in goals and self._used[wire] is not unused:
                while (arc := came[node]) >= 0:
                    net.left[arc] -= 1
                    net.left[arc ^ 1] += 1
                    node = net.to[arc ^ 1]
                return wire
            self._work -= len(net.arcs[node])
            if self._work < 0:
                raise _OutOfWork
            for arc in net.arcs[node]:
                after = net.to[arc]
                if net.left[arc] and after not in came and after not in blocked:
                    came[after] = arc
                    stack.append(after)
        self._dead.update(came)
        return None


def _flows(n: int, links: Sequence[Link], counted: Sequence[int]) -> list[int]:
    """The maximum flow of each cut, from the left; fewer where the work ran out. Counted are upper bounds."""
    flow = _Flow(_Network(n, links))
    flows: list[int] = []
    total = 0
    try:
        for qubit in range(n - 1):
            total += flow.turn(qubit, counted[qubit] - total)
            flows.append(total)
    except _OutOfWork:
        pass
    return flows

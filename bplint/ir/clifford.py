"""The named Clifford gates and what each does to Pauli strings.

A row lists the images of X and Z of each argument under P -> C† P C, the direction in which
an observable travels: from the measurement back to the start. Each row is checked against its
matrix in ``tests/ir/test_clifford.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from operator import xor
from typing import NamedTuple, TypeAlias

from bplint.ir.pauli import flipped, from_label, ones, qubits

# Images of X (one qubit: X, Z; two qubits: XI, ZI, IX, IZ).
_IMAGES = {
    "x": "X -Z",
    "y": "-X -Z",
    "z": "-X Z",
    "h": "Z X",
    "s": "-Y Z",
    "sdg": "Y Z",
    "sx": "X Y",
    "sxdg": "X -Y",
    "cx": "XX ZI IX ZZ",
    "cy": "XY ZI ZX ZZ",
    "cz": "XZ ZI ZX IZ",
    "swap": "IX IZ XI ZI",
    "iswap": "-ZY IZ -YZ ZI",
    "iswapdg": "ZY IZ YZ ZI",
    "dcx": "XX IZ XI ZZ",
    "ecr": "-YX -ZI IX ZY",
}

CLIFFORDS = tuple(_IMAGES)
"""Names in the order of their codes: the code of ``CLIFFORDS[i]`` is ``i + 1``, code 0 is a rotation."""

CODES = {name: code for code, name in enumerate(CLIFFORDS, start=1)}


Join: TypeAlias = Callable[[int, int], int]


class Sums(NamedTuple):
    """What a gate makes of planes of bits, one bit a string: plane ``targets[i]`` becomes the sum of the planes
    ``sources[i]``, the others stay.

    Planes are numbered x_0, x_1, …, z_0, z_1, … over the gate's arguments until they are :meth:`placed`.
    """

    targets: tuple[int, ...]
    sources: tuple[tuple[int, ...], ...]

    def placed(self, planes: Sequence[int]) -> Sums:
        """The same with the number ``planes[i]`` in place of i."""
        return Sums(
            tuple([planes[t] for t in self.targets]),
            tuple([tuple([planes[s] for s in sources]) for sources in self.sources]),
        )


@dataclass(frozen=True)
class Clifford:
    """One row: ``images[i]`` is (local string, negative) of X_0, Z_0, X_1, Z_1, ... in this order, under P -> C† P C.

    A local string is an integer ``x | z << n_qubits`` over the gate's own arguments.
    """

    name: str
    n_qubits: int
    images: tuple[tuple[int, bool], ...]

    @cached_property
    def words(self) -> tuple[tuple[tuple[tuple[int, int], ...], int], ...]:
        """The images as letters (argument, code), X = 1, Z = 2, Y = 3, each with its phase, i^0 or i^2."""
        size = self.n_qubits
        return tuple(
            (
                tuple((a, (image >> a & 1) | (image >> (a + size) & 1) << 1) for a in qubits(image, size)),
                2 * negative,
            )
            for image, negative in self.images
        )

    @cached_property
    def back(self) -> Sums:
        """P -> C† P C on planes, signs aside: a string becomes the product of the images of its letters."""
        images = self._images
        return self._sums(lambda target: [plane for plane, image in enumerate(images) if image >> target & 1])

    @cached_property
    def forward(self) -> Sums:
        """P -> C P C† on planes, signs aside: it has an X on a qubit iff it anticommutes with Z there, that is iff P does
        with C†ZC, the image of Z."""
        images, size = self._images, self.n_qubits
        return self._sums(lambda target: ones(flipped(images[(target + size) % (2 * size)], size)))

    def on_planes(self, planes: list[int], wires: Sequence[int], join: Join = xor, *, forward: bool = False) -> None:
        """Carry strings through the gate on these wires, ``forward`` or back, signs aside; ``planes`` change in place.

        Plane q holds the X bits of wire q, plane n + q its Z bits, one bit a string. ``join`` is xor, or or for what
        may be.
        """
        n = len(planes) // 2
        targets, sources = (self.forward if forward else self.back).placed([*wires, *[q + n for q in wires]])
        images = [reduce(join, [planes[source] for source in some]) for some in sources]
        for target, image in zip(targets, images, strict=True):
            planes[target] = image

    @property
    def _images(self) -> list[int]:
        """The images in the order of the planes."""
        return [self.images[2 * a + part][0] for part in (0, 1) for a in range(self.n_qubits)]

    def _sums(self, sources: Callable[[int], Iterable[int]]) -> Sums:
        sums = {target: tuple(sources(target)) for target in range(2 * self.n_qubits)}
        changed = {target: origins for target, origins in sums.items() if origins != (target,)}
        return Sums(tuple(changed), tuple(changed.values()))


@cache
def clifford(code: int) -> Clifford:
    """The row of a code."""
    name = CLIFFORDS[code - 1]
    words = _IMAGES[name].split()
    images = tuple((from_label(word.lstrip("-")), word.startswith("-")) for word in words)
    return Clifford(name, len(words) // 2, images)

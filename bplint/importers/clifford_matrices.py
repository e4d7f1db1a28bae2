"""Cliffords given as matrices, as named gates. The first qubit is the leftmost tensor factor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix: TypeAlias = npt.NDArray[np.complex128]

LIMIT = 6
"""Qubits up to which a matrix is looked at."""

Call = tuple[str, tuple[int, ...]]
"""A named gate and the places of its qubits."""


class SignedString(NamedTuple):
    """A Pauli string, by where it has an X and where a Z; minus it where ``negative``."""

    xs: tuple[bool, ...]
    zs: tuple[bool, ...]
    negative: bool


def as_string(operator: Matrix, n: int) -> SignedString | None:
    """A unitary Hermitian operator on n qubits as a Pauli string; None if it is none."""
    import numpy as np

    column = int(np.argmax(np.abs(operator[:, 0])))
    xs = tuple(bool(column >> (n - 1 - place) & 1) for place in range(n))
    states = np.arange(2**n)
    entries = operator[states ^ column, states]
    if not np.allclose(np.abs(entries), 1, atol=_TOLERANCE):
        return None
    ratios = entries / entries[0]
    if not np.allclose(ratios.imag, 0, atol=_TOLERANCE):
        return None
    zs = tuple(bool(ratios[1 << (n - 1 - place)].real < 0) for place in range(n))
    flips = sum(int(z) << (n - 1 - place) for place, z in enumerate(zs))
    expected = np.array([(-1.0) ** (int(state) & flips).bit_count() for state in states])
    if not np.allclose(ratios.real, expected, atol=_TOLERANCE):
        return None
    both = sum(x and z for x, z in zip(xs, zs, strict=True))
    sign = entries[0] / 1j**both  # Y = iXZ, and its entry in column 0 is i
    return SignedString(xs, zs, bool(sign.real < 0)) if abs(sign.imag) < _TOLERANCE else None


def synthesised(matrix: Matrix) -> list[Call] | None:
    """The gates of a Clifford on at most ``LIMIT`` qubits, in order and up to a global phase; None if it is no Clifford.

    The images of X and Z of one qubit after the other are carried back to where they came from (arXiv:quant-ph/0406196);
    what remains is a Pauli.
    """
    import numpy as np

    n = len(matrix).bit_length() - 1
    if n > LIMIT or matrix.shape != (2**n, 2**n):
        return None
    images = []
    for letter, place in _letters(n):
        image = as_string(_image(matrix, letter, place, n), n)
        if image is None:
            return None
        images.append((list(image.xs), list(image.zs)))
    calls = _undoing(images, n)
    rest = np.array(matrix)
    for name, places in calls:
        rest = _on(name, places, n) @ rest
    turned = [as_string(_image(rest, letter, place, n), n) for letter, place in _letters(n)]
    flips = [image is not None and image.negative for image in turned]
    paulis: list[Call] = [("z", (place,)) for place in range(n) if flips[place]]
    paulis += [("x", (place,)) for place in range(n) if flips[n + place]]
    return [*paulis, *[(_INVERSES.get(name, name), places) for name, places in reversed(calls)]]


def matrix_of(calls: Sequence[Call], n: int) -> Matrix:
    """The matrix of gates that :func:`synthesised` names, those of its inverse among them."""
    import numpy as np

    matrix: Matrix = np.eye(2**n, dtype=np.complex128)
    for name, places in calls:
        matrix = _on(name, places, n) @ matrix
    return matrix


_Bits: TypeAlias = tuple[list[bool], list[bool]]
"""Where a string has an X, and where a Z."""


def _undoing(images: Sequence[_Bits], n: int) -> list[Call]:
    """Gates that carry the images of all X, and then of all Z, back to where they came from, signs aside."""
    calls: list[Call] = []

    def act(name: str, *places: int) -> None:
        if calls and name != "s" and calls[-1] == (name, places):
            calls.pop()
        else:
            calls.append((name, places))
        first, last = places[0], places[-1]
        for xs, zs in images:
            if name == "h":
                xs[first], zs[first] = zs[first], xs[first]
            elif name == "s":
                zs[first] ^= xs[first]
            else:
                xs[last] ^= xs[first]
                zs[first] ^= zs[last]

    def to_x(place: int, image: _Bits) -> None:
        """Make the image X on this place. Where it has an X there, that leaves Z on the place as it is."""
        xs, zs = image
        for other in range(n):
            if zs[other]:
                act("s" if xs[other] else "h", other)
        if not xs[place]:
            act("cx", xs.index(True), place)
        for other in range(n):
            if xs[other] and other != place:
                act("cx", place, other)

    for place in range(n):
        to_x(place, images[place])
        act("h", place)
        to_x(place, images[n + place])  # it anticommutes with the other, which is Z now
        act("h", place)
    return calls


def _letters(n: int) -> list[tuple[str, int]]:
    return [(letter, place) for letter in "xz" for place in range(n)]


def _image(matrix: Matrix, letter: str, place: int, n: int) -> Matrix:
    return matrix @ _on(letter, (place,), n) @ matrix.conj().T


def _on(name: str, places: tuple[int, ...], n: int) -> Matrix:
    """The matrix of a gate on these of n qubits."""
    import numpy as np

    first, last = places[0], places[-1]
    states = np.arange(2**n)
    bit = states >> (n - 1 - first) & 1
    matrix: Matrix = np.zeros((2**n, 2**n), dtype=np.complex128)
    if name == "cx":
        matrix[states ^ bit << (n - 1 - last), states] = 1
    elif name in ("x", "h"):
        matrix[states ^ 1 << (n - 1 - first), states] = 1
        if name == "h":
            matrix[states, states] = 1 - 2 * bit
            matrix /= np.sqrt(2)
    else:
        matrix[states, states] = {"z": -1, "s": 1j, "sdg": -1j}[name] ** bit
    return matrix


_INVERSES = {"s": "sdg"}
_TOLERANCE = 1e-8

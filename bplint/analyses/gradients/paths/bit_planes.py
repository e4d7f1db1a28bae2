"""Strings as bit-planes: uint64 (2n, words), row q the X bits of qubit q, row n + q its Z bits, a bit a string."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np

from bplint.analyses.gradients.paths.schedule import Cliffords, Rotations
from bplint.ir.circuit import Codes, Index, Offsets

Words: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.uint64]]"
Counts: TypeAlias = Offsets

ADD, TURN, DRAW = range(3)
"""Instructions on planes: add one to another; flip what anticommutes; flip half of what anticommutes."""

_DIGITS = 8
"""Binary digits of a chance that are drawn one by one; the rest is rare."""

_RARE = 1 / 32
"""Chances up to this are drawn by the gaps between events."""


def planes_of(strings: list[int], counts: Counts, n: int) -> Words:
    """The planes of strings that come ``counts`` times each, a multiple of 64 in all."""
    planes = np.zeros((2 * n, int(counts.sum()) // 64), dtype=np.uint64)
    bits = _bits(strings, 2 * n)
    rows = np.flatnonzero(bits.any(axis=0))
    planes[rows] = np.packbits(np.repeat(bits[:, rows].T, counts, axis=1), axis=1, bitorder="little").view(np.uint64)
    return planes


def permute(planes: Words, step: Cliffords) -> None:
    """Carry the strings back through Cliffords, in place."""
    images = [np.bitwise_xor.reduce(planes[rows], axis=0) for rows in step.sources]
    for rows, image in zip(step.targets, images, strict=True):
        planes[rows] = image


def turn(planes: Words, step: Rotations) -> None:
    """Carry the strings back through quarter turns, in place."""
    flip = parity(planes, step.reads)
    for plane in step.writes:
        planes[plane] ^= flip


def parity(planes: Words, reads: Index, out: Words | None = None) -> Words:
    """Sums of the planes ``reads[:, i]``, (k, words)."""
    odd: Words = np.take(planes, reads[0], axis=0, out=out, mode="clip")
    for plane in reads[1:]:
        odd ^= planes[plane]
    return odd


def count(words: Words) -> Counts:
    return np.asarray(np.bitwise_count(words).sum(axis=-1, dtype=np.int64))


def coins(random: np.random.Generator, chance: float, shape: tuple[int, ...]) -> Words:
    """Words whose bits are 1 with probability ``chance``, independently.

    One random word for each of the first binary digits of the chance; what is left of it is added by gaps between ones.
    """
    if chance < _RARE:
        return _rare(random, chance, shape)
    if chance > 1 - _RARE:
        return ~_rare(random, 1 - chance, shape)
    digits = int(chance * 2**_DIGITS)
    trailing = (digits & -digits).bit_length() - 1
    coins = _words(random, shape)  # the last digit that is 1 gives ½
    for digit in range(trailing + 1, _DIGITS):
        # Each digit in front of it halves the probability, and adds ½ if it is 1.
        if digits >> digit & 1:
            coins |= _words(random, shape)
        else:
            coins &= _words(random, shape)
    drawn = digits / 2**_DIGITS
    if drawn < chance:
        coins |= _rare(random, (chance - drawn) / (1 - drawn), shape)
    return coins


def _rare(random: np.random.Generator, chance: float, shape: tuple[int, ...]) -> Words:
    """The same for small chances: gaps between ones follow the geometric law."""
    size = 64 * math.prod(shape)
    coins = np.zeros(size // 64, dtype=np.uint64)
    place, expected = -1, chance * size
    while place < size and chance > 0:
        gaps = random.geometric(chance, int(expected + 6 * math.sqrt(expected)) + 1)
        places = place + np.cumsum(np.minimum(gaps, size + 1))
        ones = places[places < size]
        np.bitwise_or.at(coins, ones >> 6, np.uint64(1) << (ones & 63).astype(np.uint64))
        place = int(places[-1])
    return coins.reshape(shape)


def _words(random: np.random.Generator, shape: tuple[int, ...]) -> Words:
    return random.bit_generator.random_raw(math.prod(shape)).reshape(shape)


def _bits(strings: list[int], width: int) -> Codes:
    """Strings as a matrix of bits, (strings, width)."""
    size = (width + 7) // 8
    packed = np.frombuffer(b"".join(s.to_bytes(size, "little") for s in strings), dtype=np.uint8)
    return np.unpackbits(packed.reshape(-1, size), axis=1, count=width, bitorder="little")

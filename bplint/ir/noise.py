"""The noise after each gate, as factors on the Pauli strings of the observable.

A Pauli channel multiplies every string by a number of its own. Noise acts after each gate of the source, on all qubits
that the gate acts on (CRX is one gate, though two rotations; an identity gate is none), and readout error once, at the
measurement. Amplitude damping is no such channel: it also feeds the identity (:attr:`Noise.is_unital`).

``depolarizing:p`` on a gate of k qubits is ρ → (1-p) ρ + p·1/2^k: a string that is not the identity on them is multiplied
by 1-p. This is Qiskit's ``depolarizing_error(p, k)``; Cirq's ``depolarize(q, k)``, which draws one of the 4^k - 1 other
strings with probability q, is p = q·4^k/(4^k - 1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from bplint.errors import BplintError


class NoiseError(BplintError):
    """The text is not a noise model."""


class NoiseKind(StrEnum):
    """The channel; all but depolarizing noise and readout error act on each qubit of the gate by itself."""

    DEPOLARIZING = "depolarizing"
    BITFLIP = "bitflip"
    PHASEFLIP = "phaseflip"
    PAULI = "pauli"
    DAMPING = "damping"
    READOUT = "readout"


class Channel(NamedTuple):
    """One channel: after gates on one qubit (``arity`` 1), on more (2), or on any number (None).

    ``rates`` is (p,), for ``pauli`` the probabilities (px, py, pz) of the three errors.
    """

    kind: NoiseKind
    rates: tuple[float, ...]
    arity: int | None = None

    def acts(self, arity: int) -> bool:
        """Whether it follows a gate on this many qubits; none follows what is no gate, with 0."""
        return self.kind is not NoiseKind.READOUT and arity > 0 and self.arity in (None, min(arity, 2))

    @property
    def letters(self) -> tuple[float, float, float]:
        """Factors of X, Z and Y on one qubit: 1 - 2·(probability of the errors that anticommute with it)."""
        p = self.rates[0]
        if self.kind is NoiseKind.DAMPING:
            return math.sqrt(1 - p), 1 - p, math.sqrt(1 - p)
        flips = {NoiseKind.BITFLIP: (p, 0.0, 0.0), NoiseKind.PHASEFLIP: (0.0, 0.0, p), NoiseKind.PAULI: self.rates}
        x, y, z = flips.get(self.kind, (0.0, 0.0, 0.0))
        return 1 - 2 * (y + z), 1 - 2 * (x + y), 1 - 2 * (x + z)

    def __str__(self) -> str:
        where = "" if self.arity is None else f"{self.arity}q="
        return f"{where}{self.kind}:{'/'.join(f'{rate:g}' for rate in self.rates)}"


class Noise(NamedTuple):
    """Channels, applied one after the other behind each gate. All factors lie in [0, 1]."""

    channels: tuple[Channel, ...] = ()

    @property
    def is_unital(self) -> bool:
        """Whether the maximally mixed state stays as it is: no amplitude damping."""
        return not any(c.kind is NoiseKind.DAMPING and c.rates[0] for c in self.channels)

    @property
    def follows_gates(self) -> bool:
        """Whether anything happens after gates, beside the readout."""
        return any(rate for c in self.channels if c.kind is not NoiseKind.READOUT for rate in c.rates)

    @property
    def is_trivial(self) -> bool:
        """Whether it does nothing."""
        return not self.follows_gates and self.readout == 1

    def feeds(self, arity: int) -> bool:
        """Whether amplitude damping follows a gate on this many qubits: then a Z on one of them becomes the identity too."""
        return any(c.kind is NoiseKind.DAMPING and c.rates[0] and c.acts(arity) for c in self.channels)

    def joint(self, arity: int) -> float:
        """Factor of a string that is not the identity on all the gate's qubits: that of depolarizing noise."""
        kept = (1 - c.rates[0] for c in self.channels if c.kind is NoiseKind.DEPOLARIZING and c.acts(arity))
        return math.prod(kept)

    def local(self, arity: int) -> tuple[float, float, float]:
        """Factors of X, Z and Y on each qubit of a gate by itself."""
        x, z, y = zip((1.0, 1.0, 1.0), *(c.letters for c in self.channels if c.acts(arity)))
        return math.prod(x), math.prod(z), math.prod(y)

    def factor(self, arity: int, letters: Sequence[int]) -> float:
        """What a gate's noise multiplies a string by; ``letters`` (X = 1, Z = 2, Y = 3) are those on its qubits.

        Under amplitude damping this is only the part that keeps the string.
        """
        local = (1.0, *self.local(arity))
        return (self.joint(arity) if any(letters) else 1.0) * math.prod(local[letter] for letter in letters)

    @property
    def readout(self) -> float:
        """Factor of one letter in the readout: each term is measured in its eigenbasis, where each bit flips with p."""
        return math.prod(1 - 2 * c.rates[0] for c in self.channels if c.kind is NoiseKind.READOUT)

    def readout_factor(self, weight: int) -> float:
        """What readout error multiplies a term on ``weight`` qubits by."""
        return self.readout**weight

    def __str__(self) -> str:
        return ", ".join(str(channel) for channel in self.channels)


def parse_noise(text: str) -> Noise:
    """Channels by commas, each with ``1q=`` or ``2q=`` (two and more) if not for all gates.

    ``depolarizing:0.001``, ``1q=depolarizing:0.001, 2q=depolarizing:0.01, readout:0.02``, ``bitflip:P``,
    ``phaseflip:P``, ``pauli:PX/PY/PZ``, ``damping:GAMMA``. Flips of probability above ½ are refused.
    """
    return Noise(tuple(_channel(part.strip(), text) for part in text.split(",")))


def _channel(part: str, whole: str) -> Channel:
    where, equals, spec = part.rpartition("=")
    name, colon, numbers = spec.strip().partition(":")
    name, where = name.strip(), where.strip()
    if not colon or name not in set(NoiseKind):
        raise NoiseError(
            f"want a channel such as depolarizing:0.001, got {part[:40]!r}; there are {', '.join(NoiseKind)}"
        )
    kind = NoiseKind(name)
    if equals and (where not in ("1q", "2q") or kind is NoiseKind.READOUT):
        raise NoiseError(f"want 1q= or 2q= before the noise of a gate, got {part[:40]!r}")
    rates = tuple(_rate(number, whole) for number in numbers.split("/"))
    if len(rates) != (3 if kind is NoiseKind.PAULI else 1):
        raise NoiseError(f"want {'three rates PX/PY/PZ' if kind is NoiseKind.PAULI else 'one rate'}, got {part[:40]!r}")
    channel = Channel(kind, rates, int(where[0]) if equals else None)
    if min(channel.letters) < 0 or (kind is NoiseKind.READOUT and rates[0] > 0.5):
        raise NoiseError(f"want flips of probability at most 1/2, got {part[:40]!r}")
    return channel


def _rate(text: str, whole: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 0 <= rate <= 1:
        raise NoiseError(f"want a probability from 0 to 1 in {whole.strip()[:60]!r}, got {text.strip()[:20]!r}")
    return rate

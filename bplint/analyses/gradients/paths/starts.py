"""From a loss to the starts of its paths, under any law of the angles and under noise.

E[l²] = Σ c_P c_Q E[<P><Q>] over pairs of terms. Under laws symmetric about zero a pair keeps its product D = PQ: a rotation
about G turns both, or neither, if D commutes with G; if not, it leaves the pair with weight E[cos φ] (theory of
:mod:`.blocks`, where this is 0). So with Π over the free axes that anticommute with D

    E[<P><Q>] = <0|D|0> Π E[cos φ] · P(path of P hits that may not flip where D anticommutes with the axis).

The product is known beforehand: it belongs to the weight of the start. Weights are of either sign, hence two sets of starts.
Noise multiplies P and Q by different numbers along the way, so under noise not even terms of one block merge.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, compress
from typing import NamedTuple

from bplint.analyses.gradients.paths.angle_laws import Laws
from bplint.analyses.gradients.paths.interfering_terms import (
    Blocks,
    block_keys,
    blocks,
    merged,
    relations,
    signatures,
    vacuum_sign,
)
from bplint.analyses.gradients.paths.obstacle import separating
from bplint.ir.frame import Frame
from bplint.ir.noise import Noise
from bplint.ir.observable import Observable, pauli_sum
from bplint.ir.pauli import Anticommutation, weight

MAX_PAIRS = 1 << 19
"""Pairs of terms that may keep a weight; beyond it there is no answer."""

MAX_PROJECTOR = 9
"""Qubits of a projector that is written out as a sum where its terms do not merge."""


class Starts(NamedTuple):
    """Starts of positive and of negative weight, and the strings (after the circuit, coefficient) that make up the mean.

    The mean is ``constant`` plus each coefficient times what the string keeps when it is carried back without a flip.
    ``terms`` are all strings with their coefficients, in no case those of a projector as a whole.
    """

    plus: Blocks
    minus: Blocks
    constant: float
    means: tuple[tuple[int, float], ...] = ()
    terms: tuple[tuple[int, float], ...] = ()


def starts(frame: Frame, observable: Observable, law: Laws, noise: Noise) -> Starts | str:
    """The starts for a centred circuit, or why there are too many."""
    simple = law.are_uniform and not noise.follows_gates
    if observable.projector:
        if law.are_uniform and (whole := _projector(frame, observable, noise)):
            return Starts(whole, Blocks(0.0), whole.mean)
        if len(observable.projector) > MAX_PROJECTOR:
            return f"a projector on more than {MAX_PROJECTOR} qubits whose terms do not merge is not sampled"
        observable = observable.written_out()
    observable = _read(observable, noise)
    if simple:
        by_block = blocks(frame, observable)
        return Starts(by_block, Blocks(0.0), by_block.mean)
    constant, terms = (
        (observable.constant, list(observable.terms)) if noise.follows_gates else merged(frame, observable)
    )
    return _paired(frame, constant, terms, law)


def _projector(frame: Frame, observable: Observable, noise: Noise) -> Blocks | None:
    """A projector as a whole: without noise, or if no parity of its qubits is conserved, so that no two terms meet."""
    if noise.is_trivial:
        return blocks(frame, observable)
    if not noise.readout:
        return None
    strings = [frame.pull(z)[0] for z in observable.generators]
    if relations(block_keys(frame, strings)):
        return None
    return Blocks(math.ldexp(1.0, -len(strings)), projector=observable.projector, readout=noise.readout)


def _read(observable: Observable, noise: Noise) -> Observable:
    """The sum as its readout makes it."""
    n = observable.n_qubits
    terms = {string: c * noise.readout_factor(weight(string, n)) for string, c in observable.terms}
    return pauli_sum(terms, n, constant=observable.constant, text=observable.text)


def _paired(frame: Frame, constant: float, terms: Sequence[tuple[int, float]], law: Laws) -> Starts | str:
    n, apart = frame.n_qubits, separating(frame, law)
    pulled = [frame.pull(string) for string, _ in terms]
    strings = [string for string, _ in pulled]
    moved = signatures(strings, frame.axes, n)
    kept = _Kept(frame, law)
    classes: dict[int, list[int]] = {}
    for i, key in enumerate(block_keys(frame, strings, compress(frame.axes, apart))):
        classes.setdefault(key, []).append(i)
    if sum(len(c) ** 2 for c in classes.values()) > 2 * MAX_PAIRS:
        return f"the loss has more than {MAX_PAIRS:,} pairs of terms that its angles do not tell apart"
    means = [(terms[i][0], terms[i][1] * (vacuum_sign((0, False), pulled[i], n) or 0)) for i in classes.get(0, ())]
    by_parity: tuple[list[tuple[int, float, int]], ...] = ([], [])
    for members in classes.values():
        members = [i for i in members if moved[i]]
        rows = {i: kept.row(strings[i]) for i in members}
        by_parity[0].extend((terms[i][0], terms[i][1] ** 2, 0) for i in members)
        for i, j in combinations(members, 2):
            (left, c), (right, d) = terms[i], terms[j]
            sign = vacuum_sign(pulled[i], pulled[j], n)
            if sign and (value := 2 * c * d * sign * kept.share(rows[i] ^ rows[j])):
                by_parity[value < 0].append((left, abs(value), left ^ right))
    plus, minus = (
        Blocks(0.0, tuple((s, w) for s, w, _ in part), products=tuple(d for _, _, d in part)) for part in by_parity
    )
    return Starts(plus, minus, constant, tuple(means), tuple(terms))


class _Kept:
    """Π E[cos φ] over the free axes that anticommute with a string and do not average it to zero."""

    def __init__(self, frame: Frame, law: Laws) -> None:
        mean = [law.mean[operation] for operation in frame.operations]
        biased = [i for i, value in enumerate(mean) if value and not math.isnan(value)]
        self._table = Anticommutation(frame.n_qubits, [frame.axes[i] for i in biased])
        self._masks: dict[float, int] = {}
        for bit, i in enumerate(biased):
            self._masks[mean[i]] = self._masks.get(mean[i], 0) | 1 << bit

    def row(self, string: int) -> int:
        """The axes that anticommute with a string, linear over GF(2)."""
        return self._table.row(string)

    def share(self, row: int) -> float:
        """The product over a row."""
        return math.prod(mean ** (row & mask).bit_count() for mean, mask in self._masks.items())

"""Whether a prior keeps what it promises, checked on the changed circuit and by other means than it was found with.

With Q' = W† Q W for a charge Q and all Cliffords W of a circuit: if Q' commutes with every generator in the frame of the
start and Q'|0…0> = q|0…0>, then Q U(θ)|0…0> = q U(θ)|0…0> for every θ. All of this is arithmetic of strings, exact at any
width.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.dla.pauli.classify import classify
from bplint.analyses.symmetry.commutant import commutant, kernel
from bplint.analyses.symmetry.generator_sums import driven_sums
from bplint.analyses.symmetry.optimum import Sector, optimum
from bplint.analyses.symmetry.prior import Permutation, Prior
from bplint.analyses.views import framed
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.pauli import Anticommutation, PauliSum, PauliTerms, multiply, ones, x_part

_TOLERANCE = 1e-9


class Promise(NamedTuple):
    """``broken`` says what is not kept; ``unchecked`` what could not be told. Both are empty if all is kept."""

    broken: str
    unchecked: str


def promise(prior: Prior, case: Case) -> Promise:
    """Whether a circuit with the prior built in, its start included, stays in one sector, and that holds a minimum of O."""
    ask = Ask(case)
    frame = ask(framed)
    charges = [frame.pull_sum(charge) for charge in prior.charges]
    strings = tuple(frame.pull(string)[0] for string in prior.strings)
    moved = prior._replace(charges=tuple(charges), strings=strings)
    if not conserves(moved, ask(driven_sums), frame.n_qubits) or not _commute(prior.permutations, frame):
        return Promise(f"a generator of the changed circuit does not keep {prior.words}", "")
    sector = _sector(prior, moved.charges, frame)
    if sector is None:
        return Promise("the start lies in no sector: it is a superposition of several", "")
    best = optimum(case.context.observable, sector)
    if best.holds is None:
        return Promise("", f"whether the sector holds a minimum of the loss is not known: {best.reason}")
    return Promise("" if best.holds else f"the sector holds no minimum of the loss: {best.reason}", "")


def conserves(prior: Prior, sums: Iterable[PauliTerms], n_qubits: int) -> bool:
    """Whether every sum commutes with all charges, is invariant under all permutations, and lies in the algebra of the
    strings where there are any."""
    algebra = classify(prior.strings, n_qubits) if prior.strings else None
    charges = [dict(charge) for charge in prior.charges]
    near = [Anticommutation(n_qubits, charge) for charge in charges]
    places = [_places(permutation, n_qubits) for permutation in prior.permutations]
    for terms in sums:
        if algebra is not None and not all(algebra.contains(string) for string, _ in terms):
            return False
        if not all(_commutes(terms, charge, met) for charge, met in zip(charges, near, strict=True)):
            return False
        if not all(_invariant(terms, where) for where in places):
            return False
    return True


def _sector(prior: Prior, pulled: Sequence[PauliTerms], frame: Frame) -> Sector | None:
    """The sector of the state that Cliffords make of |0…0>; None if it lies in several."""
    n = frame.n_qubits
    if any(not _fixes_state(permutation, frame) for permutation in prior.permutations):
        return None
    values = [_eigenvalue([charge], n) for charge in pulled]
    if all(value is not None for value in values):
        fixed = tuple((charge, value) for charge, value in zip(prior.charges, values, strict=True) if value is not None)
        casimir = (
            sum(value * value for _, value in fixed) if len(fixed) > 1 and not _abelian(prior.charges, n) else None
        )
        fixed = () if casimir is not None else fixed
    else:
        if _abelian(prior.charges, n):
            return None
        fixed, casimir = (), _eigenvalue(pulled, n, squared=True)
        if casimir is None:
            return None
    if prior.strings:
        # What commutes with all of the algebra and has the state for an eigenvector is kept as well.
        free = commutant(prior.strings, n)
        for string in kernel([x_part(frame.pull(s)[0], n) for s in free], free):
            value = _eigenvalue([frame.pull_sum([(string, 1.0)])], n)
            assert value is not None
            fixed += ((((string, 1.0),), value),)
    return Sector(n, fixed, None if casimir is None else (prior.charges, casimir), prior.permutations)


def _eigenvalue(operators: Sequence[PauliTerms], n: int, *, squared: bool = False) -> float | None:
    """That of |0…0> under the sum of the operators, or of their squares; None if it is no eigenvector."""
    total: dict[int, complex] = defaultdict(complex)
    for operator in operators:
        state = _applied(operator, {0: 1.0}, n)
        for b, amplitude in (_applied(operator, state, n) if squared else state).items():
            total[b] += amplitude
    if any(abs(amplitude) > _TOLERANCE for b, amplitude in total.items() if b):
        return None
    return total[0].real


def _applied(operator: PauliTerms, state: Mapping[int, complex], n: int) -> dict[int, complex]:
    """Σ c P on a state given by the amplitudes of its basis states: P|b> = i^Ys (-1)^(z·b) |b xor x>."""
    result: dict[int, complex] = defaultdict(complex)
    for string, coefficient in operator:
        x, z = x_part(string, n), string >> n
        phase = coefficient * 1j ** ((x & z).bit_count() & 3)
        for b, amplitude in state.items():
            result[b ^ x] += -phase * amplitude if (z & b).bit_count() & 1 else phase * amplitude
    return {b: amplitude for b, amplitude in result.items() if abs(amplitude) > _TOLERANCE}


def _commutes(terms: PauliTerms, charge: PauliSum[float], near: Anticommutation) -> bool:
    """Whether [Q, Σ c P] = 0: the products of pairs that anticommute have to cancel."""
    total: dict[int, float] = defaultdict(float)
    for string, coefficient in terms:
        for position in ones(near.row(string)):
            other = near.strings[position]
            product, phase = multiply(other, string, near.n_qubits)
            total[product] += coefficient * charge[other] * (1 if phase == 1 else -1)
    scale = max((abs(c) for _, c in terms), default=0.0) * max(map(abs, charge.values()), default=0.0)
    return all(abs(rest) <= _TOLERANCE * scale for rest in total.values())


def _abelian(charges: Sequence[PauliTerms], n: int) -> bool:
    return all(
        _commutes(left, dict(right), Anticommutation(n, dict(right)))
        for i, left in enumerate(charges)
        for right in charges[:i]
    )


def _places(permutation: Permutation, n: int) -> dict[int, int]:
    """Where each bit of a string goes."""
    return {q + part: place + part for q, place in enumerate(permutation) if q != place for part in (0, n)}


def _invariant(terms: PauliTerms, places: Mapping[int, int]) -> bool:
    known = dict(terms)
    scale = max(map(abs, known.values()), default=0.0)
    return all(abs(known.get(_relabelled(s, places), 0.0) - c) <= _TOLERANCE * scale for s, c in terms)


def _relabelled(string: int, places: Mapping[int, int]) -> int:
    return sum(1 << places.get(bit, bit) for bit in ones(string))


def _commute(permutations: Sequence[Permutation], frame: Frame) -> bool:
    """Whether the Cliffords as a whole commute with each permutation."""
    n = frame.n_qubits
    for permutation in permutations:
        places = _places(permutation, n)
        for bit in range(2 * n):
            image, negative = frame.pull(1 << bit)
            if frame.pull(1 << places.get(bit, bit)) != (_relabelled(image, places), negative):
                return False
    return True


def _fixes_state(permutation: Permutation, frame: Frame) -> bool:
    """Whether W|0…0> is invariant: W and the permutation commute, and |0…0> is."""
    return _commute([permutation], frame)

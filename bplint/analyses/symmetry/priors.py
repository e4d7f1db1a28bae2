"""Candidate priors: symmetries that the observable has, a start can have, and the ansatz breaks.

They come in the order of what they leave of the space that training moves in, most first: over-symmetrising loses
solutions (theory section 8; arXiv:2606.20316). Offered are symmetries that mean something and leave something to train: a parity
of all qubits, not every string that happens to commute; no charge on which the loss depends alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import comb, log2

from bplint.analyses.dla.pauli.classify import PauliAlgebra, classify
from bplint.analyses.symmetry.ansatz import Ansatz
from bplint.analyses.symmetry.charges import to_z
from bplint.analyses.symmetry.commutant import commutant, is_abelian
from bplint.analyses.symmetry.loss import LossSymmetry
from bplint.analyses.symmetry.permutations import PermutationGroup
from bplint.analyses.symmetry.prior import Preparation, Prior
from bplint.analyses.symmetry.start import bits_with, filling, letters_of, product, signs_of, singlets
from bplint.ir.pauli import (
    LETTERS,
    LinearSpan,
    PauliTerms,
    anticommute,
    from_letters,
    ones,
    support,
    to_sparse,
    weight,
    x_part,
)

MOST = 8
"""Priors offered."""


def candidates(loss: LossSymmetry, ansatz: Ansatz, groups: Sequence[PermutationGroup]) -> tuple[Prior, ...]:
    """The priors, at most :data:`MOST`. ``groups`` are permutations that leave the observable as it is."""
    priors = [*_parities(loss, ansatz), *_permutations(loss, ansatz, groups)]
    if not loss.observable.projector:
        numbers = list(_numbers(loss, ansatz))
        priors += numbers
        priors += _spins(loss, ansatz, groups)
        priors += _fermions(loss, ansatz, numbers[0][1].start if numbers else ())
    priors.sort(key=lambda pair: -pair[0])
    seen: Counter[str] = Counter()
    named = []
    for room, prior in priors[:MOST]:
        seen[prior.name] += 1
        name = f"{prior.name}-{seen[prior.name]}" if seen[prior.name] > 1 else prior.name
        named.append(prior._replace(name=name, room=room))
    return tuple(named)


_Sized = tuple[float, Prior]
"""A prior with log2 of the dimension of the space of operators that it leaves."""


def _parities(loss: LossSymmetry, ansatz: Ansatz) -> Iterator[_Sized]:
    """The parities of one letter on all qubits, at most two; and all that commute with O where those are few."""
    n = loss.n
    uniform = (from_letters(((q, LETTERS.index(letter)) for q in range(n)), n) for letter in "ZXY")
    sets = [[string] for string in uniform if not any(anticommute(string, term, n) for term in loss.strings)][:2]
    idle = [1 << q + part for q in ones((1 << n) - 1 & ~loss.support) for part in (0, n)]
    everything = commutant([*loss.strings, *idle], n)
    covered = 0
    for string in everything:
        covered |= support(string, n)
    if covered == loss.support and is_abelian(everything, n) and [set(everything)] != [set(s) for s in sets]:
        sets.append(everything)
    for strings in sets:
        letters, span = letters_of(strings, n), LinearSpan(strings)
        if letters is None or all(term in span for term in loss.strings) or all(map(ansatz.keeps_string, strings)):
            continue
        signs = signs_of(strings, n, loss.lowest())
        start = product(bits_with(strings, signs, n), letters)
        names = [_short(string, n) for string in strings]
        sector = ", ".join(f"{name} = {'-' if sign else '+'}1" for name, sign in zip(names, signs, strict=True))
        group = "Z_2" if len(strings) == 1 else f"Z_2^{len(strings)}"
        what = "parity" if len(strings) == 1 else "parities"
        charges = tuple(((string, 1.0),) for string in strings)
        yield (
            2.0 * (n - len(strings)),
            Prior("z2", group, f"the {what} {', '.join(names)}", sector, charges, start=start),
        )


def _numbers(loss: LossSymmetry, ansatz: Ansatz) -> Iterator[_Sized]:
    """The number of qubits set, in the first basis in which one is conserved."""
    n = loss.n
    for letter in "ZXY":
        weights = loss.charge(letter)
        if weights is None or ansatz.keeps_charge(weights, letter):
            continue
        bits = filling(weights, to_z(loss.terms, letter, n), loss.lowest(letter))
        if bits is None:
            continue
        start = product(bits, dict.fromkeys((q for q in range(n) if weights[q]), letter))
        moving = [q for q in range(n) if weights[q]]
        level = sum(weights[q] * (1 - 2 * bits[q]) for q in moving)
        if all(weights[q] == 1 for q in moving):
            state = {"Z": "set", "X": "in |->", "Y": "in |-i>"}[letter]
            words, sector = "the particle number", f"{sum(bits)} of {len(moving)} qubits {state}"
        else:
            words, sector = "a weighted particle number", f"{_sum_words(weights, letter)} = {level}"
        if letter != "Z":
            words = f"{words} in the {letter} basis"
        if all(abs(weights[q]) == 1 for q in moving):
            size = log2(comb(len(moving), (len(moving) - level) // 2)) + n - len(moving)
        else:
            size = n - log2(n)
        yield 2 * size, Prior("u1", "U(1)", words, sector, (_charge(weights, letter, n),), start=start)
        return


def _spins(loss: LossSymmetry, ansatz: Ansatz, groups: Sequence[PermutationGroup]) -> Iterator[_Sized]:
    """The total spin, with signs on the qubits as three conserved charges have them."""
    n = loss.n
    if n < 3 or loss.support != (1 << n) - 1 or any(group.name == f"S_{n}" for group in groups):
        return  # O of all pairs alike is a function of the total spin
    charges = {letter: loss.charge(letter) for letter in "XYZ"}
    signs = {letter: weights for letter, weights in charges.items() if weights is not None}
    if len(signs) < 3 or any(abs(m) != 1 for weights in signs.values() for m in weights):
        return
    if len({x * y * z for x, y, z in zip(signs["X"], signs["Y"], signs["Z"], strict=True)}) > 1:
        return
    if all(ansatz.keeps_charge(weights, letter) for letter, weights in signs.items()):
        return
    half = n // 2
    size = log2(comb(n, half) - comb(n, half - 1))
    conserved = tuple(_charge(weights, letter, n) for letter, weights in signs.items())
    sector = "pairs in singlets, total spin " + ("1/2" if n % 2 else "0")
    yield 2 * size, Prior("su2", "SU(2)", "the total spin", sector, conserved, start=singlets(signs))


def _permutations(loss: LossSymmetry, ansatz: Ansatz, groups: Sequence[PermutationGroup]) -> Iterator[_Sized]:
    """Permutations of at least half of the qubits that O acts on; |0…0> is invariant under all."""
    words = {
        "sn": "the qubits interchangeable",
        "cn": "the turns of the ring",
        "dn": "the turns and reflections of the ring",
    }
    for group in groups:
        moving = {q for p in group.generators for q, place in enumerate(p) if q != place}
        if 2 * len(moving) < loss.support.bit_count() or all(map(ansatz.keeps_permutation, group.generators)):
            continue
        yield (
            2 * group.log2_orbits,
            Prior(group.kind, group.name, words[group.kind], "invariant states", permutations=group.generators),
        )


def _fermions(loss: LossSymmetry, ansatz: Ansatz, filled: Preparation) -> Iterator[_Sized]:
    """The algebra of O's own terms where it is one of few free fermions; to couplings ZZ alone the X of each qubit is added."""
    n = loss.n
    strings = loss.strings
    if all(not x_part(string, n) for string in strings):
        strings = [*strings, *(1 << q for q in range(n))]
    if loss.support != (1 << n) - 1 or not 2 <= max((weight(s, n) for s in loss.strings), default=0) <= _LOCAL:
        return
    algebra = classify(strings, n)
    if not _is_few_fermions(algebra):
        return
    if all(algebra.contains(string) for terms in ansatz.sums for string, _ in terms) and _is_plain(ansatz):
        return
    start, sector = filled, ""
    alone = [string for string in strings if weight(string, n) == 1]
    letters = letters_of(alone, n)
    if letters is not None and len(letters) == n:
        parities = [s for s in commutant(strings, n) if (of := letters_of([s], n)) and of.items() <= letters.items()]
        signs = signs_of(parities, n, loss.lowest())
        start = product(bits_with(parities, signs, n), letters)
        sector = ", ".join(f"{_short(s, n)} = {'-' if sign else '+'}1" for s, sign in zip(parities, signs, strict=True))
    yield (
        log2(algebra.dimension),
        Prior(
            "fermions", _names(algebra), "the observable's free fermions", sector, strings=tuple(strings), start=start
        ),
    )


def _is_few_fermions(algebra: PauliAlgebra) -> bool:
    """Whether all is free fermions, on as many modes as there are qubits or more, and of a dimension like n²."""
    n, components = algebra.n_qubits, algebra.components
    return (
        all(c.free_fermion for c in components)
        and max(c.size for c in components) >= max(n, _MODES)
        and algebra.dimension <= _DIMENSION * n * n
    )


_MODES = 7
"""so(6) and smaller ones are other algebras as well, by coincidence."""
_DIMENSION = 8
_LOCAL = 3
"""Couplings of free fermions on neighbours act on so many qubits at most."""


def _is_plain(ansatz: Ansatz) -> bool:
    """Whether the circuit's Cliffords are the identity together."""
    n = ansatz.frame.n_qubits
    return ansatz.frame.rows == tuple((1 << q + part, 0) for q in range(n) for part in (0, n))


def _names(algebra: PauliAlgebra) -> str:
    """Such as ``2 so(8)``."""
    counts: Counter[str] = Counter()
    for component in algebra.components:
        if component.family != "u(1)":
            counts[component.algebra] += component.copies
    return " + ".join(f"{count} {name}" if count > 1 else name for name, count in counts.items())


def _charge(weights: Sequence[int], letter: str, n: int) -> PauliTerms:
    code = LETTERS.index(letter)
    return tuple((from_letters([(q, code)], n), float(m)) for q, m in enumerate(weights) if m)


def _sum_words(weights: Sequence[int], letter: str) -> str:
    """Such as ``Z0 - Z1 + 2*Z2``; long ones end in dots."""
    words = ""
    moving = [(q, m) for q, m in enumerate(weights) if m]
    for q, m in moving[:_SAID]:
        words += (" + " if m > 0 else " - ") + (f"{abs(m)}*" if abs(m) > 1 else "") + f"{letter}{q}"
    return words.removeprefix(" + ").strip() + (" + …" if len(moving) > _SAID else "")


def _short(string: int, n: int) -> str:
    """The name of a string; one of equal letters by its ends."""
    letters = letters_of([string], n) or {}
    if len(letters) <= _SAID or len(set(letters.values())) > 1:
        return to_sparse(string, n)
    first, *_, last = letters
    letter = letters[first]
    return (
        f"{letter}{first}…{letter}{last}" if len(letters) == last - first + 1 else f"{letter} on {len(letters)} qubits"
    )


_SAID = 4
"""Letters written out."""

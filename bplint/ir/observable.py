"""The loss: a Pauli sum or a projector, and how people write it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bplint.errors import BplintError
from bplint.ir.pauli import LETTERS, PauliSum, PauliTerms, from_label, from_letters, to_sparse


class ObservableError(BplintError):
    """The text is not an observable of this circuit."""


class DoesNotFit(ObservableError):
    """The text is an observable, though not of this circuit: the number of qubits is at fault."""


class Observable(NamedTuple):
    """A Hermitian operator: constant + Σ coefficient · P_string, or the projector |0…0><0…0| on some qubits.

    ``terms`` are (string, coefficient), sorted, without the identity and without zeros; empty for a projector.
    ``text`` is how it was stated.
    """

    n_qubits: int
    terms: PauliTerms = ()
    constant: float = 0.0
    projector: tuple[int, ...] = ()
    text: str = ""

    @property
    def scale(self) -> float:
        """Single-shot scale N(O): Σ c² over the non-identity terms, ¼ for a projector (contract section 5)."""
        return 0.25 if self.projector else math.fsum(c * c for _, c in self.terms)

    @property
    def generators(self) -> tuple[int, ...]:
        """Strings whose products are all of its terms: these themselves, or the Z of each of a projector's qubits."""
        return tuple(1 << (q + self.n_qubits) for q in self.projector) or tuple(string for string, _ in self.terms)

    @property
    def support(self) -> int:
        """Bit mask of the qubits on which it acts."""
        mask = 0
        for string in self.generators:
            mask |= string | string >> self.n_qubits
        return mask & ((1 << self.n_qubits) - 1)

    def widened(self, n_qubits: int) -> Observable:
        """The same where there are more qubits behind its own."""
        own, low = self.n_qubits, (1 << self.n_qubits) - 1
        terms = sorted(((string & low) | string >> own << n_qubits, c) for string, c in self.terms)
        return self._replace(n_qubits=n_qubits, terms=tuple(terms))

    def over(self, unit: float) -> Observable:
        """A sum divided by a positive number; a projector only by 1."""
        terms = tuple((string, c / unit) for string, c in self.terms)
        return self._replace(terms=terms, constant=self.constant / unit)

    def written_out(self) -> Observable:
        """The same as a sum: |0…0><0…0| on m qubits is 2^-m times the sum of all 2^m Z-strings on them."""
        if not self.projector:
            return self
        strings = [0]
        for generator in self.generators:
            strings += [string | generator for string in strings]
        return pauli_sum(dict.fromkeys(strings, 1 / len(strings)), self.n_qubits, text=self.text)


def pauli_sum(terms: PauliSum[float], n_qubits: int, *, constant: float = 0.0, text: str = "") -> Observable:
    """The observable of these strings; the identity joins the constant and zeros are dropped."""
    constant += terms.get(0, 0.0)
    kept = tuple(sorted((s, c) for s, c in terms.items() if s and c))
    return Observable(n_qubits, kept, constant, text=text)


def sum_text(terms: Mapping[int, float], n_qubits: int) -> str:
    """A sum of strings as :func:`parse` reads it; one of more than 20 is cut short, for people."""
    parts = []
    for string, c in list(terms.items())[:_SHOWN]:
        factor = "" if c == 1 else "-" if c == -1 else f"{c!r}*"
        parts.append(f"{factor}{to_sparse(string, n_qubits)}" if string else repr(c))
    more = f" + … ({len(terms)} terms)" if len(terms) > _SHOWN else ""
    return (" + ".join(parts) or "0").replace("+ -", "- ") + more


def mean_of(letter: str, qubits: Sequence[int], n_qubits: int, *, text: str = "") -> Observable:
    """(1/m) Σ letter_q over the m given qubits. ``ObservableError`` where its strings would not fit in memory."""
    if len(qubits) * n_qubits > _BITS:
        raise DoesNotFit(f"a sum over {len(qubits):,} of {n_qubits:,} qubits is too large; name fewer qubits")
    code = LETTERS.index(letter)
    return pauli_sum({from_letters([(q, code)], n_qubits): 1 / len(qubits) for q in qubits}, n_qubits, text=text)


_BITS = 1 << 30
"""Qubits times terms of one sum."""

_SHOWN = 20


def in_range(observable: Observable) -> Observable:
    """The same. ``ObservableError`` where a coefficient is no number, or so large or small that its square is none."""
    for coefficient in (observable.constant, *(c for _, c in observable.terms)):
        if not (coefficient == 0 or _SMALLEST <= abs(coefficient) <= _LARGEST):
            size = (
                "is not finite"
                if not math.isfinite(coefficient)
                else "is too large"
                if abs(coefficient) > 1
                else "is too small"
            )
            raise ObservableError(f"coefficient {coefficient:g} {size}")
    return observable


_SMALLEST, _LARGEST = 1e-100, 1e100
"""Of a coefficient that is not zero."""

_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_TERM = re.compile(
    rf"\s*(?P<sign>[+-]?)\s*(?:(?P<number>{_NUMBER})(?P<imaginary>[ij]?)\s*\*?\s*)?"
    r"(?P<word>projector\s*\([^)]*\)|mean\s*\(\s*[XYZ]\s*\)|[A-Za-z](?:[A-Za-z0-9_\s]|\*|@|\[|\])*)?"
)
_SPARSE = re.compile(r"([A-Za-z])_?\[?(\d+)\]?")


def parse(text: str, n_qubits: int) -> Observable:
    """Read ``0.5*Z0 Z1 + X2``, a dense label (leftmost letter qubit 0), ``mean(Z)`` or ``projector(0..n-1)``.

    Forms may be summed, a projector stands alone. ``ObservableError`` says what is wrong and what would be right.
    """
    stated = " ".join(text.split())
    if not stated:
        raise ObservableError("the observable is empty; write for instance Z0 Z1")
    if stated.startswith("projector"):
        return Observable(n_qubits, projector=_projector(stated, n_qubits), text=stated)
    terms: dict[int, float] = {}
    position = 0
    while position < len(stated):
        match = _TERM.match(stated, position)
        if match is None or match.end() == position or not (match["number"] or match["word"]):
            raise ObservableError(f"cannot read the observable at {stated[position : position + 20]!r}")
        if position and not match["sign"]:
            raise ObservableError(f"want + or - before {stated[match.start() : match.start() + 20].strip()!r}")
        if match["imaginary"]:
            raise ObservableError(
                f"coefficient {match['number']}{match['imaginary']} is imaginary; an observable is Hermitian"
            )
        coefficient = float(match["number"] or 1) * (-1 if match["sign"] == "-" else 1)
        if coefficient and not _SMALLEST <= abs(coefficient) <= _LARGEST:
            raise ObservableError(
                f"coefficient {match['number']} is too {'large' if abs(coefficient) > 1 else 'small'}"
            )
        word = (match["word"] or "").strip(" *")
        if word.startswith("mean") and not word.endswith(")"):
            raise ObservableError(f"want mean(X), mean(Y) or mean(Z), got {stated[match.start('word') :][:20]!r}")
        for string, weight in _word(word, n_qubits):
            terms[string] = terms.get(string, 0.0) + coefficient * weight
        position = match.end()
    return pauli_sum(terms, n_qubits, text=stated)


def _word(word: str, n: int) -> list[tuple[int, float]]:
    if not word or word == "I":
        return [(0, 1.0)]
    if word.startswith("mean"):
        return [(s, c) for s, c in mean_of(word.rstrip(" )")[-1], range(n), n).terms]
    if word.startswith("projector"):
        raise ObservableError("a projector stands alone: projector(0..n-1)")
    if any(ch.isdigit() for ch in word):
        return [(_sparse(word, n), 1.0)]
    if set(word) <= set("IXYZ"):
        if len(word) != n:
            raise DoesNotFit(
                f"the label {word} has {len(word)} letters, the circuit {n} qubits; write Z0 Z1 to name the qubits"
            )
        return [(from_label(word), 1.0)]
    raise ObservableError(f"want letters I, X, Y, Z, got {word[:20]!r}; write for instance Z0 Z1")


def _sparse(word: str, n: int) -> int:
    string = 0
    for factor in re.split(r"[\s*@]+", word):
        match = _SPARSE.fullmatch(factor)
        if match is None or match[1].upper() not in "IXYZ":
            raise ObservableError(f"want a letter and a qubit such as Z0, got {factor[:20]!r}")
        qubit, code = int(match[2]), LETTERS.index(match[1].upper())
        if qubit >= n:
            raise DoesNotFit(f"{factor} is outside the circuit: qubits are 0..{n - 1}")
        if (string | string >> n) >> qubit & 1:
            raise ObservableError(f"qubit {qubit} appears twice in the term {word!r}")
        string ^= from_letters([(qubit, code)], n)
    return string


def _projector(text: str, n: int) -> tuple[int, ...]:
    match = re.fullmatch(r"projector\s*\(([^)]*)\)", text)
    if match is None:
        raise ObservableError(f"a projector stands alone, as projector(0..n-1) or projector(0, 2); got {text[:40]!r}")
    qubits: set[int] = set()
    for part in match[1].split(","):
        ends = [_index(end, n) for end in part.split("..")]
        if len(ends) > 2:
            raise ObservableError(f"want a qubit or a range a..b, got {part.strip()!r}")
        if ends[-1] >= n:
            raise DoesNotFit(f"projector names qubit {max(ends[0], n)}; qubits are 0..{n - 1}")
        qubits.update(range(ends[0], ends[-1] + 1))
    outside = [q for q in qubits if not 0 <= q < n]
    if outside or not qubits:
        raise DoesNotFit(f"projector names {f'qubit {outside[0]}' if outside else 'no qubit'}; qubits are 0..{n - 1}")
    return tuple(sorted(qubits))


def _index(text: str, n: int) -> int:
    match = re.fullmatch(r"\s*(?:(\d{1,9})|n(?:\s*-\s*(\d{1,9}))?)\s*", text)
    if match is None:
        raise ObservableError(f"want a qubit number or n-1, got {text.strip()[:20]!r}")
    return int(match[1]) if match[1] else n - int(match[2] or 0)

"""How an integer grows with the size, over the members of a family; never from one size.

A dimension gets a closed form only if one fits every size exactly, with two sizes to spare.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

SPARE = 2
"""Sizes that a closed form must fit beyond those that determine it."""


class Form(NamedTuple):
    """Σ coefficient · basis function, for sizes of one ``parity`` (0 even, 1 odd, None all)."""

    terms: tuple[tuple[Fraction, str], ...]
    parity: int | None

    @property
    def is_polynomial(self) -> bool:
        """Whether no term grows exponentially."""
        return not any(name.endswith("^n") for _, name in self.terms)

    def value(self, n: int) -> Fraction | int:
        """At size n."""
        return sum(c * _FUNCTIONS[name](n) for c, name in self.terms)

    def __str__(self) -> str:
        return self.told("n")

    def told(self, axis: str) -> str:
        """The form in words, of a size that is called so."""
        scale = math.lcm(*(c.denominator for c, _ in self.terms)) if self.terms else 1
        text = "".join(_term(int(c * scale), name, axis) for c, name in self.terms) or " + 0"
        text = text.removeprefix(" + ") if text.startswith(" + ") else "-" + text.removeprefix(" - ")
        whole = f"({text})/{scale}" if scale > 1 else text
        return whole if self.parity is None else f"{whole} for {'odd' if self.parity else 'even'} {axis}"


def _term(coefficient: int, name: str, axis: str) -> str:
    size = "" if abs(coefficient) == 1 and name != "1" else str(abs(coefficient))
    times = "·" if size and not name.startswith("n") else ""
    return f" {'-' if coefficient < 0 else '+'} {size}{'' if name == '1' else times + name.replace('n', axis)}"


def closed_form(values: Mapping[int, int]) -> tuple[Form, ...] | None:
    """The simplest form that gives every value exactly: one for all sizes, or one for each parity; None if there is none."""
    if form := _fit(values, None):
        return (form,)
    classes = [{n: v for n, v in values.items() if n % 2 == parity} for parity in (0, 1)]
    forms = [_fit(part, parity) for parity, part in enumerate(classes) if part]
    forms_known = tuple(form for form in forms if form)
    return forms_known if len(forms_known) == len(forms) > 1 else None


def _fit(values: Mapping[int, int], parity: int | None) -> Form | None:
    from fractions import Fraction  # most runs see no family

    sizes = sorted(values)
    for names in _BASES:
        unknown = len(names)
        if len(sizes) < unknown + SPARE:
            continue
        rows = [[Fraction(_FUNCTIONS[name](n)) for name in names] for n in sizes[:unknown]]
        solution = _solve(rows, [Fraction(values[n]) for n in sizes[:unknown]])
        if solution is None:
            continue
        form = Form(tuple((c, name) for c, name in zip(solution, names, strict=True) if c), parity)
        if all(form.value(n) == values[n] for n in sizes):
            return form
    return None


_FUNCTIONS: dict[str, Callable[[int], int]] = {
    "4^n": lambda n: 4**n,
    "2^n": lambda n: 2**n,
    "(-2)^n": lambda n: (-2) ** n,
    **{f"n^{d}": (lambda n, d=d: n**d) for d in range(8, 1, -1)},  # type: ignore[misc]
    "n": lambda n: n,
    "1": lambda n: 1,
}
_POWERS = [["1"], *([*(f"n^{d}" for d in range(top, 1, -1)), "n", "1"] for top in range(1, 9))]
_EXPONENTIAL = [["2^n"], ["4^n"], ["4^n", "2^n"], ["4^n", "(-2)^n"]]
# Fewest unknowns first; a polynomial before an exponential of as many.
_BASES = sorted(
    [*_POWERS, *([*e, *p] for e in _EXPONENTIAL for p in [[], *_POWERS[:4]])],
    key=lambda names: (len(names), any(name.endswith("^n") for name in names)),
)


def _solve(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """The solution of a square system; None if it is singular."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    for i in range(len(table)):
        pivot = next((k for k in range(i, len(table)) if table[k][i]), None)
        if pivot is None:
            return None
        table[i], table[pivot] = table[pivot], table[i]
        table[i] = [v / table[i][i] for v in table[i]]
        for k, row in enumerate(table):
            if k != i and row[i]:
                table[k] = [a - row[i] * b for a, b in zip(row, table[i], strict=True)]
    return [row[-1] for row in table]

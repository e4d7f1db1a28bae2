"""What is known of a circuit's algebra: bounds on its dimension, and what it is made of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bplint.analyses.dla.pauli.classify import Component, PauliAlgebra
from bplint.bounds import Status
from bplint.number_format import integer, whole

if TYPE_CHECKING:
    from bplint.analyses.dla.closure.floating import Estimate
    from bplint.analyses.dla.closure.modular import Closure

Parts: TypeAlias = tuple[tuple[str, int, int], ...]
"""(algebra, dimension of one copy, copies) of the simple ideals, the largest first, and then of the centre."""


class Dla(NamedTuple):
    """Dimension bounds and structure. ``algebra`` is that of the separate strings, which contains the circuit's, and
    ``surely`` one that the circuit's contains. ``closure`` is what was found of sums of strings, ``ceiling`` an upper bound by
    it or by what is conserved, and ``estimate`` what floating point takes the dimension for."""

    status: Status
    reason: str
    algebra: PauliAlgebra
    surely: PauliAlgebra
    repeat: PauliAlgebra | None
    lower: int
    """A dimension that is reached for sure."""
    closure: Closure | None = None
    ceiling: int | None = None
    estimate: Estimate | None = None
    ideals: Parts | None = None
    """What the closure is made of, where it is complete and the ideals were told apart."""

    @property
    def separate(self) -> bool:
        """Whether every string is a generator by itself: then ``algebra`` is the circuit's."""
        return self.status is Status.EXACT and self.closure is None

    @property
    def upper(self) -> int:
        """A dimension that is surely not exceeded; the dimension where it is exact."""
        if self.status is Status.EXACT:
            return self.lower
        return self.algebra.dimension if self.ceiling is None else min(self.ceiling, self.algebra.dimension)

    @property
    def method(self) -> str:
        """How the dimension, or what is known of it, was found."""
        if self.estimate:
            return "floating-closure"
        return "linear-closure" if self.status is Status.EXACT and self.closure else "pauli-classification"

    @property
    def kind(self) -> str:
        """``abelian``, ``free-fermion`` or ``exponential-type``; of the upper bound where not exact."""
        components = self.algebra.components
        if any(is_exponential(c) for c in components):
            return "exponential-type"
        return "abelian" if all(c.family == "u(1)" for c in components) else "free-fermion"

    @property
    def parts(self) -> Parts | None:
        """The ideals; None where they are not known."""
        if not self.separate:
            return self.ideals
        copies: Counter[tuple[str, int]] = Counter()
        for c in self.algebra.components:
            copies[_name(c), c.dimension // c.copies] += c.copies
        ordered = sorted(copies.items(), key=lambda item: (item[0][0] == "u(1)", -item[0][1], item[0][0]))
        return tuple((name, dimension, count) for (name, dimension), count in ordered)

    @property
    def summary(self) -> list[tuple[int, int, str]]:
        """(count, copies, algebra) of the upper bound's components, equal ones once, the largest first."""
        return [(count, copies, name) for _, count, copies, name in self._counted()]

    def _counted(self) -> list[tuple[int, int, int, str]]:
        counts = Counter((c.dimension, c.copies, _name(c)) for c in self.algebra.components)
        return [(d, count, copies, name) for (d, copies, name), count in sorted(counts.items(), reverse=True)]

    def _components(self) -> list[tuple[int, int, int, str]]:
        if self.separate or self.status is not Status.EXACT:
            return self._counted()
        return [(copies * d, 1, copies, name) for name, d, copies in self.ideals or ()]

    def _center(self) -> int | None:
        parts = self.parts
        return None if parts is None else sum(copies for name, _, copies in parts if name == "u(1)")

    def as_json(self) -> dict[str, object]:
        exact = self.status is Status.EXACT
        upper = self.upper
        return {
            "status": self.status,
            **({"reason": self.reason} if self.reason else {}),
            "dimension": integer(upper) if exact else None,
            "log2_dimension": _log2(upper) if exact else None,
            "lower": integer(self.lower),
            "upper": integer(upper),
            "method": self.method,
            **({"estimate": self.estimate._asdict()} if self.estimate else {}),
            "components": [
                {"algebra": name, "dimension": integer(dimension), "copies": integer(copies), "count": count}
                for dimension, count, copies, name in self._components()
            ],
            "center": self._center(),
            "class": self.kind if self.separate or not exact else None,
            **({"symmetry": self.closure.symmetry} if self.closure and self.closure.symmetry else {}),
            "repeat": {"dimension": integer(self.repeat.dimension)} if self.repeat else None,
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        """The algebra as a person would write it, ``5 su(2) + 2 u(1), dim 17, exact``; what else is known of it after that."""
        if self.estimate:
            known = f"estimated in floating point (surely {self._between})"
            yield "dla", f"dim {whole(self.estimate.dimension)}, {known}: {self.reason}"
            return
        if self.status is not Status.EXACT:
            yield "dla", f"at most {self._largest}, dim {self._between}, {self.status}: {self.reason}"
            return
        names = "" if self.parts is None else f"{sum_of(self.parts)}, "
        yield "dla", f"{names}dim {whole(self.upper)}, exact"
        if self.closure:
            group = f", symmetric under {self.closure.symmetry}" if self.closure.symmetry else ""
            yield "closure", f"linear{group}; its strings apart have dimension {whole(self.algebra.dimension)}"
            return
        again = f"; dimension {whole(self.repeat.dimension)} when repeated for ever" if self.repeat else ""
        yield "class", f"{self.kind}{again}"

    @property
    def _between(self) -> str:
        return f"{whole(self.lower)} … {whole(self.upper)}"

    @property
    def _largest(self) -> str:
        """The largest components of the upper bound."""
        names = [
            f"{f'{count:,} × ' if count > 1 else ''}{f'{whole(copies)} copies of ' if copies > 1 else ''}{name}"
            for count, copies, name in self.summary[:4]
        ]
        return f"{', '.join(names) or 'nothing'}{', …' if len(self.summary) > 4 else ''}"


def sum_of(parts: Parts) -> str:
    """``5 su(2) + 2 u(1)``."""
    return " + ".join(f"{whole(copies)} {name}" if copies > 1 else name for name, _, copies in parts) or "nothing"


def is_exponential(component: Component) -> bool:
    """Whether the component's dimension grows like 4^k with its k qubit pairs: anything but free fermions."""
    return not component.free_fermion


def _name(component: Component) -> str:
    """The algebra of one copy; so(3), a free fermion's, is known to everybody as su(2)."""
    return "su(2)" if component.algebra == "so(3)" else component.algebra


def _log2(value: int) -> float:
    return round(math.log2(value), 6) if value else 0.0

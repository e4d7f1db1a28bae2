"""Registers of qubits and of bits, and their elements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from bplint.errors import SourceError, Unsupported
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.source import NAME, SourceText
from bplint.importers.quoting import quote
from bplint.number_format import plural


class Holds(StrEnum):
    """What a register is made of."""

    QUBITS = "qubit"
    BITS = "bit"


Place = int | Sequence[int]
"""One element, or several that a statement is spread over."""


class Register(NamedTuple):
    """Where it stands among the file's qubits or its bits; a register without a size is a single element."""

    holds: Holds
    place: Place


class Registers:
    """The registers of one file."""

    def __init__(self, source: SourceText, names: Names) -> None:
        self._source = source
        self._names = names
        self._registers: dict[str, Register] = {}
        self._count = dict.fromkeys(Holds, 0)
        self._physical = False

    @property
    def n_qubits(self) -> int:
        """How many qubits stand so far."""
        return self._count[Holds.QUBITS]

    def declare(self, holds: Holds, name: tuple[int, int], size: int | None) -> str:
        """A register, its name a range of the code; the size is None for a single element."""
        count = 1 if size is None else size
        if count < 1:
            raise self._source.error(f"a register needs at least one {holds}, here {count}", *name)
        if holds is Holds.QUBITS and self._physical:
            raise self._mixed(*name)
        text = self._names.claim(holds if size is None else f"{holds} register", *name)
        first = self._count[holds]
        self._grow(holds, first + count, *name)
        self._registers[text] = Register(holds, first if size is None else range(first, first + count))
        return text

    def qubit(self, text: str) -> int | None:
        """The number of the qubit that a text outside of the code names, such as ``q[0]``; None if it names none."""
        match = _SINGLE.fullmatch(text.strip())
        if not match:
            return None
        if match[3]:
            return int(match[3]) if self._physical and int(match[3]) < self.n_qubits else None
        register = self._registers.get(match[1])
        if not register or register.holds is not Holds.QUBITS:
            return None
        elements = (register.place,) if isinstance(register.place, int) else register.place
        index = int(match[2] or 0)
        return elements[index] if index < len(elements) and (match[2] or len(elements) == 1) else None

    def place(self, name: str, holds: Holds) -> Place | None:
        """All of the register of this name; None if there is none that holds these."""
        register = self._registers.get(name)
        return register.place if register is not None and register.holds is holds else None

    def whole(self, name: str, holds: Holds, start: int, end: int) -> Place:
        """All of the register, or the physical qubit, that is named at this place."""
        if name.startswith("$"):
            return self._hardware(name, holds, start, end)
        register = self._registers.get(name)
        if register is None:
            raise self._undeclared(name, holds, start, end)
        if register.holds is not holds:
            raise self._source.error(f"{quote(name)} is made of {register.holds}s, not of {holds}s", start, end)
        return register.place

    def position(self, name: str, index: int, size: int, holds: Holds, start: int, end: int) -> int:
        """An index into ``size`` elements, counted from the front. Raises SourceError if it is out of range."""
        lowest = 0 if self._source.version == 2 else -size
        if lowest <= index < size:
            return index % size
        element = f"{quote(name)}[{quote(str(index))}]"
        raise self._source.error(
            f"{element} is out of range: {quote(name)} has {plural(size, holds)}, 0 to {size - 1}", start, end
        )

    def single(self, name: str, holds: Holds, start: int, end: int) -> SourceError:
        """The error for an index into what is a single element."""
        return self._source.error(f"{quote(name)} is a single {holds}: write {quote(name)} alone", start, end)

    def _hardware(self, name: str, holds: Holds, start: int, end: int) -> int:
        """A qubit of the machine, ``$7``: there are as many as the highest number needs."""
        self._source.only_in_3("a physical qubit", start, end)
        if holds is Holds.BITS:
            raise self._source.error(f"{quote(name)} is not a {holds}", start, end)
        if self.n_qubits and not self._physical:
            raise self._mixed(start, end)
        self._physical = True
        number = int(name[1:]) if len(name) < 20 else 10**18
        self._grow(Holds.QUBITS, max(self.n_qubits, number + 1), start, end)
        return number

    def _grow(self, holds: Holds, count: int, start: int, end: int) -> None:
        if count > self._source.limits.qubits:
            amount = f"{count:,}" if count < 10**18 else "more than 10^18"
            raise self._source.limit("qubits", f"{amount} {holds}s", start, end)
        self._count[holds] = count

    def _undeclared(self, written: str, holds: Holds, start: int, end: int) -> SourceError:
        known = [name for name, register in self._registers.items() if register.holds is holds]
        hint = None
        if holds is Holds.BITS:
            size, name = self.n_qubits, quote(written)
            hint = (
                f"declare it: bit[{size}] {name};" if self._source.version == 3 else f"declare it: creg {name}[{size}];"
            )
        return self._names.unknown(written, f"{holds} register", known, start, end, hint=hint)

    def _mixed(self, start: int, end: int) -> SourceError:
        return Unsupported("physical qubits and declared qubits in one file", self._source.span(start, end))


def sizes(places: Sequence[Place]) -> list[int]:
    """The different sizes of the operands that are more than single elements, sorted."""
    lengths = [len(place) for place in places if not isinstance(place, int)]
    return sorted(set(lengths)) if lengths else lengths


def repeated(places: Sequence[Place], count: int) -> Iterable[tuple[int, ...]]:
    """The operands of each repetition: a register gives its elements in turn, a single one is given every time."""
    columns = [[place] * count if isinstance(place, int) else place for place in places]
    return zip(*columns, strict=True) if columns else ((),) * count


_SINGLE = re.compile(rf"({NAME})\s*+(?:\[\s*+([0-9]{{1,9}})\s*+\])?|\$([0-9]{{1,9}})")

"""Registers and the operands that name their elements: single ones, whole registers, slices and sets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from bplint.errors import SourceError, Unsupported
from bplint.importers.qasm.angles import AngleExpressions
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.source import NAME, NotFlat, SourceText
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

    def __init__(self, source: SourceText, names: Names, angles: AngleExpressions) -> None:
        self._source = source
        self._names = names
        self._angles = angles
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

    def places(self, start: int, end: int, holds: Holds = Holds.QUBITS) -> list[Place]:
        """The operands in code[start:end], separated by commas. Raises SourceError for what names nothing.

        One comma may follow the last, as the grammar of OpenQASM 3 and Qiskit's readers have it.
        """
        found: list[Place] = []
        at, last = start, self._source.trim(start, end)[1]
        if self._source.code[start:last].endswith(",") and self._source.code[start : last - 1].strip():
            end = last - 1
        while at <= end:
            match = _OPERAND.match(self._source.code, at, end)
            if not match:
                raise self._unreadable(at, end)
            found.append(self._place(match, holds))
            at = match.end() + 1
        return found

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

    def _place(self, match: re.Match[str], holds: Holds) -> Place:
        name = match[1]
        if name.startswith("$") and match[2] is not None:
            raise self._source.error(f"{quote(match[0])} is not a {holds}", *match.span(1))
        found = self.whole(name, holds, *match.span(1))
        if match[2] is None:
            return found
        if isinstance(found, int):
            raise self.single(name, holds, *match.span(1))
        return self._indexed(name, found[0], len(found), match)

    def _indexed(self, name: str, first: int, size: int, match: re.Match[str]) -> Place:
        start, end = self._source.trim(*match.span(2))
        text = self._source.code[start:end]
        if not text:
            raise self._source.error(f"an index is missing: {quote(match[0])}", *self._source.trim(*match.span()))
        if text.isascii() and text.isdigit():
            return first + self._index(name, start, end, size, match)
        self._source.only_in_3(f"the index {quote(text)}", start, end)
        if text.startswith("{") and text.endswith("}"):
            chosen = [first + self._index(name, a, b, size, match) for a, b in self._split(start + 1, end - 1, ",")]
            if len(set(chosen)) < len(chosen):
                raise self._source.error(f"{quote(match[0].strip())} names an element twice", *match.span())
            return chosen
        if ":" in text:
            return self._slice(name, first, size, match)
        return first + self._index(name, start, end, size, match)

    def _slice(self, name: str, first: int, size: int, match: re.Match[str]) -> Place:
        """``a:b`` or ``a:step:b``, both ends included; a missing end is that of the register."""
        parts = self._split(*match.span(2), ":")
        if len(parts) > 3:
            raise self._source.error("a slice is first:last or first:step:last", *match.span(2))
        step = 1
        if len(parts) == 3:
            step = self._angles.whole(*parts[1], "the step of a slice")
        if not step:
            raise self._source.error("the step of a slice cannot be 0", *match.span(2))
        blank = [not self._source.code[a:b].strip() for a, b in (parts[0], parts[-1])]
        low = (0 if step > 0 else size - 1) if blank[0] else self._index(name, *parts[0], size, match)
        high = (size - 1 if step > 0 else 0) if blank[1] else self._index(name, *parts[-1], size, match)
        chosen = range(first + low, first + high + (1 if step > 0 else -1), step)
        if not chosen:
            raise self._source.error(f"{quote(match[0].strip())} names no element", *match.span())
        return chosen

    def _index(self, name: str, start: int, end: int, size: int, match: re.Match[str]) -> int:
        return self._element(name, self._angles.whole(start, end, "an index"), size, match)

    def _element(self, name: str, index: int, size: int, match: re.Match[str]) -> int:
        holds = self._registers[name].holds
        return self.position(name, index, size, holds, *self._source.trim(*match.span()))

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

    def _split(self, start: int, end: int, separator: str) -> list[tuple[int, int]]:
        """The ranges between separators."""
        cuts = [i for i in range(start, end) if self._source.code[i] == separator]
        return list(zip([start, *(c + 1 for c in cuts)], [*cuts, end], strict=True))

    def _undeclared(self, written: str, holds: Holds, start: int, end: int) -> SourceError:
        known = [name for name, register in self._registers.items() if register.holds is holds]
        hint = None
        if holds is Holds.BITS:
            size, name = self.n_qubits, quote(written)
            hint = (
                f"declare it: bit[{size}] {name};" if self._source.version == 3 else f"declare it: creg {name}[{size}];"
            )
        return self._names.unknown(written, f"{holds} register", known, start, end, hint=hint)

    def _unreadable(self, at: int, end: int) -> SourceError:
        start, end = self._source.trim(at, end)
        if start >= end:
            return self._source.error("an operand is missing", at - 1, at)
        text = self._source.code[start:end]
        if self._source.version != 2 and _COMPOSED.search(text):
            raise NotFlat("composed operand", self._source.span(start, end))
        line_end = text.find("\n")
        hint = f"is a ; missing at the end of line {self._source.line(start)}?" if line_end >= 0 else None
        shown = quote(text if line_end < 0 else text[:line_end])
        return self._source.error(f"cannot read the operand {shown}", start, end, hint=hint)

    def _mixed(self, start: int, end: int) -> SourceError:
        return Unsupported("physical qubits and declared qubits in one file", self._source.span(start, end))


def sizes(places: Sequence[Place]) -> list[int]:
    """The different sizes of the operands that are more than single elements, sorted."""
    found = [len(place) for place in places if not isinstance(place, int)]
    return sorted(set(found)) if found else found


def repeated(places: Sequence[Place], count: int) -> Iterable[tuple[int, ...]]:
    """The operands of each repetition: a register gives its elements in turn, a single one is given every time."""
    columns = [[place] * count if isinstance(place, int) else place for place in places]
    return zip(*columns, strict=True) if columns else ((),) * count


_OPERAND = re.compile(rf"\s*+(\$[0-9]++|{NAME})\s*+(?:\[([^\[\]]*+)\])?\s*+(?=,|\Z)")
_COMPOSED = re.compile(r"\]\s*\[|\+\+")
_SINGLE = re.compile(rf"({NAME})\s*+(?:\[\s*+([0-9]{{1,9}})\s*+\])?|\$([0-9]{{1,9}})")

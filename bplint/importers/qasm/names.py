"""The names a file declares: each once, and its parameters and constants with what they stand for."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bplint.errors import SourceError
from bplint.importers.formulas import Combined, StepFormula
from bplint.importers.lowered import Angle
from bplint.importers.qasm.library import RESERVED_2, RESERVED_3
from bplint.importers.qasm.scopes import Affine, Array, Bindable, NameScope, Qubits
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import listed, quote
from bplint.ir.circuit import Parameter, Role

CONSTANTS: Mapping[str, Bindable] = {
    "pi": Angle(math.pi), "π": Angle(math.pi), "tau": Angle(math.tau), "τ": Angle(math.tau),
    "euler": Angle(math.e), "ℇ": Angle(math.e),
}  # fmt: skip


class Names:
    """Declared names, the parameter table in the order of declaration or first use, and what names stand for everywhere.

    ``known`` has constants, parameters, arrays of these, and registers of qubits.
    ``undeclared`` are names used as parameters without a declaration, ``opaque`` the expressions that became
    parameters of their own, each with the offset of its first use.
    """

    def __init__(self, source: SourceText, overrides: Mapping[str, int]) -> None:
        self.parameters: list[Parameter] = []
        self.index: dict[str, int] = {}
        self.known: dict[str, Bindable] = dict(CONSTANTS)
        self.whole: set[str] = set()
        """Inputs that are whole numbers."""
        self.undeclared: dict[str, int] = {}
        self.opaque: dict[str, int] = {}
        self.made_of: dict[str, Combined] = {}
        """Each expression that is not affine, by its text; the symbols in it may be such expressions too."""
        self.formulas: dict[str, StepFormula] = {}
        """What the expressions are that joined the table as parameters, by name."""
        self.has_inputs = False
        self._overrides = overrides
        self._constants: set[str] = set()
        """Constants that are whole numbers, which may be overridden."""
        self._source = source
        self._first: dict[str, tuple[str, int]] = {}

    def claim(self, what: str, start: int, end: int) -> str:
        """Take the name at this place for a declaration. Raises SourceError for a duplicate or a reserved word."""
        name = self.check(what, start, end)
        if name in self._first:
            kind, place = self._first[name]
            line = self._source.line(place)
            raise self._source.error(f"{quote(name)} is already the name of a {kind}, from line {line}", start, end)
        if name in self.undeclared:
            line = self._source.line(self.undeclared[name])
            raise self._source.error(f"{quote(name)} is declared here but used before, on line {line}", start, end)
        self._first[name] = (what, start)
        return name

    def check(self, what: str, start: int, end: int) -> str:
        """The name at this place, if it can be one in this dialect."""
        source = self._source
        name = source.code[start:end]
        self._check_length(name, start, end)
        if name in (RESERVED_2 if source.version == 2 else RESERVED_3):
            raise source.error(f"{name} is a word of OpenQASM and cannot be the name of a {what}", start, end)
        if source.version == 2 and not name.isascii():
            place = next(i for i, c in enumerate(name) if not c.isascii())
            letter = f"{name[place]} (U+{ord(name[place]):04X})"
            message = f"the name {quote(name)} has the letter {letter}; OpenQASM 2 knows a to z only"
            raise source.error(message, start + place, start + place + 1)
        return name

    def declare_input(self, shape: tuple[int, ...], start: int, end: int, *, whole: bool = False) -> None:
        """A declared parameter, or an array of them of this shape, named ``theta[0]`` and so on.

        A ``whole`` number that is overridden becomes a constant.
        """
        name = self._source.code[start:end]
        if whole and name in self._overrides:
            self.known[self.claim("constant", start, end)] = self.overridden(name, 0)
            return
        self.claim("parameter", start, end)
        self.has_inputs = True
        self._source.check("parameters", len(self.parameters) + math.prod(shape), "parameters", start, end)
        self.known[name] = self._new(name, shape, start, end)
        if whole:
            self.whole.add(name)

    def overridden(self, name: str, value: int) -> int:
        """The value of a constant of this name that is a whole number."""
        self._constants.add(name)
        return self._overrides.get(name, value)

    def declared(self) -> list[str]:
        """The numbers that the file declares, and arrays of such."""
        names = self.known.keys() - CONSTANTS.keys()
        return sorted(name for name in names if not isinstance(self.known[name], Qubits))

    def find(self, name: str, scope: NameScope) -> Bindable | None:
        """What a name stands for in a scope or else in the file; None if it is not declared."""
        found = scope.values.get(name)
        return self.known.get(name) if found is None else found

    def free(self, name: str, start: int, end: int) -> Affine:
        """A parameter that the file uses without declaring it. Raises SourceError where that is no safe reading."""
        base = name.partition("[")[0]
        if base not in self.undeclared:
            self._check_free(base, start, end)
            self.undeclared[base] = start
        if name not in self.known:
            self.known[name] = self._new(name, (), start, end)
        return Angle(0.0, ((name, 1.0),))

    def row(self, name: str, start: int, end: int) -> int:
        """The row of a parameter in the table; an expression that is not affine joins the table here."""
        if name not in self.index:
            self.opaque[name] = start
            formula = self.formulas[name] = StepFormula.of(name, self.made_of)
            self._add(name, tuple(sorted(formula.sources, key=self.index.__getitem__)), start, end)
        return self.index[name]

    def _check_free(self, name: str, start: int, end: int) -> None:
        source = self._source
        if name in self._first:
            raise source.error(f"{quote(name)} is a {self._first[name][0]}, not a number", start, end)
        if name.lower() in _MISTAKEN:
            raise source.error(f"{quote(name)} is not {_MISTAKEN[name.lower()]}", start, end)
        if name in RESERVED_3:
            raise source.error(f"{name} is a word of OpenQASM, not a number", start, end)
        self._check_length(name, start, end)
        if self.has_inputs:
            raise self.unknown(name, "parameter", self.declared(), start, end)

    def _check_length(self, name: str, start: int, end: int) -> None:
        if len(name) > self._source.limits.name:
            raise self._source.limit("name", f"a name of {len(name):,} characters, {quote(name)}", start, end)

    def unknown(
        self, name: str, what: str, known: list[str], start: int, end: int, *, hint: str | None = None
    ) -> SourceError:
        """The error for a name that is none of the known; ``hint`` is for when none of them is close to it."""
        message = f"there is no {what} {quote(name)}"
        if name in self._first:
            message = f"{quote(name)} is a {self._first[name][0]}: {message}"
        if hint is None and len(known) <= 8:
            hint = _declared(known)
        return self._source.error(message, start, end, hint=_meant(name, known) or hint)

    def check_overrides(self) -> None:
        """Raise SourceError for an override of what the file does not declare."""
        for name in self._overrides:
            if name in self._constants:
                continue
            known = sorted(self.whole | self._constants)
            message = f"--set {quote(name)}: the file declares no const int or input int of this name"
            raise SourceError(message, hint=_meant(name, known) or _declared(known))

    def _new(self, name: str, shape: tuple[int, ...], start: int, end: int) -> Bindable:
        """A new parameter, or an array of them."""
        if shape:
            return Array([self._new(f"{name}[{i}]", shape[1:], start, end) for i in range(shape[0])])
        self._add(name, (), start, end)
        return Angle(0.0, ((name, 1.0),))

    def _add(self, name: str, sources: tuple[str, ...], start: int, end: int) -> None:
        source = self._source
        if len(self.parameters) >= source.limits.parameters:
            raise source.limit("parameters", f"more than {source.limits.parameters:,} parameters", start, end)
        self.index[name] = len(self.parameters)
        self.parameters.append(Parameter(name, Role.TRAINABLE, source.span(start, end), sources))


def _meant(name: str, known: list[str]) -> str | None:
    """A hint at the known name that this one may be a slip of the pen for."""
    import difflib

    close = [other for other in known if other.lower() == name.lower()]
    close = close or difflib.get_close_matches(name[:100], known[:10_000], 1, cutoff=0.7)
    return f"did you mean {quote(close[0])}?" if close else None


def _declared(known: list[str]) -> str | None:
    return f"declared: {listed(known)}" if known else None


_MISTAKEN = {
    "inf": "a finite number", "infinity": "a finite number", "nan": "a finite number",
    "pi": "a constant of OpenQASM, which writes pi", "tau": "a constant of OpenQASM, which writes tau",
}  # fmt: skip

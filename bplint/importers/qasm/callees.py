"""What the names of gates stand for."""

from __future__ import annotations

import re
from typing import NamedTuple

from bplint.errors import SourceError, Unsupported
from bplint.importers.lowered import cost
from bplint.importers.qasm.angles import Expression
from bplint.importers.qasm.library import BUILT_IN, DECLARED, PROPER, RESERVED_3
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote
from bplint.ir.gates import Gate, gate, gate_names
from bplint.number_format import plural


class Builtin(NamedTuple):
    """A gate of the table under the name the source uses, first at ``start``. ``cost``: its operations, at least 1."""

    name: str
    gate: Gate
    n_parameters: int
    n_qubits: int
    cost: int
    start: int


class Definition(NamedTuple):
    """A gate that the file defines. ``cost`` counts its operations and, as 1 each, itself and the calls in it.

    ``steps`` is None where the body is more than a list of calls.
    """

    name: str
    parameters: tuple[str, ...]
    n_qubits: int
    steps: tuple[Step, ...] | None
    cost: int
    start: int

    @property
    def n_parameters(self) -> int:
        """How many angles it takes."""
        return len(self.parameters)


class Step(NamedTuple):
    """One call in a gate body: ``places`` are positions among the qubits of the gate."""

    callee: Callee
    arguments: tuple[Expression, ...]
    places: tuple[int, ...]


Callee = Builtin | Definition


class Callees:
    """The gates that a file can call. ``undeclared`` are those it uses without having them, with their first place."""

    def __init__(self, source: SourceText, names: Names) -> None:
        self.known: dict[str, Callee] = {}
        self.libraries: dict[str, int] = {}
        self.undeclared: dict[str, int] = {}
        self._opaque: dict[str, int] = {}
        self._source = source
        self._names = names

    def include(self, library: str, start: int, end: int) -> None:
        """Take in ``qelib1.inc`` or ``stdgates.inc``. Raises SourceError if the file has defined one of its gates."""
        self.libraries.setdefault(library, start)
        for name in PROPER[library] & self.known.keys():
            if isinstance(callee := self.known[name], Definition):
                line = self._source.line(callee.start)
                raise self._source.error(f"{library} declares {name}, which line {line} defines too", start, end)

    def find(self, start: int, end: int) -> Callee:
        """The gate named in code[start:end]. Raises SourceError if there is none."""
        name = self._source.code[start:end]
        callee = self.known.get(name)
        if name in self._opaque:
            line = self._source.line(self._opaque[name])
            message = f"{quote(name)} is an opaque gate, from line {line}: it has no definition"
            raise Unsupported(message, self._source.span(start, end), hint=f"define it: gate {quote(name)} … {{ … }}")
        if callee is None:
            callee = self.known[name] = self._builtin(name, start, end)
        return callee

    def declare_opaque(self, start: int, end: int) -> None:
        """Take the name at this place for a gate without a definition, which may not be called."""
        name = self._names.check("gate", start, end)
        self.refuse_second(name, start, end)
        self._opaque[name] = start

    def refuse_second(self, name: str, start: int, end: int) -> None:
        """Refuse the definition, at this place, of a gate that the file has already or has used before."""
        known, line, hint = self.known.get(name), self._source.line, None
        library = next((library for library in self.libraries if name in PROPER[library]), None)
        if name in self._opaque:
            why = f"already declared on line {line(self._opaque[name])}"
        elif isinstance(known, Definition):
            why = f"already defined on line {line(known.start)}"
        elif name == "U" or (name == "CX" and self._source.version == 2):
            why = "part of OpenQASM and cannot be defined"
        elif library is not None:
            why, hint = f"already defined by {library}", "give it another name, or leave out the include"
        elif known is not None:
            why = f"defined here but used before, on line {line(known.start)}"
        else:
            return
        raise self._source.error(f"gate {quote(name)} is {why}", start, end, hint=hint)

    def arity_error(self, callee: Callee, n_angles: int, n_qubits: int, start: int, end: int) -> SourceError:
        """The error for a call with too many or too few of either."""
        want = [plural(callee.n_parameters, "angle"), plural(callee.n_qubits, "qubit")]
        here = [plural(n_angles, "angle"), plural(n_qubits, "qubit")]
        differ = [h for h, w in zip(here, want, strict=True) if h != w]
        message = f"{quote(callee.name)} takes {' and '.join(want)}; here {' and '.join(differ)}"
        return self._source.error(message, start, end)

    def _builtin(self, name: str, start: int, end: int) -> Builtin:
        row = gate(name)
        if row is None:
            raise self._unknown(name, start, end)
        if not any(name in DECLARED[library] for library in self.libraries) and name not in BUILT_IN:
            if self._source.version == 2 and not self.libraries and name in DECLARED["qelib1.inc"]:
                message = f"{name} is a gate of qelib1.inc, which is not included"
                raise self._source.error(message, start, end, hint='add the line include "qelib1.inc";')
            self.undeclared[name] = start
        return Builtin(name, row, row.n_parameters, row.n_qubits, max(1, cost(row)), start)

    def _unknown(self, name: str, start: int, end: int) -> SourceError:
        source = self._source
        later = re.compile(rf"\bgate\s+{re.escape(name)}\b").search(source.code, end) if len(name) < 100 else None
        if later:
            line = source.line(later.start())
            return source.error(f"gate {quote(name)} is used before its definition on line {line}", start, end)
        return self._names.unknown(name, "gate", [*gate_names(), *self.known, *RESERVED_3], start, end)

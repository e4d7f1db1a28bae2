"""OpenQASM for gates: names that the text has or is given, its registers, angles in its parameters or as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from bplint.ir.circuit import Circuit
from bplint.ir.gates import gate
from bplint.rewrite.change import Angle, CannotError, Placed, Rewrite
from bplint.rewrite.gates import EXCHANGES
from bplint.rewrite.layout import NAME, Layout
from bplint.rewrite.library import LIBRARY, definition

_STANDARD = ("qelib1.inc", "stdgates.inc")


class Writer:
    """Writes gates into one text.

    ``definitions`` are the gates it has needed and the text does not have, in order; ``include`` is the library it needs.
    """

    def __init__(self, layout: Layout, circuit: Circuit, rewrite: Rewrite) -> None:
        self.definitions: list[str] = []
        self.include = ""
        self._layout = layout
        self._defined = layout.defined
        self._has_library = any(name in _STANDARD for name in layout.libraries)
        self._names: dict[tuple[str, int], str] = {}
        self._own: set[str] = set()
        self._registers: dict[int, tuple[str, int]] = {}
        """Name and size of each register of several qubits, by its first."""
        if circuit.ancillas:
            raise CannotError("it measures or resets qubits before its end")
        self._qubits = self._named_qubits(circuit.n_qubits)
        self._n_old = len(circuit.parameters)
        self._parameters = rewrite.parameters
        self._symbols = [p.name if p.value is None else "" for p in rewrite.parameters]
        for k in range(self._n_old, len(self._symbols)):
            base = self._symbols[k].partition("[")[0]
            self._symbols[k] = self._symbols[k].replace(base, _unused(base, layout.words), 1) if base else ""

    def statements(self, gates: Sequence[Placed], operands: str = "") -> list[str]:
        """Calls of gates, one for a whole register where they are alike; ``operands`` are those of the first as written."""
        lines = []
        at = 0
        while at < len(gates):
            if gates[at].shape:
                raise CannotError(f"{gates[at].name} cannot be written with other angles or on other qubits")
            name, size = self._spread(gates, at)
            wires = name or (operands if at == 0 else "") or ", ".join(self._qubits[q] for q in gates[at].qubits)
            angles = f"({', '.join(map(self.angle, gates[at].angles))})" if gates[at].angles else ""
            lines.append(f"{self.name(gates[at].name, len(gates[at].angles))}{angles} {wires};")
            at += size
        return lines

    def name(self, name: str, n_angles: int) -> str:
        """What the text calls this gate of :func:`bplint.rewrite.gates.named`, defined if need be."""
        key = name, n_angles
        if key not in self._names:
            self._names[key] = self._named(name, n_angles)
        return self._names[key]

    def is_own(self, placed: Placed) -> bool:
        """Whether the gate is one that the writer defines."""
        return self._names.get((placed.name, len(placed.angles))) in self._own

    def angle(self, angle: Angle) -> str:
        """An angle; parameters that were numbers are written as numbers."""
        constant, terms = angle
        parts: list[str] = []
        for p, coefficient in terms:
            value = self._parameters[p].value
            if value is not None:
                constant += coefficient * value
            else:
                parts.append(_times(coefficient, self._symbols[p]))
        if constant or not parts:
            parts.append(number(constant))
        return " + ".join(parts).replace("+ -", "- ")

    def declarations(self) -> list[str]:
        """Declarations of the new symbols, for a text that declares its inputs."""
        inputs = self._layout.begins("input")
        if not inputs:
            return []
        types = [_TYPE.search(self._layout.code, statement.start, statement.end) for statement in inputs]
        kind = next((match[0] for match in reversed(types) if match), "float[64]")
        arrays: dict[str, int] = {}
        lines = []
        for symbol in filter(None, self._symbols[self._n_old :]):
            base, bracket, _ = symbol.partition("[")
            if bracket:
                arrays[base] = arrays.get(base, 0) + 1
            else:
                lines.append(f"input {kind} {symbol};")
        return [*(f"input array[{kind}, {size}] {base};" for base, size in arrays.items()), *lines]

    def _named_qubits(self, n_qubits: int) -> list[str]:
        """How the text names each qubit."""
        registers = self._layout.registers(n_qubits)
        if registers is None:
            raise CannotError("the sizes of its registers are not plain numbers")
        names: list[str] = []
        for name, size in registers:
            if size is not None:
                self._registers[len(names)] = name, size
            names += [name] if size is None else [f"{name}[{k}]" for k in range(size)]
        if not names and "$" not in self._layout.code:
            raise CannotError("its qubits are declared in another file")
        return names or [f"${q}" for q in range(n_qubits)]

    def _named(self, name: str, n_angles: int) -> str:
        layout = self._layout
        here = name in layout.words and name not in self._defined
        row = gate(name)
        standard = row is not None and row.n_parameters == n_angles
        if standard and (here or (self._has_library and (name in LIBRARY or name in _stdgates(layout)))):
            return name
        if standard and name in LIBRARY:
            self._need_library()
            return name
        own = _unused(name, layout.words)
        text = definition(name, own) if standard or name in (*EXCHANGES, "ryx", "rzy") else None
        if text is None:
            raise CannotError(f"the file has no gate {name}")
        self._need_library()
        self.definitions.append(text)
        self._own.add(own)
        return own

    def _spread(self, gates: Sequence[Placed], at: int) -> tuple[str, int]:
        """The register on each qubit of which, in order, stands the gate at this place, and its size; else "" and 1."""
        name, size = self._registers.get(gates[at].qubits[0], ("", 0)) if len(gates[at].qubits) == 1 else ("", 0)
        alike = [
            gate._replace(qubits=(q,))
            for gate in gates[at : at + 1]
            for q in range(gate.qubits[0], gate.qubits[0] + size)
        ]
        return (name, size) if size > 1 and list(gates[at : at + size]) == alike else ("", 1)

    def _need_library(self) -> None:
        if self._has_library or self.include:
            return
        if any(gate(name) for name in self._defined):
            raise CannotError("the file includes no library and defines gates of its own")
        self.include = _STANDARD[self._layout.version != 2]


def number(value: float) -> str:
    """A number, as a fraction of pi if it is one."""
    for denominator in _DENOMINATORS:
        numerator = round(value / math.pi * denominator)
        if numerator and abs(numerator) <= 4 * denominator and abs(value - numerator * math.pi / denominator) < 1e-15:
            head = "pi" if abs(numerator) == 1 else f"{abs(numerator)}*pi"
            return ("-" if numerator < 0 else "") + head + (f"/{denominator}" if denominator > 1 else "")
    return "0" if value == 0 else repr(value)


def _times(coefficient: float, symbol: str) -> str:
    if not re.fullmatch(rf"{NAME}(?:\[\d+\])*", symbol):
        symbol = f"({symbol})"
    if abs(coefficient) == 1:
        return symbol if coefficient > 0 else f"-{symbol}"
    return f"{int(coefficient) if coefficient.is_integer() else number(coefficient)}*{symbol}"


def _unused(name: str, words: Iterable[str]) -> str:
    while name in words:
        name += "_"
    return name


def _stdgates(layout: Layout) -> frozenset[str]:
    return frozenset({"sx", "swap", "p", "crx", "cry", "cp"}) if "stdgates.inc" in layout.libraries else frozenset()


_DENOMINATORS = tuple(2**k for k in range(13))
_TYPE = re.compile(r"(?:float|angle)\b(?:\s*\[[^\[\]]*\])?")

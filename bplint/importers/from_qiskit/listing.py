"""A circuit as lines of text, for reports: there is no source, so line i + 1 shows ``circuit.data[i]``."""

from __future__ import annotations

from typing import Any

from bplint.importers.lazy_lines import LazyLines


class Listing(LazyLines):
    """Lines such as ``ry(θ[3]) q[0]``, each written when it is asked for."""

    def __init__(self, circuit: Any) -> None:
        self._circuit = circuit

    def __len__(self) -> int:
        return len(self._circuit.data)

    def line(self, index: int) -> str:
        instruction = self._circuit.data[index]
        angles = ", ".join(
            [_shown(p) for p in instruction.params if isinstance(p, int | float) or hasattr(p, "parameters")]
        )
        qubits = ", ".join([qubit_name(self._circuit, qubit) for qubit in instruction.qubits[:_SHOWN]])
        more = ", …" if len(instruction.qubits) > _SHOWN else ""
        return f"{instruction.name}{f'({angles})' if angles else ''} {qubits}{more}".rstrip()


def qubit_name(circuit: Any, qubit: Any) -> str:
    """A qubit as its register names it."""
    index, registers = circuit.find_bit(qubit)
    return f"{registers[0][0].name}[{registers[0][1]}]" if registers else f"qubit {index}"


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


_SHOWN = 8
_LONG = 60

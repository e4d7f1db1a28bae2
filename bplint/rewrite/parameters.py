"""New parameters beside those of a circuit: symbols where it trains symbols, numbers where it trains numbers."""

from __future__ import annotations

import math

from bplint.ir.circuit import Circuit, Parameter, Role
from bplint.rewrite.change import Angle


class Parameters:
    """The parameters of a circuit, growing. ``all`` has the old ones first."""

    def __init__(self, circuit: Circuit) -> None:
        self.all = list(circuit.parameters)
        trained = [p for p in circuit.parameters if p.role is Role.TRAINABLE]
        symbols = [p for p in trained if p.value is None]
        first = (symbols[0].sources or (symbols[0].name,))[0] if symbols else "" if trained else "theta"
        base, self._bracket, _ = first.partition("[")
        # A name that begins as the others do: what a glob of the file says of them holds for it too.
        self._symbol = f"{base.rstrip('_0123456789') or base}_new" if base else ""
        self._taken = {p.name for p in circuit.parameters}
        self._values = {round(abs(p.value), 6) for p in trained if p.value is not None}
        self._made = 0

    def fresh(self) -> Angle:
        """A new parameter, as an angle."""
        name, value = self._next_symbol() if self._symbol else self._next_number()
        self.all.append(Parameter(name, Role.TRAINABLE, value=value))
        return 0.0, ((len(self.all) - 1, 1.0),)

    def _next_symbol(self) -> tuple[str, None]:
        """An element of a new array if the others are elements, else a name."""
        while True:
            name = f"{self._symbol}[{self._made}]" if self._bracket else f"{self._symbol}_{self._made}"
            self._made += 1
            if name not in self._taken:
                return name, None

    def _next_number(self) -> tuple[str, float]:
        """A number like no other so far, far from the fractions of pi that are taken as fixed."""
        while True:
            self._made += 1
            value = round(math.tau * (self._made * _GOLDEN % 1.0) - math.pi, 12)
            turns = value / math.pi * 64
            if round(abs(value), 6) not in self._values and 0.1 < turns % 1 < 0.9:
                self._values.add(round(abs(value), 6))
                return f"new[{len(self.all)}]", value


_GOLDEN = (math.sqrt(5) - 1) / 2
"""Multiples of it, modulo 1, spread evenly and never repeat."""

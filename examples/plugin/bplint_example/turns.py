"""An importer of ``.turns`` files: one gate a line, such as ``rx 0 a`` or ``cx 0 1``, after the line ``qubits 2``.

An angle is a number, in radians, or the name of a parameter.
"""

import math

from bplint.errors import Span, Unsupported
from bplint.importers.program import Importer, Program
from bplint.ir.build import Builder
from bplint.ir.circuit import Parameter, Role
from bplint.ir.gates import gate, gate_names

LIMIT = 1_000


def read(text, *, path, overrides):
    """The circuit of a text. ``Unsupported``, with the line, for what is no gate."""
    lines = [line.split() for line in text.splitlines()]
    head = lines[0] if lines else []
    if len(head) != 2 or head[0] != "qubits" or not head[1].isdecimal() or not 0 < int(head[1][:9]) <= LIMIT:
        raise Unsupported(f"want a first line such as 'qubits 2', for 1 to {LIMIT:,} qubits", _line(1))
    builder, parameters = Builder(int(head[1])), {}
    for number, words in enumerate(lines[1:], start=2):
        if words:
            _append(builder, words, parameters, _line(number))
    roles = tuple(Parameter(name, Role.TRAINABLE) for name in parameters)
    return Program(builder.build(roles))


def _append(builder, words, parameters, place):
    name, *rest = words
    if name not in gate_names():
        raise Unsupported(f"there is no gate {name!r:.40}", place)
    row = gate(name)
    if len(rest) != row.n_qubits + row.n_parameters:
        raise Unsupported(f"{name} takes {row.n_qubits} qubits and {row.n_parameters} angles", place)
    qubits = [_qubit(word, builder.n_qubits, place) for word in rest[: row.n_qubits]]
    if len(set(qubits)) < len(qubits):
        raise Unsupported(f"{name} acts twice on one qubit", place)
    angles = [_angle(word, builder, parameters, place) for word in rest[row.n_qubits :]]
    builder.gate(row, qubits, angles, builder.statement(place))


def _qubit(word, n_qubits, place):
    if not word.isdecimal() or not int(word[:9]) < n_qubits:
        raise Unsupported(f"want a qubit from 0 to {n_qubits - 1}, got {word!r:.40}", place)
    return int(word)


def _angle(word, builder, parameters, place):
    if word.isidentifier() and word not in ("inf", "nan"):
        return parameters.setdefault(word, len(parameters))
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Unsupported(f"want a number or a name as angle, got {word!r:.40}", place)
    return builder.angle(value)


def _line(number):
    return Span(number, 1, number, 2)


IMPORTER = Importer("turns", (".turns",), read)

"""Cirq's ``.json`` files: looked through as data first, then built by Cirq.

Cirq's reader makes an object of whatever class the text names, at any size, and some classes evaluate the strings they are
given. So only classes on a list are let through, with numbers where numbers belong, finite and of sane size.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from itertools import accumulate
from os import PathLike
from typing import Any, NoReturn

from bplint.errors import LimitError, SourceError, Span, Unsupported
from bplint.importers.program import Importer, Program
from bplint.importers.quoting import quote

BPLINT_API = 1

FILE_LIMIT = 20_000_000
NESTING_LIMIT = 200
NUMBER_LIMIT = 2_000_000
"""Size of a whole number: a count of repetitions, qubits or controls."""
DIGIT_LIMIT = 100
"""Digits of a whole number in an expression."""
POWER_LIMIT = 16
_INNER_POWERS = 2
NAME_LIMIT = 1_000


def bplint_importers() -> list[Importer]:
    """This importer, for the plugin manager."""
    return [Importer("cirq-json", (".json",), read, claims=claims)]


def claims(beginning: str) -> bool:
    """Whether a JSON text says near its beginning that Cirq wrote it; most have nothing to do with circuits."""
    return '"cirq_type"' in beginning


def read(text: str, *, path: str | PathLike[str] | None = None, overrides: Mapping[str, int] | None = None) -> Program:
    """The circuit that ``cirq.to_json`` wrote. A finding points to the operation in the text.

    Raises SourceError with the reason: LimitError for too much of something, Unsupported for what cannot be modelled,
    and where Cirq is not installed.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > FILE_LIMIT:
        raise LimitError(f"{len(text):,} characters: the limit `file` is {FILE_LIMIT:,}")
    spans = _spans(text)
    _check(_data(text))
    if find_spec("cirq") is None:
        raise Unsupported("this is a circuit of Cirq, and Cirq is not installed", hint="pip install 'bplint[cirq]'")
    from bplint.importers.from_cirq import from_cirq
    from bplint.importers.from_cirq.files import loaded

    return from_cirq(loaded(text), spans=spans)


_MARKS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]')
_OPERATION = ["{", "moments", "{", "operations", "{"]


def _spans(text: str) -> list[Span]:
    """Where the operations stand, in order. ``LimitError`` for brackets nested too deep."""
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    last, begin = "", 0
    path: list[str] = []
    found = []
    for match in _MARKS.finditer(text):
        mark = match[0]
        if mark in "[{":
            path.append(mark if mark == "{" else last)
            if len(path) > NESTING_LIMIT:
                raise LimitError(f"brackets are nested more than {NESTING_LIMIT} deep: the limit `nesting`")
            if path == _OPERATION:
                begin = match.start()
        elif mark in "]}":
            if path == _OPERATION:
                found.append(Span(*_place(starts, begin), *_place(starts, match.end())))
            if path:
                path.pop()
        else:
            last = mark[1:-1]
    return found


def _place(starts: Sequence[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def _data(text: str) -> Any:
    """The text as JSON. ``SourceError`` where it is not, or has a number that is not finite."""
    if not text.strip():
        raise SourceError("the file is empty")
    try:
        return json.loads(text, parse_constant=_not_finite, parse_float=_finite, parse_int=_short)
    except json.JSONDecodeError as error:
        span = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
        raise SourceError(f"this is not JSON: {error.msg}", span) from error


def _not_finite(word: str) -> NoReturn:
    raise SourceError(f"{word} is not a finite number")


def _finite(word: str) -> float:
    number = float(word)
    return number if abs(number) < float("inf") else _not_finite(quote(word))


def _short(word: str) -> int:
    if len(word) > DIGIT_LIMIT:
        raise LimitError(f"a number has {len(word):,} digits: the limit `digits` is {DIGIT_LIMIT}")
    return int(word)


def _check(data: Any) -> None:
    """``SourceError`` for data that is no circuit or has what no circuit needs."""
    kind = data.get("cirq_type") if isinstance(data, dict) else None
    if not isinstance(kind, str):
        raise SourceError(
            "this is JSON, but not of Cirq: want an object with cirq_type", hint="write it with cirq.to_json"
        )
    if kind not in _CIRCUITS:
        raise SourceError(f"want a Circuit or FrozenCircuit of Cirq, got {quote(kind)}")
    _check_value(data, "", "")


def _check_value(value: Any, key: str, owner: str) -> None:
    """Check a value that stands under this key in an object of the type ``owner``."""
    if isinstance(value, dict):
        _check_object(value, key)
    elif isinstance(value, list):
        for item in value:
            _check_value(item, key, owner)
    elif isinstance(value, str):
        if key not in _TEXTS or (owner.startswith("sympy.") and owner != "sympy.Symbol"):
            raise SourceError(f"{quote(owner)} has text for {quote(key)}, which is not among what Cirq writes")
        if len(value) > NAME_LIMIT:
            raise LimitError(f"a name has {len(value):,} characters: the limit `name` is {NAME_LIMIT:,}")
    elif isinstance(value, int) and abs(value) > NUMBER_LIMIT and not owner.startswith(_LONG_NUMBERS):
        raise LimitError(f"{quote(owner)}: {quote(key)} is {_short_number(value)}: the limit is {NUMBER_LIMIT:,}")


def _check_object(value: dict[str, Any], key: str) -> None:
    kind = value.get("cirq_type")
    if kind is None and key == "measurement_key_map":
        for name in value.values():
            _check_value(name, key, "")
        return
    if not isinstance(kind, str) or kind not in _TYPES:
        name = "an object without cirq_type" if kind is None else f"the type {quote(str(kind))} of Cirq"
        raise Unsupported(f"{name} is not read")
    if kind == "sympy.Pow":
        _check_power(value)
    for name, inner in value.items():
        if name != "cirq_type":
            _check_value(inner, name, kind)


def _check_power(value: dict[str, Any]) -> None:
    """Sympy works out powers of numbers as it meets them, however long they are."""
    base, exponent = value["args"] if isinstance(value.get("args"), list) and len(value["args"]) == 2 else (None, None)
    if json.dumps(base).count("sympy.Pow") > _INNER_POWERS:
        raise LimitError("powers of powers in an expression: the limit `power`")
    if isinstance(exponent, dict):
        kind = exponent.get("cirq_type")
        if kind == "sympy.Symbol":
            return
        numbers = {"sympy.Integer": ("i",), "sympy.Rational": ("p", "q"), "sympy.Float": ("approx",)}
        parts = [exponent.get(name) for name in numbers.get(str(kind), ("",))]
    else:
        parts = [exponent]
    if not all(isinstance(part, int | float) and abs(part) <= POWER_LIMIT for part in parts):
        raise LimitError(f"an exponent in an expression is not a number up to {POWER_LIMIT}: the limit `power`")


def _short_number(value: int) -> str:
    return f"{value:,}" if abs(value) < 10**15 else f"about 10^{len(str(abs(value))) - 1}"


_LONG_NUMBERS = ("sympy.", "Duration")
_CIRCUITS = {"Circuit", "FrozenCircuit"}
_TEXTS = {
    "name", "key", "path", "measurement_key", "measurement_key_map", "repetition_ids", "parent_path", "tags",
}  # fmt: skip
"""Keys under which Cirq writes text."""

_TYPES = _CIRCUITS | {
    "Moment", "VAL", "REF", "CircuitOperation", "ParamResolver", "GateOperation", "TaggedOperation",
    "ControlledOperation", "VirtualTag", "SingleQubitPauliStringGateOperation", "PauliString",
    "DensePauliString", "PauliStringPhasor", "PauliStringPhasorGate", "GlobalPhaseOperation",
    "ClassicallyControlledOperation", "KeyCondition", "MeasurementKey", "LineQubit", "GridQubit", "NamedQubit",
    "LineQid", "GridQid", "NamedQid", "_PauliX", "_PauliY", "_PauliZ", "XPowGate", "YPowGate", "ZPowGate",
    "HPowGate", "PhasedXPowGate", "PhasedXZGate", "Rx", "Ry", "Rz", "CXPowGate", "CNotPowGate", "CYPowGate",
    "CZPowGate", "SwapPowGate", "ISwapPowGate", "PhasedISwapPowGate", "FSimGate", "PhasedFSimGate", "XXPowGate",
    "YYPowGate", "ZZPowGate", "cirq.MSGate", "CCXPowGate", "CCNotPowGate", "CCYPowGate", "CCZPowGate",
    "CSwapGate", "TwoQubitDiagonalGate", "ThreeQubitDiagonalGate", "DiagonalGate", "PhaseGradientGate",
    "QuantumFourierTransformGate", "IdentityGate", "WaitGate", "Duration", "GlobalPhaseGate", "ParallelGate",
    "PauliInteractionGate", "QubitPermutationGate", "ControlledGate", "ProductOfSums", "SumOfProducts",
    "MatrixGate", "SingleQubitMatrixGate", "TwoQubitMatrixGate", "SingleQubitCliffordGate", "CliffordGate",
    "CliffordTableau", "_InverseCompositeGate", "MeasurementGate", "PauliMeasurementGate", "ResetChannel",
    "DepolarizingChannel", "AsymmetricDepolarizingChannel", "BitFlipChannel", "PhaseFlipChannel",
    "PhaseDampingChannel", "AmplitudeDampingChannel", "GeneralizedAmplitudeDampingChannel", "complex",
    "sympy.Symbol", "sympy.Add", "sympy.Mul", "sympy.Pow", "sympy.Integer", "sympy.Float", "sympy.Rational",
    "sympy.pi", "sympy.E", "sympy.EulerGamma",
}  # fmt: skip
"""What a circuit may be made of. Left out: what evaluates text (BooleanHamiltonianGate, SympyCondition)."""

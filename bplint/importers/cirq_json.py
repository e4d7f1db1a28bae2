"""Cirq's ``.json`` files: looked through as data first, then built by Cirq.

Cirq's reader makes an object of whatever class the text names, at any size, and some classes evaluate the strings they are
given. So only classes on a list are let through, with numbers where numbers belong, finite and of sane size.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from os import PathLike
from typing import Any, NoReturn

from bplint.errors import LimitError, SourceError, Span, Unsupported
from bplint.importers.limits import CIRQ_FILE
from bplint.importers.program import Importer, Program
from bplint.importers.quoting import quote

BPLINT_API = 1

_INNER_POWERS = 2


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
    if len(text) > CIRQ_FILE.file:
        raise CIRQ_FILE.exceeded("file", f"{len(text):,} characters")
    spans = _spans(text)
    _check(_data(text))
    if find_spec("cirq") is None:
        raise Unsupported("this is a circuit of Cirq, and Cirq is not installed", hint="pip install 'bplint[cirq]'")
    from bplint.importers.from_cirq import from_cirq
    from bplint.importers.from_cirq.files import loaded

    return from_cirq(loaded(text), spans=spans)


_MARKS = re.compile(r'"(?:[^"\\]++|\\.)*+"?+|[\[\]{}]', re.DOTALL)  # a string that never ends is read once, too
_LINE_END = re.compile(r"\r\n|\r|\n")
_OPERATION = ["{", "moments", "{", "operations", "{"]


def _spans(text: str) -> list[Span]:
    """Where the operations stand, in order. ``LimitError`` for brackets nested too deep."""
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    last, begin = "", 0
    path: list[str] = []
    spans = []
    for match in _MARKS.finditer(text):
        mark = match[0]
        if mark in "[{":
            path.append(mark if mark == "{" else last)
            if len(path) > CIRQ_FILE.nesting:
                raise CIRQ_FILE.exceeded("nesting", "brackets are nested too deeply")
            if path == _OPERATION:
                begin = match.start()
        elif mark in "]}":
            if path == _OPERATION:
                spans.append(Span(*_place(starts, begin), *_place(starts, match.end())))
            if path:
                path.pop()
        else:
            last = mark[1:-1]
    return spans


def _place(starts: Sequence[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def _data(text: str) -> Any:
    """The text as JSON. ``SourceError`` where it is not, or has a number that is not finite."""
    if not text.strip():
        raise SourceError("the file is empty")
    import json  # only for who has such files

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
    if len(word) > CIRQ_FILE.digits:
        raise CIRQ_FILE.exceeded("digits", f"a number of {len(word):,} digits")
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
        if len(value) > CIRQ_FILE.name:
            raise CIRQ_FILE.exceeded("name", f"a name of {len(value):,} characters")
    elif isinstance(value, int) and abs(value) > CIRQ_FILE.number and not owner.startswith(_LONG_NUMBERS):
        raise CIRQ_FILE.exceeded("number", f"{quote(owner)}: {quote(key)} is {_short_number(value)}")


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
    if str(base).count("sympy.Pow") > _INNER_POWERS:
        raise LimitError("an expression has powers of powers of powers")
    if isinstance(exponent, dict):
        kind = exponent.get("cirq_type")
        if kind == "sympy.Symbol":
            return
        numbers = {"sympy.Integer": ("i",), "sympy.Rational": ("p", "q"), "sympy.Float": ("approx",)}
        parts = [exponent.get(name) for name in numbers.get(str(kind), ("",))]
    else:
        parts = [exponent]
    if not all(isinstance(part, int | float) and abs(part) <= CIRQ_FILE.power for part in parts):
        raise CIRQ_FILE.exceeded("power", "an exponent in an expression is larger, or is not a number")


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

"""Frozen data as JSON and back: named tuples, data classes, enumerations, arrays and what they hold.

Reading makes objects of classes of bplint's own, and only of those kinds: nothing that a file says is ever run.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import math
import sys
from array import array
from collections.abc import Mapping
from enum import Enum
from importlib import import_module
from types import MappingProxyType
from typing import Any

import numpy as np


class NotPlain(Exception):
    """A value that cannot be written as JSON, or JSON that stands for no value."""


def digest(value: object) -> str:
    """One string for equal values, the same in every process. ``NotPlain`` for what cannot be written."""
    return hashlib.sha256(_text(_Writer(shares=False).written(value)).encode()).hexdigest()


def dumps(value: object) -> str:
    """The value as JSON. ``NotPlain`` for a function, or a class that is not bplint's."""
    return _text(_Writer(shares=True).written(value))


def loads(text: str) -> Any:
    """The value that was written; what was one object is one object again. ``NotPlain`` for anything that is damaged."""
    try:
        return _Reader().read(json.loads(text))
    except _DAMAGED as error:
        raise NotPlain(f"{type(error).__name__}: {error}") from error


def _text(written: object) -> str:
    return json.dumps(written, allow_nan=False, separators=(",", ":"))


class _Writer:
    """Values as what JSON has. With ``shares`` an object that comes again is a number: how many came before it."""

    def __init__(self, *, shares: bool) -> None:
        self._numbers: dict[int, int] | None = {} if shares else None

    def written(self, value: object) -> object:
        if value is None or type(value) in (bool, str):
            return value
        if type(value) is int:
            return value if abs(value) < 1 << 53 else {"int": hex(value)}
        if type(value) is float:
            return value if math.isfinite(value) else {"float": repr(value)}
        if type(value) is tuple:
            return [self.written(item) for item in value]
        if type(value) is list:
            return {"list": [self.written(item) for item in value]}
        if type(value) is dict or isinstance(value, MappingProxyType):
            kind = "dict" if type(value) is dict else "proxy"
            return {kind: [[self.written(key), self.written(item)] for key, item in value.items()]}
        if isinstance(value, set | frozenset):
            items = [_Writer(shares=False).written(item) for item in value]
            return {type(value).__name__: sorted(items, key=_text)}
        if isinstance(value, Enum):
            return {"enum": _name(type(value)), "of": self.written(value.value)}
        if isinstance(value, type):
            return {"class": _name(value)}
        if type(value) in _WRITERS:
            kind, write = _WRITERS[type(value)]
            return {kind: write(value)}
        if self._numbers is not None:
            if id(value) in self._numbers:
                return {"again": self._numbers[id(value)]}
            self._numbers[id(value)] = len(self._numbers)
        if isinstance(value, np.ndarray | np.generic):
            return _written_array(np.asarray(value), scalar=isinstance(value, np.generic))
        if (fields := _fields(type(value))) is not None:
            return {"is": _name(type(value)), "of": [self.written(getattr(value, field)) for field in fields]}
        _check_object(type(value))
        return {"object": _name(type(value)), "of": [[name, self.written(item)] for name, item in vars(value).items()]}


class _Reader:
    """What :class:`_Writer` with ``shares`` wrote."""

    def __init__(self) -> None:
        self._objects: list[object] = []

    def read(self, written: Any) -> Any:
        if isinstance(written, list):
            return tuple([self.read(item) for item in written])
        if not isinstance(written, dict):
            return written
        kind, inner = next(iter(written.items()))
        if kind in ("is", "object", "array", "scalar"):
            place = len(self._objects)
            self._objects.append(_Unfinished)
            made = self._objects[place] = self._made(kind, inner, written.get("of"))
            return made
        if kind == "again":
            if self._objects[inner] is _Unfinished:
                raise NotPlain("an object that holds itself")
            return self._objects[inner]
        if kind == "enum":
            cls = _class(inner)
            if not issubclass(cls, Enum):
                raise NotPlain(f"{inner} is no enumeration")
            return cls(self.read(written["of"]))
        if kind == "class":
            return _class(inner)
        if kind in _READERS:
            return _READERS[kind](inner)
        if kind in ("dict", "proxy"):
            pairs = {self.read(key): self.read(item) for key, item in inner}
            return pairs if kind == "dict" else MappingProxyType(pairs)
        return _OF_ITEMS[kind]([self.read(item) for item in inner])

    def _made(self, kind: str, inner: Any, parts: Any) -> object:
        if kind in ("array", "scalar"):
            return _read_array(*inner, scalar=kind == "scalar")
        cls = _class(inner)
        if kind == "object":
            _check_object(cls)
            made = object.__new__(cls)
            made.__dict__.update({name: self.read(item) for name, item in parts})
            return made
        fields = _fields(cls)
        if fields is None or len(fields) != len(parts):
            raise NotPlain(f"{inner} has other fields")
        return cls(**{field: self.read(part) for field, part in zip(fields, parts, strict=True)})


class _Unfinished:
    """Stands for an object whose parts are being read."""


def _written_array(values: np.ndarray[Any, Any], *, scalar: bool) -> object:
    if values.dtype.hasobject:
        raise NotPlain("an array of objects")
    data = base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
    return {"scalar" if scalar else "array": [values.dtype.str, list(values.shape), data, bool(values.flags.writeable)]}


def _read_array(dtype: str, shape: list[int], data: str, writeable: bool, *, scalar: bool) -> object:
    kind = np.dtype(dtype)
    if kind.hasobject:
        raise NotPlain("an array of objects")
    values = np.frombuffer(base64.b64decode(data, validate=True), kind).reshape(shape)
    if scalar:
        return values[()]
    values = values.copy()
    values.flags.writeable = writeable
    return values


def _fields(cls: type) -> tuple[str, ...] | None:
    """The names of what a named tuple or an object of a data class is made of; None of any other class."""
    if dataclasses.is_dataclass(cls):
        return tuple(field.name for field in dataclasses.fields(cls) if field.init)
    if issubclass(cls, tuple) and isinstance(names := getattr(cls, "_fields", None), tuple):
        return names
    return None


def _check_object(cls: type) -> None:
    """``NotPlain`` unless objects of this class are their attributes, and nothing happens where one is made of them."""
    own = {name for base in cls.__mro__[:-1] for name in vars(base)}
    if not _is_ours(cls.__module__) or own & {"__slots__", "__new__", "__reduce__", "__reduce_ex__", "__setstate__"}:
        raise NotPlain(f"{cls.__module__}.{cls.__qualname__} is not data")


def _name(cls: type) -> str:
    name = f"{cls.__module__}:{cls.__qualname__}"
    if not _is_ours(cls.__module__):
        raise NotPlain(f"{name} is not bplint's")
    return name


def _class(name: str) -> Any:
    module, _, path = name.partition(":")
    if not _is_ours(module):
        raise NotPlain(f"{name} is not bplint's")
    cls: Any = sys.modules.get(module) or import_module(module)
    for part in path.split("."):
        cls = vars(cls)[part]
    if not isinstance(cls, type):
        raise NotPlain(f"{name} is no class")
    return cls


def _is_ours(module: str) -> bool:
    return module.startswith("bplint.") and all(part.isidentifier() for part in module.split("."))


_WRITERS: Mapping[type, Any] = MappingProxyType(
    {
        bytes: ("bytes", lambda value: base64.b64encode(value).decode()),
        complex: ("complex", lambda value: [repr(value.real), repr(value.imag)]),
        range: ("range", lambda value: [value.start, value.stop, value.step]),
        array: ("numbers", lambda value: [value.typecode, base64.b64encode(value.tobytes()).decode()]),
    }
)
_READERS: Mapping[str, Any] = MappingProxyType(
    {
        "int": lambda inner: int(inner, 16),
        "float": float,
        "bytes": lambda inner: base64.b64decode(inner, validate=True),
        "complex": lambda inner: complex(*map(float, inner)),
        "range": lambda inner: range(*inner),
        "numbers": lambda inner: array(inner[0], base64.b64decode(inner[1], validate=True)),
    }
)
_OF_ITEMS: Mapping[str, Any] = MappingProxyType({"list": list, "frozenset": frozenset, "set": set})
_DAMAGED = (
    StopIteration, ValueError, TypeError, LookupError, AttributeError, ImportError, RecursionError, MemoryError,
)  # fmt: skip

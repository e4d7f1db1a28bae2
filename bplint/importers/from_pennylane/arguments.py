"""The numbers among the arguments of a circuit's function: their names, which of them are trained, other values in their place."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bplint.errors import SourceError, UsageError
from bplint.importers.call import Call
from bplint.importers.limits import DEFAULTS
from bplint.ir.naming import selects

Numbers = npt.NDArray[np.float64]


class NumberArray(NamedTuple):
    """One array of real numbers among the arguments, a single number included; ``says`` is its ``requires_grad``, if it says it."""

    name: str
    steps: tuple[int, ...]
    value: Numbers
    like: Any
    position: int | None
    says: bool | None

    @property
    def names(self) -> list[str]:
        """A name for each number, in order: ``theta``, ``weights[2,3]``."""
        if not self.steps and not self.value.ndim:
            return [self.name]
        places = product(*map(range, self.value.shape))
        return [f"{self.name}[{','.join(map(str, (*self.steps, *place)))}]" for place in places]

    def filled(self, numbers: Numbers) -> Any:
        """Other numbers in the place of these, of the library that the circuit computes with.

        What must not be looked at is in NumPy's arrays: no other library has arrays of objects.
        """
        if isinstance(self.like, float):
            return float(
                numbers[0]
            )  # a TypeError for what must not be looked at: functions ask whether this is a float
        values = numbers.reshape(self.value.shape)
        library = _OWN_ARRAYS.get(_library(self.like))
        if library == "torch" or (library and values.dtype != object):
            import pennylane as qml

            return qml.math.asarray(values, like=library)
        return values if values.ndim else values[()]


class Arguments:
    """The arguments of one call. ``names`` and ``trained`` have an entry for each real number in them, ``given`` its value.

    Trained is what PennyLane would differentiate: the positions in ``argnums``, or what says ``requires_grad``; where nothing
    does, all real numbers but those that ``data`` names, and ``presumed`` is true. Whole numbers and flags shape a circuit and
    are kept as they are.
    """

    def __init__(self, function: Callable[..., Any], call: Call) -> None:
        try:
            signature = inspect.signature(function)
            self._bound = signature.bind(*call.arguments, **call.keywords)
        except TypeError as error:
            name = getattr(function, "__name__", "the circuit")
            hint = "the circuit's own arguments come after it: bplint.lint(circuit, weights, observable=...)"
            raise UsageError(f"{name}{inspect.signature(function)}: {error}; {hint}") from error
        self._bound.apply_defaults()
        self.arrays = [
            array for name, value in self._bound.arguments.items() for array in self._of_argument(name, value)
        ]
        self.names = [name for array in self.arrays for name in array.names]
        if len(self.names) > DEFAULTS.parameters:
            raise DEFAULTS.exceeded("parameters", f"{len(self.names):,} numbers in the arguments")
        repeated = len(self.names) - len(set(self.names))
        if repeated:
            raise SourceError(f"{repeated} numbers in the arguments have the names of others")
        self.given = np.concatenate([array.value.reshape(-1) for array in self.arrays]) if self.arrays else np.zeros(0)
        flags, self.presumed = _trained(self.arrays, call)
        self.trained = np.array(
            [flag for array, own in zip(self.arrays, flags, strict=True) for flag in [own] * array.value.size],
            dtype=bool,
        )
        names = {array.name for array, own in zip(self.arrays, flags, strict=True) if own}
        data = [array for array, own in zip(self.arrays, flags, strict=True) if not own and array.value.size]
        self.data_patterns = tuple(dict.fromkeys(_pattern(array, array.name not in names) for array in data))

    def _of_argument(self, name: str, value: Any) -> Iterator[NumberArray]:
        parameters = self._bound.signature.parameters
        position, kind = list(parameters).index(name), parameters[name].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            for place, one in enumerate(value):
                yield from _arrays(one, name, (place,), position + place)
        elif kind is inspect.Parameter.VAR_KEYWORD:
            for key, one in value.items():
                yield from _arrays(one, key, (), None)
        else:
            yield from _arrays(value, name, (), position)

    def at(self, point: Numbers) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Positional and keyword arguments with these numbers in them."""
        values = self._values(point)
        filled = {name: _filled(value, values) for name, value in self._bound.arguments.items()}
        bound = inspect.BoundArguments(self._bound.signature, filled)
        return bound.args, bound.kwargs

    def _values(self, point: Numbers) -> Iterator[Any]:
        begin = 0
        for array in self.arrays:
            yield array.filled(point[begin : begin + array.value.size])
            begin += array.value.size


def _trained(arrays: Sequence[NumberArray], call: Call) -> tuple[list[bool], bool]:
    """A flag an array, and whether that was presumed."""
    if call.argnums is not None:
        chosen = {call.argnums} if isinstance(call.argnums, int) else set(call.argnums)
        positions = {array.position for array in arrays}
        if missing := [place for place in chosen if place not in positions]:
            raise UsageError(f"argnums: no real numbers are in argument {missing[0]}")
        return [array.position in chosen for array in arrays], False
    if any(array.says for array in arrays):
        return [bool(array.says) for array in arrays], False
    named = [any(selects(glob, name) for glob in call.data for name in array.names) for array in arrays]
    trained = [array.says is None and not data for array, data in zip(arrays, named, strict=True)]
    return trained, any(trained)


def _arrays(value: Any, name: str, steps: tuple[int, ...], position: int | None) -> Iterator[NumberArray]:
    """The arrays in a value, in order. Lists within lists are named as arrays are: ``w[1,0]``."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _arrays(inner, f"{_spelled(name, steps)}.{key}", (), position)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _arrays(inner, name, (*steps, place), position)
    elif _is_real(value):
        yield NumberArray(
            name=name,
            steps=steps,
            value=_numpy(value),
            like=value,
            position=position,
            says=_says(value),
        )


def _says(value: Any) -> bool | None:
    """``requires_grad``; torch says False of all that nobody has said anything about."""
    said: bool | None = getattr(value, "requires_grad", None)
    return said or None if _library(value) == "torch" else said


def _filled(value: Any, values: Iterator[Any]) -> Any:
    """The value with the next arrays in place of its own."""
    if isinstance(value, Mapping):
        return {key: _filled(inner, values) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        inner = [_filled(one, values) for one in value]
        return type(value)(*inner) if hasattr(value, "_fields") else type(value)(inner)
    return next(values) if _is_real(value) else value


def _is_real(value: Any) -> bool:
    """Whether this is a number or an array that can vary: of floats, and no observable or circuit."""
    if isinstance(value, float):
        return True
    kind = getattr(value, "dtype", None)
    return kind is not None and hasattr(value, "shape") and "float" in str(kind)


def _numpy(value: Any) -> Numbers:
    if isinstance(value, float):
        return np.asarray(value, dtype=np.float64)
    import pennylane as qml

    return np.asarray(qml.math.unwrap([value])[0], dtype=np.float64)


def _library(value: Any) -> str:
    return type(value).__module__.partition(".")[0]


def _spelled(name: str, steps: Sequence[int]) -> str:
    return f"{name}[{','.join(map(str, steps))}]" if steps else name


def _pattern(array: NumberArray, all_of_it: bool) -> str:
    """A pattern of names that selects this array, with those beside it in a list if it is ``all_of_it``."""
    steps = () if all_of_it else array.steps
    if not array.value.ndim and steps == array.steps:
        return array.names[0]
    name = array.name if "[" not in array.name else "".join(f"[{c}]" if c in "[*?" else c for c in array.name)
    return f"{name}[{''.join(f'{step},' for step in steps)}*"  # a bracket that is not closed stands for itself


_OWN_ARRAYS = {"torch": "torch", "tensorflow": "tensorflow", "jax": "jax", "jaxlib": "jax"}
"""Packages of arrays that NumPy's do not stand for, and what PennyLane calls them."""

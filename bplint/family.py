"""Families declared in Python: the decorator for a function that builds a circuit of a given size.

import bplint

@bplint.circuit(sizes=[4, 6, 8, 10, 12], observable="mean(Z)")
def hea(n):
    ...
    return circuit

The decorator notes what is declared and returns the function itself: nothing is built, nothing heavy is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import FunctionType, MethodType
from typing import Any, NamedTuple, TypeVar

from bplint.errors import UsageError

__all__ = ["DeclaredFamily", "checked_sizes", "circuit", "declared", "item_name"]

F = TypeVar("F", bound=Callable[..., Any])

_FUNCTIONS = (FunctionType, MethodType, partial)  # operators of Qiskit can be called too


class DeclaredFamily(NamedTuple):
    """What a builder says of its circuits: the sizes, and the context arguments of :func:`bplint.lint`.

    ``observable`` is text or an operator for every size, a function of the size, or a mapping from size to either.
    Without ``sizes`` the builder takes no argument and builds one circuit. ``arguments`` are those of a PennyLane QNode that is
    declared itself, as a tuple, or a function of the size.
    """

    sizes: tuple[int, ...] = ()
    observable: Any = None
    shots: int | None = None
    init: str | None = None
    noise: str | None = None
    trainable: str | Sequence[str] | None = None
    data: tuple[str, ...] = ()
    dataset: Any = None
    rows: Any = None
    labels: Any = None
    data_law: str | None = None
    loss: str | None = None
    target: str | Sequence[str] | None = None
    arguments: Any = None

    def observable_at(self, size: int) -> Any:
        """The observable of the circuit of this size. ``UsageError`` where a mapping has none."""
        if isinstance(self.observable, Mapping):
            if size not in self.observable:
                raise UsageError(f"no observable is given for size {size}")
            return self.observable[size]
        return self.observable(size) if isinstance(self.observable, _FUNCTIONS) else self.observable

    def arguments_at(self, *sizes: int | None) -> Any:
        """The arguments of a QNode for this size, or for a size and a depth; None where nothing is declared."""
        return self.arguments(*sizes) if isinstance(self.arguments, _FUNCTIONS) else self.arguments

    def given(self, **values: Any) -> DeclaredFamily:
        """The same with other values, where they are not None. ``UsageError`` for sizes as of :func:`circuit`."""
        merged = self._replace(**{name: value for name, value in values.items() if value is not None})
        return merged._replace(sizes=checked_sizes(merged.sizes), data=_names(merged.data))


def circuit(
    *,
    sizes: Iterable[int] = (),
    observable: Any = None,
    arguments: Any = None,
    shots: int | None = None,
    init: str | None = None,
    noise: str | None = None,
    trainable: str | Sequence[str] | None = None,
    data: str | Iterable[str] = (),
    dataset: str | None = None,
    rows: Any = None,
    labels: Any = None,
    data_law: str | None = None,
    loss: str | None = None,
    target: str | Sequence[str] | None = None,
) -> Callable[[F], F]:
    """Declare what a builder builds; it becomes the function's attribute ``__bplint__``, a :class:`DeclaredFamily`.

    On a QNode of PennyLane, ``arguments`` are its own, or a function of the size that returns them.
    ``UsageError`` for sizes that are no positive whole numbers, or not all different, and for a method.
    """
    told = DeclaredFamily(
        sizes=checked_sizes(sizes),
        observable=observable,
        arguments=arguments,
        shots=shots,
        init=init,
        noise=noise,
        trainable=trainable,
        data=_names(data),
        dataset=dataset,
        rows=rows,
        labels=labels,
        data_law=data_law,
        loss=loss,
        target=target,
    )

    def mark(builder: F) -> F:
        within, _, name = getattr(builder, "__qualname__", "").rpartition(".")
        if within and not within.endswith("<locals>"):
            raise UsageError(
                f"@bplint.circuit is for functions, and {name} is a method of {within}: move it out of the class"
            )
        builder.__bplint__ = told  # type: ignore[attr-defined]  # a function takes any attribute
        return builder

    return mark


def item_name(builder: str, size: int | None, depth: int | None = None) -> str:
    """A circuit of a builder as reports and pytest call it: ``hea[n=8]``, ``hea[n=8, depth=2]``, ``hea`` where it takes no size."""
    if size is None:
        return builder
    return f"{builder}[n={size}]" if depth is None else f"{builder}[n={size}, depth={depth}]"


def declared(builder: object) -> DeclaredFamily | None:
    """What :func:`circuit` noted on a builder, if it did."""
    mark = getattr(builder, "__bplint__", None)
    return mark if isinstance(mark, DeclaredFamily) else None


def checked_sizes(sizes: Iterable[int], what: str = "size") -> tuple[int, ...]:
    """Positive whole numbers, each once. ``UsageError`` where they are not."""
    numbers = tuple(sizes)
    if any(not isinstance(size, int) or isinstance(size, bool) or size < 1 for size in numbers):
        raise UsageError(f"want positive whole numbers as {what}s, got {list(numbers)}")
    if len(set(numbers)) < len(numbers):
        raise UsageError(f"want each {what} once, got {list(numbers)}")
    return numbers


def _names(names: str | Iterable[str]) -> tuple[str, ...]:
    """A string is one name."""
    return (names,) if isinstance(names, str) else tuple(names)

"""Makes a circuit at several points of its numbers, and sees to it that only its angles differ."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bplint.errors import BplintError, SourceError, Unsupported
from bplint.importers.framework import refusal
from bplint.importers.from_pennylane.arguments import Numbers
from bplint.importers.from_pennylane.functions import TapeFunction
from bplint.importers.from_pennylane.measurements import TapeLoss, loss_of
from bplint.importers.from_pennylane.recording import Recorder, Recording
from bplint.importers.from_pennylane.untouched import untouched
from bplint.ir.build import Builder

Flags = npt.NDArray[np.bool_]


class Variation(NamedTuple):
    """Two points at which a circuit is the same but for its angles, what it is there, and how more points are drawn.

    ``free`` are the numbers that vary. The others are what the user gave, for the reason ``held``.
    """

    points: tuple[Numbers, Numbers]
    recordings: tuple[Recording, Recording]
    draw: Callable[[], Numbers]
    free: Flags
    held: str = ""


class Probe:
    """A circuit as a function of its numbers.

    Its wires, their numbers, its operations and what it measures are known once it was made at two points.
    """

    def __init__(self, function: TapeFunction, device_wires: Sequence[Any]) -> None:
        self._function = function
        self._device_wires = device_wires
        self._first: Recording | None = None
        self.wires: Mapping[Any, int] = {}
        self.operations: Sequence[Any] = ()
        self.loss = TapeLoss()
        self.builder = Builder(0)
        self._draws = False
        """Whether the function has drawn numbers at random."""

    def variation(self) -> Variation:
        """The circuit at two points: all numbers are varied, or those that are trained where it cannot take any data.

        ``SourceError`` where more than its angles depends on the trained ones, or where it cannot be read at all.
        """
        variation = self._variation()
        if self._draws and self._record(variation.points[0]) != variation.recordings[0]:
            raise _random()
        return variation

    def _variation(self) -> Variation:
        function = self._function
        choices = [np.ones(len(function.names), dtype=bool)]
        if not all(function.trained):
            choices.append(function.trained)
        if len(function.names) and (variation := self._untouched()) is not None:
            return variation
        reason = ""
        for free in choices:
            for domain in (_signed, _positive, _around):
                try:
                    return self._varied(free, domain)._replace(held=reason)
                except StructureError as error:  # other points may be alike, and hide it
                    failure: SourceError = error
                    break
                except SourceError as error:
                    failure = error
            reason = failure.message
        raise failure

    def angles(self, point: Numbers) -> Numbers:
        """All angles at a point. ``SourceError`` where more than they differs from the first one."""
        return np.array(self._like_first(point).angles)

    def _varied(self, free: Flags, domain: Callable[..., Iterator[Numbers]]) -> Variation:
        given = self._function.given
        drawn = domain(given)

        def draw() -> Numbers:
            return np.where(free, next(drawn), given)

        points = draw(), draw()
        self._first = None
        first = self._record(points[0])
        self._first, second = first, first
        if free.any():
            try:
                second = self._like_first(points[1])
            except StructureError as error:
                if self._record(points[0]).difference(first) is not None:
                    raise _random() from error
                raise
        return Variation(points, (first, second), draw, free)

    def _untouched(self) -> Variation | None:
        """The circuit where no number is looked at: one evaluation is enough. None where one is."""
        drawn = _signed(self._function.given)
        points = next(drawn), next(drawn)
        numbers = untouched(points[0])
        try:
            tape = self._tape(numbers)
            first = self._made(tape)
            for number, value in zip(numbers, points[1].tolist(), strict=True):
                number.value = value
            second = self._recorder.record(tape)
        except Exception:  # whatever a function raises that wants to compute; where it is at fault it raises again
            return None
        self._first = first
        return Variation(points, (first, second), lambda: next(drawn), np.ones(len(numbers), dtype=bool))

    def in_order(self, numbers: Sequence[int]) -> Iterator[int]:
        """The numbers of wires as they were met, as those in their final order; ancillas stay behind them."""
        places = [self.wires[wire] for wire in self._recorder.wires]
        return (places[number] if number < len(places) else number for number in numbers)

    def _like_first(self, point: Numbers) -> Recording:
        assert self._first is not None
        recording = self._record(point)
        place = recording.difference(self._first)
        if place is not None:
            raise StructureError(
                f"the circuit's structure depends on its arguments: from operation {place} on it is another at other values",
                hint="build one circuit for each structure; what decides between them may be a whole number or a flag",
            )
        return recording

    def _record(self, point: Numbers) -> Recording:
        tape = self._tape(point)
        if self._first is not None:
            recording = self._recorder.record(tape)
            if len(self._recorder.wires) > len(self.wires):
                raise StructureError("which wires the circuit has depends on its arguments")
            if loss_of(tape.measurements, self.wires) != self.loss:
                raise StructureError("what is measured depends on the circuit's arguments", hint="say observable=...")
            return recording
        return self._made(tape)

    def _tape(self, point: Numbers) -> Any:
        before = _random_states()
        try:
            with (
                warnings.catch_warnings(action="ignore"),
                np.errstate(all="ignore"),
            ):  # of points that are none of the user's
                return self._function.tape(point)
        except BplintError:
            raise
        except Exception as error:
            raise refusal(error, "the circuit's function") from error
        finally:
            self._draws |= before != _random_states()

    def _made(self, tape: Any) -> Recording:
        """A tape that is the first of its circuit."""
        self.builder, self.operations = Builder(0), tape.operations
        self._recorder = Recorder(self.builder)
        recording = self._recorder.record(tape)
        self.wires = _numbered(self._recorder.wires, self._device_wires)
        self.builder.n_qubits = len(self.wires)
        if not self.wires:
            raise SourceError("the circuit has no wires")
        self.loss = loss_of(tape.measurements, self.wires)
        return recording


class StructureError(Unsupported):
    """More than the angles depends on the arguments."""


def _random() -> StructureError:
    message = "the circuit's function draws at random: it makes another circuit each time it is called"
    return StructureError(message, hint="draw outside of it, and hand over what was drawn")


def _random_states() -> tuple[object, ...]:
    """Where the generators stand that all of Python shares."""
    state: Any = np.random.get_state(legacy=False)
    return random.getstate(), state["state"]["pos"], state["state"]["key"].tobytes()


def _numbered(wires: Iterable[Any], device_wires: Sequence[Any]) -> dict[Any, int]:
    """Numbers of the wires in use: in the order of the device where it has one, else whole numbers in theirs."""
    used = list(wires)
    if device_wires and set(used) <= set(device_wires):
        used = [wire for wire in device_wires if wire in set(used)]
    elif all(isinstance(wire, int) for wire in used):
        used.sort()
    return {wire: place for place, wire in enumerate(used)}


def _signed(given: Numbers) -> Iterator[Numbers]:
    """Points in (-3, 3); the second has the signs that the first has not."""
    rng = np.random.default_rng(20)
    signs = rng.choice([-1.0, 1.0], len(given))
    yield signs * _distinct(rng, len(given)) * 3
    yield -signs * _distinct(rng, len(given)) * 3
    while True:
        yield rng.choice([-1.0, 1.0], len(given)) * _distinct(rng, len(given)) * 3


def _positive(given: Numbers) -> Iterator[Numbers]:
    """Points in (0, 1), where roots, logarithms and inverse functions are real."""
    rng = np.random.default_rng(20)
    while True:
        yield _distinct(rng, len(given))


def _around(given: Numbers) -> Iterator[Numbers]:
    """Points close to what was given."""
    rng = np.random.default_rng(20)
    while True:
        yield given + (0.1 + np.abs(given)) * (_distinct(rng, len(given)) - 0.5) / 8


def _distinct(rng: np.random.Generator, count: int) -> Numbers:
    """Different numbers in (0, 1) that single precision holds exactly, three times them included."""
    return (1 + rng.choice(_STEPS - 1, count, replace=False)) / _STEPS


_STEPS = 1 << 21

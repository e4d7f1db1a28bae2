"""A QNode some of whose operations are exchanged for others: the user's own function runs, and queues all that stays."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from bplint.exporters.placing import NewGate, before_first, changed, elementary
from bplint.importers.call import Call
from bplint.importers.from_pennylane.arguments import NumberArray
from bplint.importers.from_pennylane.functions import QNodeFunction, qnode_of, user_tape
from bplint.importers.from_pennylane.reading import read
from bplint.ir.circuit import Circuit
from bplint.ir.pauli import LETTERS
from bplint.rewrite.change import Angle, CannotError, Placed, Rewrite


def rewritten(original: Any, call: Call, circuit: Circuit, rewrite: Rewrite) -> Any:
    """The QNode that ``circuit`` was read of, with the rewrite: on the same device, with the same arguments and then, zero unless
    they are given, those new weights that it needs. ``func`` is the function that queues the operations.

    Whatever PennyLane raises where it cannot be written.
    """
    prepared = qnode_of(original, call)
    if prepared is None:
        raise CannotError(f"nothing writes a {type(original).__qualname__}")
    qnode, function = prepared.qnode, QNodeFunction(*prepared)
    if type(original).__name__ == "TorchLayer":
        raise CannotError("a TorchLayer is no function of its weights; hand over its qnode, inputs and **qnode_weights")
    reading = read(function, qnode.device.wires or ())
    statements = reading.program.circuit.gates.columns.statement
    new, start = changed(circuit, rewrite, statements), before_first(rewrite, statements)
    arguments = _Arguments(qnode.func, function, rewrite, call)
    angles = [angle for gates in (*new.values(), *start.values()) for gate in gates for angle in _angles(circuit, gate)]
    arguments.check(angles)
    wires = list(reading.wires)
    after = {s: operations_of(circuit, gates, wires) for s, gates in new.items()}
    before = {s: operations_of(circuit, gates, wires) for s, gates in start.items()}
    kept = {w for s, one in enumerate(reading.operations) if s not in new for w in one.wires}
    kept |= {w for made in (*after.values(), *before.values()) for one in made for w in one.wires}
    lost = [wire for wire in wires if wire not in kept]
    made = copy.copy(qnode)
    made.func = _Function(qnode, arguments, after, before, lost)
    functools.update_wrapper(made, made.func)
    return _as_prepared(original, made)


def _as_prepared(original: Any, made: Any) -> Any:
    """What ``functools.partial`` prepared, with another QNode in it."""
    if not isinstance(original, functools.partial):
        return made
    return functools.partial(_as_prepared(original.func, made), *original.args, **original.keywords)


class QueuedOperation(NamedTuple):
    """An operation to be made once its angle is known; ``make`` takes the angle, if there is one, and the wires."""

    make: Callable[..., Any]
    wires: tuple[Any, ...]
    angle: Angle | None = None
    factor: float = 1.0

    def made(self, value: Callable[[Angle], Any]) -> Any:
        """The operation, where angles have these values."""
        return self.make(*(() if self.angle is None else (self.factor * value(self.angle),)), wires=self.wires)


class _Function:
    """Queues the operations of a QNode with some exchanged, those of ``before`` ahead of theirs, and measures what it measures."""

    def __init__(
        self,
        qnode: Any,
        arguments: _Arguments,
        after: Mapping[int, Sequence[QueuedOperation]],
        before: Mapping[int, Sequence[QueuedOperation]],
        lost: Sequence[Any],
    ) -> None:
        functools.update_wrapper(self, qnode.func)
        self.__signature__ = arguments.signature
        self._qnode, self._arguments = qnode, arguments
        self._after, self._before, self._lost = after, before, lost

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        import pennylane as qml

        bound = self.__signature__.bind(*arguments, **keywords)
        bound.apply_defaults()
        own = self._arguments.own(bound)
        with qml.QueuingManager.stop_recording():
            tape = user_tape(self._qnode, own.args, own.kwargs)
        for place, operation in enumerate(tape.operations):
            for new in self._before.get(place, ()):
                self._queue(new, bound)
            if place not in self._after:
                qml.apply(operation)
            for new in self._after.get(place, ()):
                self._queue(new, bound)
        for wire in self._lost:
            qml.Identity(wire)
        measured = [qml.apply(measurement) for measurement in tape.measurements]
        return measured[0] if len(measured) == 1 else tuple(measured)

    def _queue(self, new: QueuedOperation, bound: inspect.BoundArguments) -> None:
        new.made(lambda angle: self._arguments.value(angle, bound))


class _Arguments:
    """The arguments of the function of a QNode, with new weights behind them, and the parameters of a rewrite among them."""

    def __init__(self, function: Callable[..., Any], numbers: QNodeFunction, rewrite: Rewrite, call: Call) -> None:
        own = inspect.signature(function)
        self._parameters = rewrite.parameters
        self._places: dict[str, tuple[str, tuple[int, ...], tuple[int, ...]]] = {}
        """The argument of a name, the steps through lists in it, and the place in the array there."""
        for array in numbers.arrays:
            if array.name in own.parameters:
                places = product(*map(range, array.value.shape))
                self._places |= {n: (array.name, array.steps, p) for n, p in zip(array.names, places, strict=True)}
        known = {*numbers.names}
        new = [p.name for p in rewrite.parameters if p.value is None and not p.sources and p.name not in known]
        bases = dict.fromkeys(name.partition("[")[0] for name in new)
        if new and call.argnums is not None:
            raise CannotError("new weights would have to be in argnums; say requires_grad of what is trained instead")
        if not all(base.isidentifier() for base in bases):
            raise CannotError(f"{new[0]} can be no argument of a function")
        self._new = tuple(bases)
        for name in new:
            base, bracket, place = name.partition("[")
            self._places[name] = base, (), ((int(place[:-1]),) if bracket else ())
        sizes = {base: [1 for name in new if name.startswith(f"{base}[")] for base in bases}
        shapes = {base: ((len(size),) if size else ()) for base, size in sizes.items()}
        kinds = {parameter.kind for parameter in own.parameters.values()}
        ordinary, apart = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
        last = ordinary if kinds <= {ordinary} else apart
        trained = [array for array in numbers.arrays if array.says] or numbers.arrays
        added = [inspect.Parameter(base, last, default=_zeros(shape, trained)) for base, shape in shapes.items()]
        ends = [p for p in own.parameters.values() if p.kind is inspect.Parameter.VAR_KEYWORD]
        self.signature = own.replace(parameters=[*(p for p in own.parameters.values() if p not in ends), *added, *ends])
        self._own = own

    def check(self, angles: Sequence[Angle]) -> None:
        """``CannotError`` where an angle needs what no argument says."""
        for _, terms in angles:
            for p, _ in terms:
                parameter = self._parameters[p]
                if parameter.value is None and parameter.name not in self._places:
                    raise CannotError(f"an angle that depends on {parameter.name} would have to be written anew")

    def own(self, bound: inspect.BoundArguments) -> inspect.BoundArguments:
        """Without the new weights."""
        kept = {name: value for name, value in bound.arguments.items() if name not in self._new}
        return inspect.BoundArguments(self._own, kept)

    def value(self, angle: Angle, bound: inspect.BoundArguments) -> Any:
        """An angle at these arguments, whatever library they are of."""
        constant, terms = angle
        value: Any = constant
        for p, coefficient in terms:
            number: Any = self._parameters[p].value
            if number is None:
                name, steps, place = self._places[self._parameters[p].name]
                number = bound.arguments[name]
                for step in steps:
                    number = number[step]
                number = number[place] if place else number
            value = value + coefficient * number
        return value


def _zeros(shape: tuple[int, ...], trained: Sequence[NumberArray]) -> Any:
    """Zeros of the library of those that are trained, which say so where these do."""
    import pennylane as qml

    if not trained or not hasattr(trained[0].like, "dtype"):
        return np.zeros(shape) if shape else 0.0
    zeros = qml.math.asarray(np.zeros(shape), like=qml.math.get_interface(trained[0].like))
    if trained[0].says:
        zeros.requires_grad = True
    return zeros


def _angles(circuit: Circuit, gate: NewGate) -> Iterator[Angle]:
    return (one.angle for one in elementary(circuit, gate))


def operations_of(circuit: Circuit, gates: Sequence[NewGate], wires: Sequence[Any]) -> list[QueuedOperation]:
    """What gates are on these wires, first to last."""
    return [operation for gate in gates for operation in _made_of(circuit, gate, wires)]


def _made_of(circuit: Circuit, gate: NewGate, wires: Sequence[Any]) -> Iterator[QueuedOperation]:
    import pennylane as qml

    if isinstance(gate, Placed) and gate.name == "xx_plus_yy" and len(gate.angles) == 1:
        yield QueuedOperation(qml.IsingXY, tuple(wires[q] for q in gate.qubits), gate.angles[0], -1.0)
        return
    for one in elementary(circuit, gate):
        if one.clifford:
            yield QueuedOperation(_clifford(one.clifford), tuple(wires[q] for q in one.qubits))
        for factor, letters in one.strings:
            word = "".join(LETTERS[letter] for _, letter in letters)
            name = f"R{word}" if len(word) == 1 else f"Ising{word}" if word in ("XX", "YY", "ZZ") else ""
            make = getattr(qml, name) if name else functools.partial(qml.PauliRot, pauli_word=word)
            yield QueuedOperation(make, tuple(wires[q] for q, _ in letters), one.angle, factor)


def _clifford(name: str) -> Callable[..., Any]:
    import pennylane as qml

    if name not in _CLIFFORDS:
        raise CannotError(f"PennyLane has no gate {name}")
    base, inverse = _CLIFFORDS[name]
    kind: Callable[..., Any] = getattr(qml, base)
    return functools.partial(_undone, kind) if inverse else kind


def _undone(kind: Callable[..., Any], wires: Sequence[Any]) -> Any:
    import pennylane as qml

    return qml.adjoint(kind(wires=wires))


_CLIFFORDS = {
    "x": ("PauliX", False), "y": ("PauliY", False), "z": ("PauliZ", False), "h": ("Hadamard", False),
    "s": ("S", False), "sdg": ("S", True), "sx": ("SX", False), "sxdg": ("SX", True), "cx": ("CNOT", False),
    "cy": ("CY", False), "cz": ("CZ", False), "swap": ("SWAP", False), "iswap": ("ISWAP", False),
    "iswapdg": ("ISWAP", True), "ecr": ("ECR", False),
}  # fmt: skip

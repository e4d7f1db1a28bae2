"""What makes a tape of numbers: a QNode with its arguments, or a tape whose own numbers are changed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from bplint.errors import UsageError
from bplint.importers.call import Call
from bplint.importers.from_pennylane.arguments import Arguments, Numbers


class TapeFunction(Protocol):
    """A tape as a function of real numbers, which are called ``names``; ``given`` are those that the user handed over.

    ``trained`` is a flag each, ``presumed`` if nothing of the user's says so; ``data_patterns`` select the others.
    """

    names: list[str]
    given: Numbers
    trained: Any
    presumed: bool
    data_patterns: tuple[str, ...]

    def tape(self, point: Numbers) -> Any:
        """The tape at these numbers."""


class QNodeCall(NamedTuple):
    """A QNode and what it is called with."""

    qnode: Any
    call: Call


def qnode_of(circuit: Any, call: Call) -> QNodeCall | None:
    """The QNode of an object, prepared by ``functools.partial`` or not; of a ``TorchLayer``, with its weights; else None."""
    import pennylane as qml

    if isinstance(circuit, functools.partial):
        keywords = {**circuit.keywords, **call.keywords}
        return qnode_of(circuit.func, call._replace(arguments=(*circuit.args, *call.arguments), keywords=keywords))
    if type(circuit).__name__ == "TorchLayer":  # its class is there only where torch is
        if len(call.arguments) > 1 or call.argnums is not None:
            raise UsageError("a TorchLayer has its weights: want its inputs alone")
        inputs = dict(zip([circuit.input_arg], call.arguments, strict=bool(call.arguments)))
        keywords = {**inputs, **circuit.qnode_weights, **call.keywords}
        return QNodeCall(circuit.qnode, call._replace(arguments=(), keywords=keywords))
    return QNodeCall(circuit, call) if isinstance(circuit, qml.QNode) else None


class QNodeFunction:
    """The tape that a QNode makes, the transforms that the user gave it applied."""

    def __init__(self, qnode: Any, call: Call) -> None:
        self._qnode = qnode
        self._arguments = Arguments(qnode.func, call)
        self.arrays = self._arguments.arrays
        self.names, self.given = self._arguments.names, self._arguments.given
        self.trained, self.presumed = self._arguments.trained, self._arguments.presumed
        self.data_patterns = self._arguments.data_patterns

    def tape(self, point: Numbers) -> Any:
        """The tape at these numbers."""
        arguments, keywords = self._arguments.at(point)
        return user_tape(self._qnode, arguments, keywords)


def user_tape(qnode: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
    """The tape that a QNode makes of these arguments, the transforms that the user gave it applied.

    ``UsageError`` where these make several of it.
    """
    import pennylane as qml

    if not len(qnode.compile_pipeline):
        return _recorded(qnode.func, *arguments, **keywords)
    tapes, _ = qml.workflow.construct_batch(qnode, level="user")(*arguments, **keywords)
    if len(tapes) != 1:
        message = f"a transform of {qnode.__name__} makes {len(tapes)} circuits of one"
        raise UsageError(f"{message}; lint the QNode without it")
    return tapes[0]


class OwnNumbers:
    """A tape as a function of those of its numbers that it says are trained: by ``requires_grad``, or by ``trainable_params``
    where that leaves some out. All of them is what a tape says of which nobody said anything. ``indices`` are theirs on the tape.
    """

    def __init__(self, tape: Any) -> None:
        self._tape = tape
        said, infos = set(tape.trainable_params), tape.par_info
        self.indices, self._shapes = list[int](), list[tuple[int, ...]]()
        self.names, parts = list[str](), [np.zeros(0)]
        for index, info in enumerate(infos):
            value = info["op"].data[info["p_idx"]]
            trained = getattr(value, "requires_grad", None) or (index in said and len(said) < len(infos))
            if info["op_idx"] >= len(tape.operations) or not trained or np.asarray(value).dtype.kind != "f":
                continue
            array = np.asarray(value, dtype=np.float64)
            self.indices.append(index)
            self._shapes.append(array.shape)
            parts.append(array.reshape(-1))
            places = np.ndindex(array.shape)
            self.names += [f"params[{','.join(map(str, (index, *place)))}]" for place in places]
        self.given = np.concatenate(parts)
        self.trained = np.ones(len(self.names), dtype=bool)
        self.presumed = False
        self.data_patterns: tuple[str, ...] = ()

    def tape(self, point: Numbers) -> Any:
        """The tape with these numbers in the place of its own."""
        if not self.indices:
            return self._tape
        ends = np.cumsum([int(np.prod(shape)) for shape in self._shapes])[:-1]
        values = [part.reshape(shape)[()] for part, shape in zip(np.split(point, ends), self._shapes, strict=True)]
        return self._tape.bind_new_parameters(values, self.indices)


def _recorded(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    import pennylane as qml

    with qml.queuing.AnnotatedQueue() as queue:
        function(*arguments, **keywords)
    operations, measurements = qml.queuing.process_queue(queue)
    return qml.tape.QuantumScript(operations, measurements)

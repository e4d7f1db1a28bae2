"""What a process that builds runs: one file of the user's, as a module, then its builders one after the other."""

from __future__ import annotations

import gc
import importlib.util
import os
import pickle
import sys
import traceback
import types
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any, NamedTuple

from bplint.context_keys import Said, keys
from bplint.dataset import table
from bplint.errors import BplintError, UsageError
from bplint.failure import last_lines
from bplint.family import DeclaredFamily, declared
from bplint.importers.objects import built, read_object
from bplint.ir.formula import Formula
from bplint.sources.building.circuit import Begun, BuildFailed, BuildLimits, BuildOrder, Built, Finished
from bplint.sources.building.gate_lines import GateLines
from bplint.sources.select_by_id import matcher


def serve(path: list[str]) -> None:
    """Take an order from standard input and answer on standard output, which nobody else writes to.

    ``path`` is where Python looks for modules by itself: the user's code looks there, and in the folder of its file first.
    """
    sys.set_int_max_str_digits(0)
    order: BuildOrder = pickle.load(sys.stdin.buffer)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what builders print does not stand among the answers
    sys.stdin = open(os.devnull)  # noqa: SIM115  # as long as the process lives
    _limit(order)
    sys.path[:] = [os.path.dirname(order.file), *(_moved(folder, order.moved) for folder in path)]
    sys.argv[:] = [order.file]
    for answer in _answers(order):
        sys.stdout.flush()
        sys.stderr.flush()
        _send(answers, answer)
        if isinstance(answer, BuildFailed):
            break
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # what the user's code has left to do at its end is no concern of ours


def _answers(order: BuildOrder) -> Iterator[Begun | Built | BuildFailed | Finished]:
    selected, deselected = matcher(order.keyword), 0
    lines = GateLines(order.file)
    try:
        module = _run(order)
        items = [(one, size) for one in _builders(order, module) for size in one.told.sizes or (None,)]
    except BaseException as error:  # sys.exit and Ctrl-C of the user's code included
        yield _failed(error, order.file)
        return
    for one, size in items:
        if not selected(order.id_of(one.name, size)):
            deselected += 1
        elif (one.name, size) not in order.done:
            yield Begun(one.name, size)
            try:
                yield _built(one, size, lines)
            except BaseException as error:
                yield _failed(error, order.file)
                return
            gc.collect()  # a large circuit is gone before the next one comes
    yield Finished(deselected)


def _run(order: BuildOrder) -> types.ModuleType:
    """The module of the file, run; in a package its relative imports work as when the package is imported."""
    name, package = os.path.splitext(os.path.basename(order.file))[0], ""
    folder = os.path.dirname(order.file)
    if os.path.isfile(os.path.join(folder, "__init__.py")):
        package = _package(folder)
        name = package if name == "__init__" else f"{package}.{name}"
    module = types.ModuleType(name)
    module.__file__, module.__package__ = order.file, package
    sys.modules[name] = module
    exec(compile(order.code, order.file, "exec"), module.__dict__)
    return module


def _package(folder: str) -> str:
    """The name of the package in a folder, after it and those around it have run."""
    above = os.path.dirname(folder)
    around = _package(above) + "." if os.path.isfile(os.path.join(above, "__init__.py")) else ""
    name = around + os.path.basename(folder)
    file = os.path.join(folder, "__init__.py")
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=[folder])
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return name


class _Builder(NamedTuple):
    name: str
    function: Any
    told: DeclaredFamily


def _builders(order: BuildOrder, module: types.ModuleType) -> Iterator[_Builder]:
    for wanted in order.builders:
        function = getattr(module, wanted.name, None)
        told = declared(function)
        if told is None and wanted.declared:
            continue  # defined under a condition that does not hold
        yield _Builder(wanted.name, function, (told or DeclaredFamily()).given(sizes=wanted.sizes or None))


def _built(builder: _Builder, size: int | None, lines: GateLines) -> Built:
    function, told = builder.function, builder.told
    if not callable(function):
        raise UsageError(f"configuration names {builder.name}, and there is no such function in this file")
    circuit, call = built(function, () if size is None else (size,), told.arguments_at(size))
    observable = told.observable if size is None else told.observable_at(size)
    reading = read_object(circuit, observable, call)
    said: dict[str, Any] = {}
    told = told._replace(
        shots=told.shots or reading.shots,
        data=(*told.data, *reading.data),
        dataset=table.given(told.dataset, told.rows, told.labels),
    )
    for name, key in keys(Said.SOURCE).items():
        if name != "observable" and (value := getattr(told, key.attribute, None)) not in (None, ()):
            said[name] = key.read(value)
    loss = None if reading.observable is None else keys(Said.ARGUMENT)["observable"].read(reading.observable)
    formulas = {name: plain for name, formula in reading.program.formulas.items() if (plain := _portable(formula))}
    program = reading.program._replace(roles=dict(reading.program.roles), formulas=formulas)
    return Built(program, loss, said, lines.of(circuit))


def _portable(formula: Formula) -> Formula | None:
    """A formula that needs no framework, which does not pass between processes."""
    return formula.portable() if hasattr(formula, "portable") else formula


_OF_BPLINT = ("child.py:", "objects.py:")
"""Calls of bplint's own, between the user's file and where a builder fails."""


def _failed(error: BaseException, file: str) -> BuildFailed:
    """Where it was raised, the line of the user's file first, and what."""
    if isinstance(error, BplintError):
        return BuildFailed((" ".join(str(error).split()),), refused=True)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    own = [f"{os.path.basename(f.filename)}:{f.lineno} in {f.name}: {f.line}" for f in frames[-1:]]
    places = [line for line in last_lines(error) if not line.startswith(_OF_BPLINT)]
    return BuildFailed(tuple(dict.fromkeys([*own, *places])))


def _limit(order: BuildOrder) -> None:
    """Memory as asked, and processor time as a last resort: whoever watches the clock may be gone."""
    with suppress(ImportError):
        import resource

        limits: BuildLimits = order.limits
        items = 1 + sum(max(1, len(builder.sizes)) for builder in order.builders)
        for what, most in (
            (resource.RLIMIT_DATA, limits.memory),
            (resource.RLIMIT_CPU, int(limits.seconds * 4) * items),
        ):
            _, hard = resource.getrlimit(what)
            soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (soft, hard))


def _moved(folder: str, moved: tuple[str, str] | None) -> str:
    if moved is None:
        return folder
    old, new = moved
    return new + folder[len(old) :] if os.path.join(folder, "").startswith(os.path.join(old, "")) else folder


def _send(stream: IO[bytes], answer: object) -> None:
    stream.write(pickle.dumps(answer))
    stream.flush()

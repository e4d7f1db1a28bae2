"""Which line of the user's file made each gate, noted while builders run: frameworks do not say."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Protocol

from bplint.importers.from_cirq.gate_lines import CirqGateLines
from bplint.importers.from_qiskit.gate_lines import QiskitGateLines


class FrameworkLines(Protocol):
    """Notes for the circuits of one framework what is the line at the time a gate is made."""

    module: str
    """What is to be watched as soon as it is imported."""

    def watch(self, module: Any) -> None:
        """Begin."""

    def of(self, circuit: Any) -> array[int]:
        """A line for each statement of a circuit, 0 where it is not known; nothing where none is."""


class GateLines(MetaPathFinder):
    """The lines of ``file`` in which gates are made, from the import of a framework on.

    A gate is made in the innermost call that stands in the file, in a helper of the builder's or in itself; what another module
    makes is made in the line that calls it.
    """

    def __init__(self, file: str) -> None:
        def here() -> int:
            frame = sys._getframe(1)
            while frame is not None and frame.f_code.co_filename != file:
                frame = frame.f_back  # type: ignore[assignment]  # None ends the loop
            return frame.f_lineno if frame else 0

        self._frameworks: dict[str, FrameworkLines] = {
            one.module: one for one in (QiskitGateLines(here), CirqGateLines(here))
        }
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> Any:
        """What the others find, watched as soon as it has run."""
        framework = self._frameworks.get(name)
        if framework is None:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        spec = next((spec for finder in others if (spec := finder.find_spec(name, path, target))), None)
        if spec is not None and spec.loader is not None:
            _after(spec, framework)
        return spec

    def of(self, circuit: object) -> array[int]:
        """A line for each statement of a circuit, 0 where it is not known; nothing where none is."""
        kinds = {kind.__module__.partition(".")[0] for kind in type(circuit).__mro__}
        for name, framework in self._frameworks.items():
            if name in sys.modules and name.partition(".")[0] in kinds:
                return framework.of(circuit)
        return array("i")


def _after(spec: ModuleSpec, framework: FrameworkLines) -> None:
    loader: Any = spec.loader
    run = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        run(module)
        framework.watch(module)

    loader.exec_module = exec_module

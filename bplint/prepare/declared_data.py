"""The data set and the samples that a source, configuration or the caller names, and the rows that they are of a circuit."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bplint.config.in_force import InForce
from bplint.errors import BplintError, SourceError, Span
from bplint.ir.circuit import Circuit, Role
from bplint.ir.formula import Formula
from bplint.ir.law import Init
from bplint.ir.loss_function import LossFunction
from bplint.ir.rows import Rows
from bplint.prepare.given import Given

if TYPE_CHECKING:  # most sources have no data
    from bplint.dataset.files import DataFolder
    from bplint.dataset.table import DataTable
    from bplint.ir.circuit import Codes


class DeclaredData(NamedTuple):
    """What was read; ``dataset``, ``samples_from`` and ``loss`` say who declared it."""

    dataset: Given
    samples_from: Given
    loss: Given
    table: DataTable | None = None
    samples: Codes | None = None

    @classmethod
    def of(cls, said: Mapping[str, Given], path: str | None, settings: InForce) -> DeclaredData:
        """The files are read. ``BplintError`` with the place of who names a file at fault."""
        declared = cls(said["dataset"], said["target"], said["loss"])
        if isinstance(declared.dataset.value, str):
            from bplint.dataset.files import read_table
            from bplint.dataset.table import TableError

            place = _place(declared.dataset, path, settings)
            try:
                declared = declared._replace(table=read_table(declared.dataset.value, place))
            except TableError as error:
                raise declared.dataset.error(str(error)) from error
        elif declared.dataset.value is not None:
            declared = declared._replace(table=declared.dataset.value)
        if isinstance(declared.samples_from.value, tuple):
            import numpy as np

            bits = [[int(bit) for bit in one] for one in declared.samples_from.value]
            return declared._replace(samples=np.array(bits, dtype=np.uint8))
        if declared.samples_from.value is not None:
            from bplint.dataset.files import read_samples
            from bplint.dataset.table import TableError

            place = _place(declared.samples_from, path, settings)
            try:
                return declared._replace(samples=read_samples(declared.samples_from.value, place))
            except TableError as error:
                raise declared.samples_from.error(str(error)) from error
        return declared

    @property
    def span(self) -> Span:
        """Where the data set is named in the source, or its beginning."""
        return self.dataset.span or Span(1, 1, 1, 2)

    @property
    def target(self) -> str:
        """What the samples are called."""
        value = self.samples_from.value
        return "" if value is None else value if isinstance(value, str) else f"{len(value):,} samples"

    def rows(
        self,
        circuit: Circuit,
        formulas: Mapping[str, Formula],
        loss: LossFunction,
        laws: Init,
        seed: int,
        data: Sequence[str],
    ) -> tuple[Rows | None, tuple[str, ...]]:
        """The rows of a circuit, and what was taken for granted with them; ``data`` are patterns of its data parameters' names.

        Without a data set they are drawn where averages over their laws would not do, else there are none.
        """
        if self.table is None:
            if loss.needs_labels:
                raise _error(self.loss, f"{loss} compares with labels: want a data set that has them")
            if not data and all(parameter.role is not Role.DATA for parameter in circuit.parameters):
                return None, ()
            from bplint.dataset.drawing import drawn

            return drawn(circuit, formulas, laws, seed, data), ()
        from bplint.dataset.matching import matched
        from bplint.dataset.table import TableError

        try:
            return matched(self.table, circuit, formulas, loss, seed, data)
        except TableError as error:
            raise _error(self.dataset, str(error)) from error

    def bits(self, circuit: Circuit, loss: LossFunction) -> Codes | None:
        """The samples, which are of a circuit with as many qubits as they have bits."""
        if self.samples is None:
            if loss.of_samples:
                raise _error(self.loss, f"{loss} compares with samples: want a target that has them")
            return None
        if self.samples.shape[1] != circuit.n_declared:
            bits, n = self.samples.shape[1], circuit.n_declared
            raise _error(self.samples_from, f"the samples have {bits} bits, and the circuit {n} qubits")
        self.samples.flags.writeable = False
        return self.samples


def named_by(table: DataTable | None, circuit: Circuit) -> tuple[str, ...]:
    """The symbols of a circuit that are called as a column of a table, and all of an array of which one is."""
    if table is None or not table.names:
        return ()
    from bplint.dataset.matching import column_of

    names = list(dict.fromkeys(name for p in circuit.parameters for name in p.sources or (p.name,)))
    arrays = {_array(name) for name in names if column_of(table, name) is not None}
    return tuple(name for name in names if _array(name) in arrays)


def _array(name: str) -> str:
    return name.partition("[")[0]


def _place(said: Given, path: str | None, settings: InForce) -> DataFolder:
    """Where the name of a file starts from: beside the source or the configuration, or where the caller is."""
    from bplint.dataset.files import DataFolder

    if said.span is None and said.source != "configuration":
        return DataFolder(os.path.join(os.getcwd(), settings.working), None)
    if said.span is None:
        return DataFolder.beside(os.path.join(settings.root, "bplint.toml"))
    if path is None:
        raise said.error("the place of this text is not known: name the data set with an option")
    return DataFolder.beside(path)


def _error(said: Given, message: str) -> BplintError:
    """The error of what is said in this place; of what nobody says, that of the source."""
    return said.error(message) if said.span or said.origin else SourceError(message)

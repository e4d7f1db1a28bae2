"""A table of numbers as a file or an array has it, before anybody says which parameter a column is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bplint.errors import BplintError

if TYPE_CHECKING:  # most runs have no data
    from bplint.ir.circuit import Floats

LARGEST = 1e9
"""Of a value; beyond it an angle has lost its place on the circle."""


class TableError(BplintError):
    """What is given is no table of finite numbers; the message says where it is not."""


@dataclass(frozen=True, eq=False)
class DataTable:
    """Numbers by row and column, float64 (M, C); ``names`` are those of the columns, empty where nobody says.

    ``labels``, float64 (M,), are those that were given beside the table. ``file`` is where it was read from, empty where the rows
    were handed over.
    """

    values: Floats
    names: tuple[str, ...] = ()
    labels: Floats | None = None
    file: str = ""

    @property
    def origin(self) -> str:
        """What messages call it."""
        return self.file or "rows"

    def __len__(self) -> int:
        return len(self.values)

    def __str__(self) -> str:
        return f"{len(self.values):,} rows of {self.values.shape[1]:,}"


def of_arrays(rows: object, labels: object = None) -> DataTable:
    """Rows as Python has them: an array or lists (M, C), a mapping from names to columns, or a data frame; labels (M,).

    ``TableError`` for what is none.
    """
    names: tuple[str, ...] = ()
    if hasattr(rows, "columns") and hasattr(rows, "to_numpy"):
        names, rows = tuple(map(str, rows.columns)), rows.to_numpy()
    elif isinstance(rows, Mapping):
        columns: Sequence[Any] = [_numbers(column, "rows", 1) for column in rows.values()]
        if len({len(column) for column in columns}) != 1:
            raise TableError("rows: want columns of one length")
        import numpy as np

        names, rows = tuple(map(str, rows)), np.stack(columns, axis=1)
    values = _numbers(rows, "rows", 2)
    given = None if labels is None else _numbers(labels, "labels", 1)
    if given is not None and len(given) != len(values):
        raise TableError(f"want {len(values):,} labels, as many as rows, got {len(given):,}")
    return DataTable(values, names, given)


def given(dataset: str | DataTable | None, rows: object, labels: object) -> str | DataTable | None:
    """The data set of a caller who may name a file or hand over rows. ``TableError`` for both, and for labels alone."""
    if rows is None:
        if labels is not None:
            raise TableError("labels are given without rows")
        return dataset
    if dataset is not None:
        raise TableError("want either rows or a data set, got both")
    return of_arrays(rows, labels)


def check(values: Floats, origin: str) -> None:
    """``TableError`` where a table has no rows, or a value that is not finite or too large for an angle."""
    import numpy as np

    if not values.size:
        raise TableError(f"{origin}: there are no rows")
    wrong = ~(np.abs(values) <= LARGEST)
    if wrong.any():
        place = tuple(int(index) + 1 for index in np.argwhere(wrong)[0])
        where = ", ".join(f"{name} {index:,}" for name, index in zip(("row", "column"), place, strict=False))
        value = float(values[wrong][0])
        what = f"want at most {LARGEST:g}" if np.isfinite(value) else "want a finite number"
        raise TableError(f"{origin}, {where}: {what}, got {value:g}")


def _numbers(given: object, origin: str, dimensions: int) -> Floats:
    import numpy as np

    try:
        array = np.asarray(given)
        if array.dtype.kind not in "biuf":
            raise TypeError
    except (TypeError, ValueError) as error:  # ragged lists, text, complex numbers
        raise TableError(f"{origin}: want an array of real numbers in {dimensions} dimensions") from error
    if array.ndim != dimensions:
        raise TableError(f"{origin}: want {dimensions} dimensions, got shape {array.shape}")
    values = array.astype(np.float64)
    check(values, origin)
    return values

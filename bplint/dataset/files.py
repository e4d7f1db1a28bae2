"""The files of data sets and samples: found beside a circuit, and read as numbers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from bplint.dataset.table import DataTable, TableError
from bplint.files import regular_file

if TYPE_CHECKING:
    from bplint.ir.circuit import Codes

LIMIT = 20_000_000
"""Bytes of one file."""


class DataFolder(NamedTuple):
    """Where a relative name starts from: a folder, and the one that no file may lie outside of; None for the caller's own."""

    folder: str
    within: str | None

    @classmethod
    def beside(cls, path: str) -> DataFolder:
        """Of names in a file: its folder, and the git repository around that, or the folder itself."""
        folder = os.path.dirname(os.path.realpath(path))
        above = folder
        while not os.path.lexists(os.path.join(above, ".git")) and above != os.path.dirname(above):
            above = os.path.dirname(above)
        return cls(folder, above if above != os.path.dirname(above) else folder)


def read_table(name: str, place: DataFolder) -> DataTable:
    """The table in a ``.csv`` or ``.npy`` file. ``TableError`` where there is no such file there, or no table in it."""
    data = _content(name, place, (".csv", ".npy"))
    if name.lower().endswith(".npy"):
        from bplint.dataset.npy_table import read_npy

        return read_npy(data, name)
    from bplint.dataset.csv_table import read_csv

    return read_csv(_text(data, name), name)


def read_samples(name: str, place: DataFolder) -> Codes:
    """Bit strings, uint8 (M, n), qubit 0 first: a line each such as ``0110``, or its bits by commas; also a ``.npy`` of bits.

    ``TableError`` where there is no such file there, or something else in it.
    """
    import numpy as np

    data = _content(name, place, (".csv", ".txt", ".npy"))
    if name.lower().endswith(".npy"):
        from bplint.dataset.npy_table import read_npy

        values = read_npy(data, name).values
        wrong = np.argwhere((values != 0) & (values != 1))
        if len(wrong):
            row, column = (int(index) for index in wrong[0])
            raise TableError(f"{name}, row {row + 1}, column {column + 1}: want 0 or 1, got {values[row, column]:g}")
        return values.astype(np.uint8)
    samples: list[list[int]] = []
    for number, line in enumerate(_text(data, name).splitlines(), start=1):
        bits = "".join(line.replace(",", " ").split())
        if not bits or bits.startswith("#"):
            continue
        if set(bits) - {"0", "1"}:
            raise TableError(f"{name}, line {number}: want bits such as 0110, got {line.strip()[:40]!r}")
        if samples and len(bits) != len(samples[0]):
            raise TableError(f"{name}, line {number}: want {len(samples[0])} bits, as before, got {len(bits)}")
        samples.append([int(bit) for bit in bits])
    if not samples:
        raise TableError(f"{name}: there are no samples")
    return np.array(samples, dtype=np.uint8)


def _content(name: str, place: DataFolder, suffixes: tuple[str, ...]) -> bytes:
    if not name.lower().endswith(suffixes):
        raise TableError(f"want a file named {' or '.join(suffixes)}, got {name[:60]!r}")
    file = os.path.join(place.folder, name)
    if place.within is not None:
        if os.path.isabs(name) or name.startswith("~"):
            raise TableError(f"{name[:60]!r}: want the name of a file beside this one")
        file = os.path.realpath(file)
        if not file.startswith(os.path.join(place.within, "")):
            raise TableError(f"{name[:60]!r} lies outside of the project")
    try:
        data = regular_file.content(file, LIMIT)
    except regular_file.NotReadable as error:
        raise TableError(f"{name[:60]}: {error}") from error
    if len(data) > LIMIT:
        raise TableError(f"{name[:60]}: over the limit of {LIMIT:,} bytes for a data set")
    return data


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableError(f"{name}, line {line}: not UTF-8") from error

"""Data sets as NumPy saves arrays. Nothing that is pickled is ever loaded."""

from __future__ import annotations

import io
import math

import numpy as np

from bplint.dataset.table import DataTable, TableError, check

_MAGIC = b"\x93NUMPY"


def read_npy(data: bytes, origin: str) -> DataTable:
    """The table in the bytes of a ``.npy`` file: two dimensions of real numbers, or one of records with names.

    ``TableError`` for anything else, arrays of Python objects above all.
    """
    if not data.startswith(_MAGIC):
        raise TableError(f"{origin}: no .npy file of NumPy's")
    stream = io.BytesIO(data)
    try:
        major, _ = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = header(stream)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise TableError(f"{origin}: the header of the .npy file is damaged") from error
    if dtype.hasobject:
        raise TableError(f"{origin}: it holds Python objects (pickled), which are never loaded; save numbers")
    left = len(data) - stream.tell()
    if left != math.prod(shape) * dtype.itemsize:
        raise TableError(f"{origin}: want {math.prod(shape) * dtype.itemsize:,} bytes after the header, got {left:,}")
    array = np.frombuffer(data, dtype, offset=stream.tell()).reshape(shape, order="F" if fortran else "C")
    names = dtype.names or ()
    if names and array.ndim == 1:
        array = np.stack([array[name] for name in names], axis=1) if all(_is_real(dtype[n]) for n in names) else array
    if array.ndim != 2 or not _is_real(array.dtype):
        raise TableError(f"{origin}: want two dimensions of real numbers, got shape {shape} of {dtype}")
    values = array.astype(np.float64)
    check(values, origin)
    return DataTable(values, tuple(names), file=origin)


def _is_real(dtype: np.dtype[np.generic]) -> bool:
    return dtype.kind in "biuf"

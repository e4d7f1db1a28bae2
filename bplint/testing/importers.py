"""What must hold for every importer: its circuits are compared with unitaries that its author gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from bplint.errors import SourceError
from bplint.importers.program import Importer, malformed
from bplint.testing.check import Check
from bplint.testing.unitary import Matrix, same_up_to_phase, unitary


class Reading(NamedTuple):
    """A text and the matrix that it means, (2^n, 2^n), up to a global phase; qubit 0 is the leftmost tensor factor.

    ``values`` are those of the parameters, by name: all that the text has.
    """

    why: str
    source: str
    unitary: Matrix
    values: Mapping[str, float] = MappingProxyType({})


def importer_checks(importer: Importer, readings: Iterable[Reading]) -> list[Check]:
    """Everything that must hold for an importer: its suffixes, its circuits, and how it refuses what it cannot read."""
    return list(_checks(importer, tuple(readings)))


def _checks(importer: Importer, readings: Sequence[Reading]) -> Iterator[Check]:
    yield Check(f"{importer.name} suffixes", partial(_suffixes, importer))
    yield Check(f"{importer.name} examples", partial(_examples, importer, readings))
    for reading in readings:
        yield Check(f"{importer.name} reads {reading.why}", partial(_reads, importer, reading))
        yield Check(
            f"{importer.name} survives {reading.why} in pieces", partial(_survives_pieces, importer, reading.source)
        )
    for name, text in _NONSENSE.items():
        yield Check(f"{importer.name} survives {name}", partial(_survives, importer, text))


def _suffixes(importer: Importer) -> None:
    assert importer.suffixes, f"{importer.name}: want a suffix"
    for suffix in importer.suffixes:
        assert re.fullmatch(r"(\.[a-z0-9]+)+", suffix), f"want a suffix like .qasm in lower case, got {suffix!r}"


def _examples(importer: Importer, readings: Sequence[Reading]) -> None:
    assert readings, f"{importer.name}: want a Reading: a text, and the unitary that it means"
    assert any(reading.values for reading in readings), f"{importer.name}: want a Reading with a parameter in it"


def _reads(importer: Importer, reading: Reading) -> None:
    program = importer.read(reading.source, path=None, overrides={})
    fault = malformed(program)
    assert not fault, f"{importer.name}: {fault}"
    names = {parameter.name for parameter in program.circuit.parameters}
    assert names == set(reading.values), (
        f"{importer.name}: want the parameters {sorted(reading.values)}, got {sorted(names)}"
    )
    got, want = unitary(program.circuit, reading.values), np.asarray(reading.unitary, dtype=np.complex128)
    assert got.shape == want.shape, f"{importer.name}: want a matrix {want.shape}, got {got.shape}"
    assert same_up_to_phase(got, want), f"{importer.name}: {reading.why} is another unitary than the one given"


def _survives_pieces(importer: Importer, source: str) -> None:
    """Cut off anywhere: in a file that was not written to its end."""
    for end in range(0, len(source), max(len(source) // _PIECES, 1)):
        _survives(importer, source[:end])


def _survives(importer: Importer, text: str) -> None:
    try:
        fault = malformed(importer.read(text, path=None, overrides={}))
    except SourceError as refused:
        fault = "" if refused.message else "want a message in the SourceError"
    except Exception as error:
        fault = f"want a SourceError for what it cannot read, got {type(error).__name__}: {error}"
    assert not fault, f"{importer.name}: {fault}"


_PIECES = 40
_NONSENSE = {
    "an empty text": "",
    "a NUL": "\0",
    "signs": "({[<!?%&;,:|" * 50,
    "numbers": "1e999 -7 0x 99999999999999999999 nan inf " * 50,
    "lines without an end": "a\r\nb\rc\n\n\tö €",
}

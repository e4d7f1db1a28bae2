"""Inputs that once broke a reader, found by ``benchmarks/fuzz.py`` (seed and number in the name): now refused, in time."""

import signal
from pathlib import Path

import pytest

from bplint.errors import SourceError
from bplint.importers.decoding import decode
from bplint.importers.qasm import read

FOUND = sorted((Path(__file__).parents[3] / "fixtures" / "fuzzed").glob("*.qasm"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_it_is_refused(path):
    def ring(signum, frame):
        raise TimeoutError(path.name)

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(20)
    try:
        with pytest.raises(SourceError):
            read(decode(path.read_bytes()))
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_there_are_some():
    assert len(FOUND) >= 4

"""Bytes that are a text, and those that are something else."""

import gzip
import io
import zipfile

import pytest

from bplint.errors import LimitError, SourceError
from bplint.importers.decoding import decode
from bplint.importers.limits import Limits


def zipped():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.qasm", "OPENQASM 3.0;")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("qubit q;".encode("utf-16"), "UTF-16"),
        ("qubit q;".encode("utf-16-be"), "NUL bytes"),
        ("qubit q;".encode("utf-32"), "UTF-32"),
        (gzip.compress(b"qubit q;", mtime=0), "gzip"),
        (zipped(), "a zip archive"),
        (b"qubit q;\0", "NUL bytes"),
    ],
)
def test_what_is_no_text_says_what_it_is(data, what):
    with pytest.raises(SourceError, match=what) as raised:
        decode(data)
    assert raised.value.hint


@pytest.mark.parametrize("text", ["", "ψ = π/2; // é", "\ufeffqubit q;"])
def test_utf8_without_its_mark(text):
    assert decode(text.encode("utf-8")) == text.removeprefix("\ufeff")


def test_other_bytes_are_surrogates_that_come_back():
    data = b"// caf\xe9"
    assert decode(data) == "// caf\udce9"
    assert decode(data).encode("utf-8", "surrogateescape") == data


def test_the_limit_is_in_bytes_and_inclusive():
    limits = Limits(file=4)
    assert decode("éé".encode(), limits=limits) == "éé"
    with pytest.raises(LimitError, match="5 bytes: the limit `file` is 4"):
        decode("ééx".encode(), limits=limits)

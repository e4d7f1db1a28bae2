"""From the bytes of a source to its text."""

from __future__ import annotations

from bplint.errors import SourceError
from bplint.importers.limits import DEFAULTS, Limits


def decode(data: bytes, *, limits: Limits = DEFAULTS) -> str:
    """The text of a file, its byte order mark removed.

    A byte that is not UTF-8 becomes a lone surrogate, which OpenQASM may have in a comment only.
    Raises SourceError for what is no UTF-8 text (UTF-16, gzip, NUL bytes), LimitError for too large a file.
    """
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise SourceError(f"this is {what}, not UTF-8 text", hint="give the file as UTF-8 text")
    if b"\0" in data:
        raise SourceError("this has NUL bytes: it is binary, or UTF-16 text", hint="give the file as UTF-8 text")
    if len(data) > limits.file:
        raise limits.exceeded("file", f"{len(data):,} bytes")
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


_MAGIC = {
    b"\xff\xfe\0\0": "UTF-32 text",
    b"\0\0\xfe\xff": "UTF-32 text",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"\x1f\x8b": "gzip data",
    b"PK\x03\x04": "a zip archive",
}

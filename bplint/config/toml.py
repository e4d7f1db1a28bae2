"""TOML from files that nobody vouches for."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from bplint.errors import UsageError


def parse(data: bytes, file: str) -> dict[str, Any]:
    """The tables of a file of this name. ``UsageError`` with the line for what is no TOML, or takes too much to read."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{file}: line {line}: byte 0x{data[error.start]:02x} is not UTF-8 text") from error
    _refuse_bombs(text, file)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise UsageError(f"{file}: nested too deeply") from None
    except ValueError as error:
        raise UsageError(f"{file}: not valid TOML: {error}") from error


def _refuse_bombs(text: str, file: str) -> None:
    """A key of many parts, or a long number, takes time and memory that grow with the square of its length."""
    outside = _STRING.sub('""', text)
    if any(part.count(".") > 32 for part in re.split(r"[\n,={}\[\]]", outside)):
        raise UsageError(f"{file}: a key has more than 32 parts")
    if re.search(r"(?<![\d_])[\d_]{1000}", outside):
        raise UsageError(f"{file}: a number has 1,000 digits or more")


_STRING = re.compile(
    r"""\"\"\"(?:[^"\\]|\\.|"(?!""))*+(?:\"{3,5})? | '''(?:[^']|'(?!''))*+(?:'{3,5})?
    | "(?:[^"\\\n]|\\.)*+"? | '[^'\n]*+'? | \#[^\n]*+""",
    re.VERBOSE | re.DOTALL,
)
"""Strings and comments, closed or not."""

"""Names of parameters as people select them: ``w``, ``w*``, one element ``x[2]``, or a range of them ``x[0:4]``."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

_ELEMENTS = re.compile(r"(?P<name>.*)\[(?P<first>\d+)(?::(?P<last>\d+))?\]", re.ASCII | re.DOTALL)


def selects(pattern: str, name: str) -> bool:
    """Whether a pattern selects a name. Digits in brackets at its end are elements, both ends of a range as in OpenQASM; the
    rest is a glob."""
    wanted = _ELEMENTS.fullmatch(pattern)
    if wanted is None:
        return fnmatchcase(name, pattern)
    element = _ELEMENTS.fullmatch(name)
    if element is None or element["last"] is not None or not fnmatchcase(element["name"], wanted["name"]):
        return False
    return int(wanted["first"]) <= int(element["first"]) <= int(wanted["last"] or wanted["first"])

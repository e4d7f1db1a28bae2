"""What rules find: a :class:`Hit` is yielded by a rule, the engine signs it as a :class:`Finding`. Both are data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import NamedTuple

from bplint.errors import Span


class Severity(IntEnum):
    """Ordered: a note is the least."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """As users write it."""
        return self.name.lower()


class Kind(StrEnum):
    """What a rule's evidence is."""

    EXACT = "exact"
    ESTIMATE = "estimate"
    PATTERN = "pattern"


class Hit(NamedTuple):
    """One thing a rule has to say.

    ``message`` speaks to a person, ``proof`` is the one line of evidence with its certainty, ``help`` says what to do.
    ``evidence`` holds the same numbers for machines. ``severity`` steps down from the rule's own, never up.
    ``structure`` identifies the finding without line numbers, for fingerprints.
    """

    message: str
    proof: str = ""
    help: tuple[str, ...] = ()
    span: Span | None = None
    severity: Severity | None = None
    evidence: Mapping[str, object] = {}  # read only by its type
    structure: str = ""


class Finding(NamedTuple):
    """A hit with its rule's code and the severity in force."""

    code: str
    name: str
    severity: Severity
    path: str
    hit: Hit
    fingerprint: str

    @property
    def span(self) -> Span:
        """Where it stands; the first character of the file when the whole file is meant."""
        return self.hit.span or Span(1, 1, 1, 1)


def sign(hit: Hit, *, code: str, name: str, severity: Severity, path: str, case_id: str) -> Finding:
    """Make a finding of a hit. The fingerprint is the same wherever in the file it stands."""
    structure = "\0".join((case_id, code, hit.structure or hit.message))
    return Finding(code, name, severity, path, hit, f"{_hash(structure.encode(errors='surrogateescape')):016x}")


def _hash(data: bytes) -> int:
    """FNV-1a, 64 bits: enough to tell findings apart, and hashlib takes longer to load than a small file to lint."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value

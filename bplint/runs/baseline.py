"""Findings that are there already and are let pass: counted by circuit, rule and structure, never by line.

A baseline is sorted JSON with one entry a line, so that two branches that change it can be merged.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from bplint.config.files import shown
from bplint.errors import UsageError
from bplint.files import atomic_write, regular_file
from bplint.finding import Finding

SCHEMA = "bplint-baseline/1"

LIMIT = 100_000_000
"""Bytes of one file."""


class KnownFinding(NamedTuple):
    """What a finding is known by: the node id of its circuit, its rule, and its structural fingerprint."""

    id: str
    code: str
    fingerprint: str


Baseline: TypeAlias = Mapping[KnownFinding, int]
"""How often each known finding may occur."""


class CheckedCircuit(NamedTuple):
    """What a run can say of the entries of one circuit: which findings it has, as far as they are known, and which rules told."""

    id: str
    known: Sequence[Finding] = ()
    told: Collection[str] = ()


class ComparedBaseline(NamedTuple):
    """A baseline after a run: what is to be written now, and what no longer occurs."""

    now: Baseline
    gone: Baseline


def split(findings: Iterable[Finding], id: str, baseline: Baseline) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings of a circuit that are not in the baseline, and those that are."""
    left = Counter(baseline)
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in findings:
        key = _key(finding, id)
        (known if left[key] > 0 else new).append(finding)
        left[key] -= 1
    return tuple(new), tuple(known)


def compare(baseline: Baseline, circuits: Iterable[CheckedCircuit], roots: Collection[str]) -> ComparedBaseline:
    """The baseline with the known findings of these circuits in place of those it had.

    An entry is kept, and not gone, where nobody looked: its circuit is there, below one of the ``roots``, and was not linted,
    its rule did not run, or could not tell.
    """
    looked: set[str] = set()
    told: set[tuple[str, str]] = set()
    seen: Counter[KnownFinding] = Counter()
    for circuit in circuits:
        looked.add(circuit.id)
        told.update((circuit.id, code) for code in circuit.told)
        seen.update(_key(finding, circuit.id) for finding in circuit.known)
    now: dict[KnownFinding, int] = dict(seen)
    gone: dict[KnownFinding, int] = {}
    for known, count in baseline.items():
        missing = count - seen[known]
        if missing <= 0:
            continue
        judged = (known.id, known.code) in told if known.id in looked else not _exists(known.id, roots)
        if judged:
            gone[known] = missing
        else:
            now[known] = count
    return ComparedBaseline(now, dict(sorted(gone.items())))


def read(path: str) -> Baseline:
    """The baseline in a file. ``UsageError`` for whatever is wrong with it."""
    import json  # for those who have a baseline

    try:
        data = regular_file.content(path, LIMIT)
    except regular_file.NotReadable as error:
        if not os.path.lexists(path):
            raise UsageError(f"{shown(path)}: there is no such baseline; --write-baseline makes one") from error
        raise UsageError(f"{shown(path)}: {error}") from error
    if len(data) > LIMIT:
        raise UsageError(f"{shown(path)}: over the limit of {LIMIT:,} bytes for a baseline")
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_int=_int)
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown(path)}: no baseline: byte 0x{data[error.start]:02x} is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{shown(path)}: no baseline: not valid JSON: {error}") from error
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        raise UsageError(f"{shown(path)}: no baseline that this version reads: want the schema {SCHEMA}")
    entries = document.get("findings")
    if set(document) != {"schema", "findings"} or not isinstance(entries, list):
        raise UsageError(f"{shown(path)}: damaged: want a list of findings beside the schema, and nothing else")
    counts: dict[KnownFinding, int] = {}
    for number, entry in enumerate(entries, start=1):
        known, count = _entry(entry, f"{shown(path)}: entry {number:,}")
        counts[known] = max(count, counts.get(known, 0))  # two branches may have added it
    return counts


def write(path: str, baseline: Baseline) -> None:
    """Put a baseline in a file, at once or not at all. ``UsageError`` where it cannot be written."""
    import json

    rows = [json.dumps({**known._asdict(), "count": count}) for known, count in sorted(baseline.items())]
    listed = "".join(f"\n{row}," for row in rows).removesuffix(",")
    text = f'{{\n"schema": "{SCHEMA}",\n"findings": [{listed}\n]\n}}\n'
    try:
        atomic_write.put(path, text.encode())
    except OSError as error:
        raise UsageError(f"{shown(path)}: cannot be written: {error.strerror}") from error


class Baselines:
    """The baselines of a run, every file read once.

    With ``taken`` every finding counts as known: the baselines are to be written. What the files hold already is kept for
    what the run does not look at.
    """

    def __init__(self, *, taken: bool = False) -> None:
        self.taken = taken
        self._read: dict[str, Baseline] = {}

    def of(self, path: str) -> Baseline:
        """The baseline in a file; a file that is to be written need not be there, but its folder."""
        if path not in self._read:
            new = self.taken and not os.path.lexists(path)
            if new and not os.path.isdir(os.path.dirname(os.path.abspath(path))):
                raise UsageError(f"{shown(path)}: cannot be written: there is no such folder")
            self._read[path] = {} if new else read(path)
        return self._read[path]

    def hold(self, path: str, baseline: Baseline) -> None:
        """Take this for what stands in a file, which need not be there."""
        self._read[path] = baseline

    def split(
        self, findings: Sequence[Finding], id: str, path: str, *, errored: bool
    ) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The findings of a circuit that are not in its baseline, and those that are; of an errored one none is taken anew."""
        return ((), tuple(findings)) if self.taken and not errored else split(findings, id, self.of(path))


def _key(finding: Finding, id: str) -> KnownFinding:
    return KnownFinding(id, finding.code, finding.fingerprint)


def _exists(id: str, roots: Iterable[str]) -> bool:
    """Whether the file of a node id is there; whether that of standard input is, cannot be told."""
    file = id.partition("::")[0]
    return file == "-" or any(os.path.lexists(os.path.join(root, file)) for root in roots)


def _entry(entry: object, place: str) -> tuple[KnownFinding, int]:
    if not isinstance(entry, dict) or set(entry) != {*KnownFinding._fields, "count"}:
        raise UsageError(f"{place}: damaged: want {', '.join(KnownFinding._fields)} and count")
    count, *words = entry["count"], *(entry[name] for name in KnownFinding._fields)
    if not all(type(word) is str and word for word in words) or type(count) is not int or count < 1:
        raise UsageError(f"{place}: damaged: want strings, and a count from 1 on")
    return KnownFinding(*words), count


def _int(digits: str) -> int:
    """A count; a number of a million digits takes minutes to read."""
    if len(digits) > 15:
        raise ValueError(f"a number has {len(digits):,} digits")
    return int(digits)

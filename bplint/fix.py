"""What ``bplint fix`` changes in the sources.

Safe repairs keep the loss exactly: suppressions removed that suppress nothing (BP002), dead parameters dropped, redundant ones
merged. A change of the model is a suggestion carried out by its name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import NamedTuple, TypeAlias

from bplint.config import Settings
from bplint.engine import unreadable
from bplint.errors import SourceError, Span, UsageError
from bplint.failure import Fault
from bplint.files import atomic_write, patch
from bplint.finding import Finding
from bplint.importers.decoding import decode
from bplint.ir.context import Case
from bplint.number_format import plural
from bplint.plugins import load
from bplint.rewrite import Refused, Rewrite, apply, rewrite_source, rewritten
from bplint.rewrite.elimination import same
from bplint.runs.entries import CircuitReport, UnreadableReport
from bplint.runs.jobs import lint_job
from bplint.runs.one_source import Job
from bplint.runs.remedies import suggestion, unneeded
from bplint.runs.run_sources import select
from bplint.sources.collect import InputSource
from bplint.suppress import unused_codes
from bplint.terminal.live import NOWHERE, LiveLine

ROUNDS = 10
"""What is left when a parameter is gone may be simpler again."""


class FixedSource(NamedTuple):
    """One source before and after. ``done`` says what was changed, ``open`` what was not, and why.

    ``fault`` is the finding where the source could not be read.
    """

    source: InputSource
    before: bytes
    after: bytes
    done: str = ""
    open: str = ""
    fault: Finding | None = None


Changed: TypeAlias = tuple[str, str, str]
"""The text afterwards, what was done, and what was not, and why."""


class Unreadable(Exception):
    """The source could not be read: BP001."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.hit.message)
        self.finding = finding


def fix(
    paths: Sequence[str], settings: Settings, codes: Sequence[str] = (), line: LiveLine | None = None
) -> list[FixedSource]:
    """The sources under these paths with all safe repairs, or those of some rules; nothing is written. ``line`` says what it is at.

    ``UsageError`` for a code that is no rule with a safe repair.
    """
    rules = [rule for rule in load(settings.blocked).rules if rule.spare or rule.code == "BP002"]
    chosen = {rule.code for rule in rules if not codes or rule.code in codes or rule.name in codes}
    if not set(codes) <= {word for rule in rules for word in (rule.code, rule.name)}:
        safe_codes = ", ".join(rule.code for rule in rules)
        raise UsageError(f"no change of the model can be selected: want --select {safe_codes}, or --prior NAME")
    settings = settings._replace(
        extend_select=(*settings.extend_select, *sorted(chosen if codes else ())), suggest=False
    )
    line = line or LiveLine(NOWHERE)
    job = _job(settings, line)

    @cache
    def narrow(code: frozenset[str]) -> Job:
        return _job(settings._replace(select=tuple(sorted(code)), extend_select=(), ignore=()), line)

    def safe(source: InputSource, text: str) -> Changed:
        running = {rule.code for rule in job.configurations.of(source.name).rules} & chosen
        done, still = [], ""
        if simplifying := frozenset(running - {"BP002"}):
            text, said, still = _simplified(narrow(simplifying), source, text)
            done += said
        if "BP002" in running and "bplint" in text:
            text, count = _without_unused(text, _read(job, source, text))
            done += [f"{plural(count, 'unused suppression')} removed"] * bool(count)
        return text, ", ".join(done), still

    return _each(paths, job, safe, line)


def repair(paths: Sequence[str], settings: Settings, name: str, line: LiveLine | None = None) -> list[FixedSource]:
    """The sources with the suggestion of this name carried out, of the worst finding that has it."""
    line = line or LiveLine(NOWHERE)
    job = _job(settings, line)
    return _each(paths, job, partial(_repaired, name, job), line)


def write(fixed: FixedSource) -> None:
    """Put the result in the place of the file, at once or not at all; links are followed, the mode is kept."""
    write_to(fixed.source.path, fixed.after)


def write_to(place: str, data: bytes) -> None:
    """Put data in a file, at once or not at all; links are followed, the mode of a file that is there is kept."""
    try:
        atomic_write.put(place, data)
    except OSError as error:
        raise UsageError(f"{place}: cannot be written: {error.strerror}") from error


def diff(fixed: FixedSource) -> bytes:
    """The change as a unified diff that ``git apply`` takes, from the current folder; empty if there is none."""
    name = fixed.source.name if fixed.source.path == "-" else os.path.relpath(fixed.source.path)
    return patch.diff(name, fixed.before, fixed.after)


def _each(
    paths: Sequence[str], job: Job, change: Callable[[InputSource, str], Changed], line: LiveLine
) -> list[FixedSource]:
    fixes = []
    sources = select(job, paths)[0]
    line.begin(len(sources))
    for source in line.through(sources):
        data = b""
        try:
            data = source.read()
            after, done, still = change(source, decode(data))
        except SourceError as error:
            fixes.append(FixedSource(source, data, data, fault=unreadable(error, source.name, job.id_of(source))))
            continue
        except Unreadable as error:
            fixes.append(FixedSource(source, data, data, fault=error.finding))
            continue
        mark = data[: len(data) - len(data.removeprefix(_BOM))]
        written = mark + after.encode("utf-8", "surrogateescape") if done else data
        fixes.append(FixedSource(source, data, written, done, still))
    return fixes


def _job(settings: Settings, line: LiveLine) -> Job:
    """What is done to every source; known findings can be repaired too."""
    return lint_job(settings)._replace(baselines=None, watch=line.at)


def _read(job: Job, source: InputSource, text: str) -> CircuitReport:
    entry = job.run(source, text)
    if isinstance(entry, UnreadableReport):
        raise Unreadable(entry.finding)
    return entry


def _without_unused(text: str, entry: CircuitReport) -> tuple[str, int]:
    from bplint.repairs.suppressions import without_codes

    unused: dict[Span, set[str]] = {}
    for finding in entry.findings:
        if finding.code == "BP002":
            unused.setdefault(finding.span, set()).update(unused_codes(finding))
    return without_codes(text, unused)


def _simplified(job: Job, source: InputSource, text: str) -> tuple[str, list[str], str]:
    """The text without dead and redundant parameters, what became of them, and why of others nothing."""
    dropped = merged = 0
    still = ""
    for _ in range(ROUNDS):
        entry = _read(job, source, text)
        changes = unneeded(entry, job.plugins.rules)
        if changes is None:
            break
        if isinstance(changes, Refused):
            still = f"{LEFT}: {changes.reason}"
            break
        after = _rewritten(job, source, text, entry.case, changes.rewrite)
        if isinstance(after, Refused):
            still = f"{LEFT}: {after.reason}"
            break
        text, dropped, merged = after, dropped + changes.dropped, merged + changes.merged
    said = (dropped, "dead parameter", "dropped"), (merged, "redundant parameter", "merged")
    return text, [f"{plural(count, what)} {how}" for count, what, how in said if count], still


def _rewritten(job: Job, source: InputSource, text: str, case: Case, rewrite: Rewrite) -> str | Refused:
    """The text with a rewrite carried out; read again, it has to say what the rewrite says, under the same context."""
    if not job.can_edit(source, text):
        return Refused("only OpenQASM is written")
    if job.settings.sizes:
        return Refused("with --set the circuit is not the one that the file declares")
    after = rewrite_source(text, case.circuit, rewrite)
    if isinstance(after, Refused):
        return after
    try:
        again = _read(job, source, after).case
    except Unreadable as error:
        return Refused(f"without them the file could not be read: {error}")
    kept = all(getattr(again.context, key) == getattr(case.context, key) for key in ("observable", "init", "shots"))
    if not kept or not same(again.circuit, rewritten(case.circuit, rewrite)):
        return Refused("without them the file would be read as another circuit")
    return after


def _repaired(name: str, job: Job, source: InputSource, text: str) -> Changed:
    entry = _read(job, source, text)
    if job.settings.sizes:
        return text, "", "with --set the circuit is not the one that the file declares"
    program = job.read(source, text)
    editable = None if isinstance(program, Fault) else job.editable(source, program, text)
    chosen = suggestion(entry, name, editable)
    if isinstance(chosen, Refused):
        return text, "", chosen.reason
    caution = f" ({chosen.caution})" if chosen.caution else ""
    also = f"; {chosen.also}" if chosen.also else ""
    return apply(text, chosen.edits), f"{chosen.order}: {plural(len(chosen.edits), 'edit')}{caution}{also}", ""


LEFT = "parameters that the loss does not need are left"
_BOM = b"\xef\xbb\xbf"

"""What ``bplint fix`` changes in the sources: a suggestion carried out, or suppressions removed that suppress nothing (BP002)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence, Set
from functools import partial
from typing import NamedTuple, TypeAlias

from bplint import atomic_write
from bplint.analyses.ask import Ask, BudgetError
from bplint.collect import InputSource
from bplint.config import Settings
from bplint.engine import unreadable
from bplint.errors import SourceError, Span, UsageError
from bplint.finding import Finding, Suggestion, Verdict
from bplint.importers.decoding import decode
from bplint.ir.context import Case
from bplint.number_format import plural
from bplint.one_source import CircuitReport, UnreadableReport
from bplint.run import lint_job, select
from bplint.suppress import unused_codes

FIXABLE = ("BP002",)
"""Rules whose findings are fixed by themselves."""


class FixedSource(NamedTuple):
    """One source before and after. ``done`` says what was changed, or, where nothing was, ``open`` why not.

    ``fault`` is the finding where the source could not be read.
    """

    source: InputSource
    before: bytes
    after: bytes
    done: str = ""
    open: str = ""
    fault: Finding | None = None


def fix(paths: Sequence[str], settings: Settings, codes: Sequence[str]) -> list[FixedSource]:
    """The sources under these paths without their unused suppressions; nothing is written.

    ``UsageError`` for a code that is no fixable rule.
    """
    if not set(codes) <= {*FIXABLE, "unused-suppression"}:
        raise UsageError("only unused suppression comments can be selected: want --select BP002")
    chosen = settings._replace(extend_select=(*settings.extend_select, *FIXABLE), suggest=False)
    return _each(paths, chosen, _without_unused)


def repair(paths: Sequence[str], settings: Settings, name: str | None) -> list[FixedSource]:
    """The sources with a suggestion of this name carried out, of the worst finding that has one; None is the best verified."""
    return _each(paths, settings, partial(_repaired, name))


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
    import difflib

    name = fixed.source.name if fixed.source.path == "-" else os.path.relpath(fixed.source.path)
    before, after = (re.findall(rb"[^\n]*\n|[^\n]+", data) for data in (fixed.before, fixed.after))
    lines = list(
        difflib.diff_bytes(difflib.unified_diff, before, after, _side("a", name), _side("b", name), lineterm=b"\n")
    )
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _each(
    paths: Sequence[str], settings: Settings, change: Callable[[str, CircuitReport, bool], _Changed]
) -> list[FixedSource]:
    job = lint_job(settings)._replace(baselines=None)  # known findings can be repaired too
    found = []
    for source in select(job, paths)[0]:
        data = b""
        try:
            data = source.read()
            text = decode(data)
            entry = job.run(source, text)
        except SourceError as error:
            found.append(FixedSource(source, data, data, fault=unreadable(error, source.name, job.id_of(source))))
            continue
        if isinstance(entry, UnreadableReport):
            found.append(FixedSource(source, data, data, fault=entry.finding))
            continue
        after, done, why = change(text, entry, job.can_edit(source, text))
        mark = data[: len(data) - len(data.removeprefix(_BOM))]
        written = mark + after.encode("utf-8", "surrogateescape") if done else data
        found.append(FixedSource(source, data, written, done, why))
    return found


_Changed: TypeAlias = tuple[str, str, str]
"""The text afterwards, what was done, and why nothing was."""


def _without_unused(text: str, entry: CircuitReport, editable: bool) -> _Changed:
    unused: dict[Span, set[str]] = {}
    for finding in entry.findings:
        if finding.code in FIXABLE:
            unused.setdefault(finding.span, set()).update(unused_codes(finding))
    after, count = _without(text, unused)
    return after, f"{plural(count, 'unused suppression')} removed" if count else "", ""


def _repaired(name: str | None, text: str, entry: CircuitReport, editable: bool) -> _Changed:
    from bplint.rewrite import apply

    offered = [s for finding in entry.findings for s in finding.suggestions]
    chosen = [s for s in offered if s.name == name] if name else [s for s in offered if s.verdict is Verdict.VERIFIED]
    if name and not chosen:  # a prior can be had without a finding that asks for it
        chosen = _wanted(name, text if editable else None, entry.case)
    if name and not chosen:
        offered += _wanted("", text if editable else None, entry.case)
    if not chosen:
        names = ", ".join(dict.fromkeys(s.name for s in offered if s.is_shown))
        return text, "", f"{name} is not offered; what is: {names or 'nothing'}" if name else ""
    # One that repairs some finding, if there is one; the first finding is the worst.
    best = min(chosen, key=lambda s: (list(Verdict).index(s.verdict), not s.edits))
    if best.verdict is Verdict.REFUTED:
        return text, "", f"{best.name} is refuted: {best.reason}"
    if not best.edits:
        return text, "", f"{best.name} cannot be written: {best.unwritten}"
    caution = f" ({best.verdict}: {best.reason})" if best.reason else ""
    return apply(text, best.edits), f"{best.order}: {plural(len(best.edits), 'edit')}{caution}", ""


def _wanted(name: str, text: str | None, case: Case) -> list[Suggestion]:
    from bplint.repair.editing import Text
    from bplint.verify import wanted

    try:
        return [judged.suggestion for judged in wanted(case, Ask(case), name, None if text is None else Text(text))]
    except BudgetError:
        return []


def _without(text: str, unused: Mapping[Span, Set[str]]) -> tuple[str, int]:
    """The text without these codes in the comments at these places, and how many comments changed."""
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    count = 0
    for span in sorted(unused, reverse=True):
        start, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
        match = _COMMENT.match(text, start, end)
        if match is None:
            continue  # it stands in a file that this one includes
        kept = [word for word in re.split(r"[\s,]+", match["codes"]) if word and word not in unused[span]]
        count += 1
        if kept:
            text = text[: match.start("codes")] + ", ".join(kept) + text[match.end("codes") :]
        else:
            text = _cut(text, starts[span.line - 1], start, end)
    return text, count


def _cut(text: str, line: int, start: int, end: int) -> str:
    """The text without [start, end), on the line from ``line`` on: without a line left empty."""
    found = _LINE_END.search(text, end)
    line_end = found.end() if found else len(text)
    before, after = text[line:start], text[end:line_end]
    if not before.strip() and not after.strip():
        return text[:line] + text[line_end:]
    if not after.strip():
        before, after = before.rstrip(), after.lstrip(" \t")
    elif after[0] in " \t" and (not before or before[-1] in " \t"):
        after = after.lstrip(" \t")
    elif not after[0].isspace() and before.strip() and not before[-1].isspace():
        after = f" {after}"
    return text[:line] + before + after + text[line_end:]


def _side(prefix: str, name: str) -> bytes:
    """A file name in the head of a diff, quoted as git does where it has quotes or control characters."""
    path = os.fsencode(f"{prefix}/{name}".replace(os.sep, "/"))
    if not re.search(rb'[\x00-\x1f"\\\x7f]', path):
        return path + b"\t" * (b" " in path)
    return b'"' + re.sub(rb'[\x00-\x1f"\\\x7f]', lambda match: b"\\%03o" % match[0][0], path) + b'"'


_LINE_END = re.compile(r"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"
_COMMENT = re.compile(
    r"(?://|/\*|#?pragma\b|@)\s*bplint\b[^\[\]]*?\bignore(?:-file)?\s*\[(?P<codes>[^\]]*)\]", re.IGNORECASE
)

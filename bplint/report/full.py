"""The default output after its header: about a dozen lines a circuit that has something to say, with ``-v`` all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import click

from bplint.config import Settings
from bplint.failure import Failure
from bplint.finding import Severity
from bplint.number_format import plural
from bplint.plugins import load
from bplint.report import screen
from bplint.report.frame import COLOURS, place
from bplint.report.layout import advice, columns, prose
from bplint.report.text import gone, printable, tally
from bplint.rule import Rule
from bplint.runs.entries import CircuitReport, Entry, FamilyReport
from bplint.runs.run_report import Report
from bplint.terminal.cells import cells, spelled, wrapped

LONG = 40
"""Lines from which on the errors are listed again at the end."""

SHORT = 2
"""Lines of a block that stands among others of its kind without a blank line between."""

FEW = 2
"""Notes that are told one by one where nothing graver is said."""


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """Everything after the header."""
    many = len(report.entries) + report.not_run > 1
    blocks = ScreenBlocks(report.settings, report.rules, verbosity, many=many, in_python=report.in_python)
    told = "".join(map(blocks.of, (*report.entries, *report.families)))
    if told.count("\n") > LONG and report.count(Severity.ERROR) > 1:
        told += blocks.apart(_errors(report))
    told += "".join(blocks.apart(failure(one)) for one in report.failures)
    told += blocks.apart(_remarks(report, verbosity))
    decided = (f.severity for f in report.findings if not f.hit.undecided)
    worst = Severity.ERROR if report.failures else max(decided, default=None)
    colour = COLOURS[worst] if worst else "green"
    return told + "".join(click.style(line, fg=colour) + "\n" for line in _last(report))


class ScreenBlocks:
    """The texts of circuits and families, one after the other, as the screen has them: each knows what those before have said."""

    def __init__(
        self, settings: Settings, rules: Sequence[Rule], verbosity: int, *, many: bool, in_python: bool = False
    ) -> None:
        self._verbose = verbosity > 0
        self._above = 0
        """Lines of the last one."""
        plugins = () if in_python or self._verbose else load(settings.blocked).plugins
        importers = [importer for plugin in plugins for importer in plugin.importers if importer.editable]
        self._manner = screen.Manner(
            told=screen.Told(set(), {}),
            more=_more(in_python),
            in_python=in_python,
            safe=frozenset(rule.code for rule in rules if rule.spare),
            suffixes=tuple(suffix for importer in importers for suffix in importer.suffixes),
            many=many,
        )

    def of(self, entry: Entry | FamilyReport) -> str:
        """The text of the next one; empty where there is nothing to be looked at."""
        if not self._verbose:
            return self.apart(screen.lines_of(entry, self._manner))
        from bplint.report import detail

        return self.apart(detail.family(entry) if isinstance(entry, FamilyReport) else detail.lines_of(entry))

    def apart(self, lines: Iterable[str]) -> str:
        """Lines with a blank one above, but at the beginning, and between short ones."""
        lines = list(lines)
        if not lines:
            return ""
        gap = self._above > SHORT or 0 < self._above <= SHORT < len(lines)
        self._above = len(lines)
        return "\n" * gap + "".join(f"{line}\n" for line in lines)


def _last(report: Report) -> Iterator[str]:
    """What there was, and how long it took: one line, with less of a frame where the screen is too narrow, or more."""
    counts, took = tally(report), f"{plural(len(report.entries), 'circuit')} in {report.seconds:.1f} s"
    room, framed = columns(), spelled(f"── {counts} ── {took} ──")
    if room is None or cells(framed) <= room:
        yield framed
        return
    yield from wrapped(f"── {counts}; {took}", room)


def failure(failed: Failure) -> Iterator[str]:
    """Who failed where, and the exception's last lines as they are."""
    where = f"{printable(failed.circuit)}: " if failed.circuit else ""
    yield click.style(f"{where}{failed.title}", fg="red", bold=True)
    yield from (f"    {printable(line)}" for line in failed.lines)


def _more(in_python: bool) -> str:
    """What shows everything."""
    return "print(report.to_text(verbose=True))" if in_python else "-v"


def _errors(report: Report) -> Iterator[str]:
    """A line for each error, for who looks at the end first."""
    for finding in report.findings:
        if finding.severity is Severity.ERROR and not finding.hit.undecided:
            yield f"{click.style('error', fg='red', bold=True)} {place(finding)}: {finding.code} {finding.name}"


def _remarks(report: Report, verbosity: int) -> Iterator[str]:
    """What holds for the whole run."""
    if not (report.entries or report.not_built or report.base):
        suffixes = ", ".join(load(report.settings.blocked).importers)
        yield from prose(f"nothing was collected: want files {suffixes}, or with --exec Python with builders", "")
    if verbosity == 0:
        quiet = [c for c in report.circuits if all(f.severity is Severity.NOTE for f in c.findings)]
        yield from _quiet(quiet, _more(report.in_python))
    if lines := gone(report):
        yield from map(printable, lines)
        yield "--write-baseline takes out what no longer occurs"
    if report.cached is not None and verbosity > 0:
        yield f"{report.cached:,} of {plural(len(report.entries), 'circuit')} from the cache"
    if report.base:
        yield (
            f"compared with {printable(report.base.base)} ({report.base.commit[:12]}): "
            f"{plural(report.base.unchanged, 'circuit')} unchanged"
        )
    if report.not_run or report.interrupted:
        why = "interrupted" if report.interrupted else "stopped early"
        yield f"{why}: {plural(report.not_run, 'circuit')} not looked at"


def _quiet(circuits: Sequence[CircuitReport], more: str) -> Iterator[str]:
    """The notes on circuits of which nothing graver is said, many by rule, and how much could have been no more than a note."""
    notes = [f for c in circuits for f in c.findings if not f.hit.undecided]
    if len(notes) <= FEW:
        for f in notes:
            yield from prose(f"{place(f)}: note {f.code}: {screen.sentence(f.hit.message)}", "", "  ")
            yield from screen.tried(screen.verified([f]), f.path)
            for line in f.hit.help[: not f.suggestions]:
                yield from advice("try", line)
    minor = sum(one.minor for c in circuits for one in c.untold)
    by_rule = sorted(Counter((f.code, f.name) for f in notes).items())
    left = [f"{plural(len(notes), 'note')}, {', '.join(f'{code} {name} ({n:,})' for (code, name), n in by_rule)}"]
    told = left * (len(notes) > FEW) + [plural(minor, "minor question")] * (minor > 0)
    if told:
        yield from prose(f"{'; '.join(told)}: {more}", "")

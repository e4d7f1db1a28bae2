"""The default output after its header: about a dozen lines a circuit that has something to say, with ``-v`` all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import click

from bplint.failure import Failure
from bplint.finding import Severity
from bplint.number_format import plural
from bplint.plugins import load
from bplint.report import screen
from bplint.report.frame import COLOURS, place
from bplint.report.layout import advice, columns, prose
from bplint.report.text import gone, printable, tally
from bplint.runs.entries import CircuitReport
from bplint.runs.run_report import Report
from bplint.terminal.cells import cells, spelled, wrapped

LONG = 40
"""Lines from which on the errors are listed again at the end."""

FEW = 2
"""Notes that are told one by one where nothing graver is said."""


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """Everything after the header."""
    blocks = ["\n".join(lines) for lines in _told(report, verbosity) if lines]
    if sum(block.count("\n") + 2 for block in blocks) > LONG:
        blocks += ["\n".join(_errors(report))] * (report.count(Severity.ERROR) > 1)
    blocks += ["\n".join(failure(one)) for one in report.failures]
    blocks += ["\n".join(lines) for lines in (list(_remarks(report, verbosity)),) if lines]
    decided = (f.severity for f in report.findings if not f.hit.undecided)
    worst = Severity.ERROR if report.failures else max(decided, default=None)
    colour = COLOURS[worst] if worst else "green"
    last = "\n".join(click.style(line, fg=colour) for line in _last(report))
    return "\n\n".join([*blocks, last]) + "\n"


def _last(report: Report) -> Iterator[str]:
    """What there was, and how long it took: one line, or more where the screen is too narrow."""
    counts, took = f"── {tally(report)} ──", f"{plural(len(report.entries), 'circuit')} in {report.seconds:.1f} s ──"
    room = columns()
    if room is None or cells(counts) + 1 + cells(took) <= room:
        yield spelled(f"{counts} {took}")
        return
    yield from wrapped(counts, room)
    yield spelled(f"── {took}")


def failure(failed: Failure) -> Iterator[str]:
    """Who failed where, and the exception's last lines as they are."""
    where = f"{printable(failed.circuit)}: " if failed.circuit else ""
    yield click.style(f"{where}{failed.title}", fg="red", bold=True)
    yield from (f"    {printable(line)}" for line in failed.lines)


def _told(report: Report, verbosity: int) -> Iterator[list[str]]:
    """The lines of each circuit and each family."""
    if verbosity > 0:
        from bplint.report import detail

        yield from (list(detail.lines_of(entry)) for entry in report.entries)
        yield from (list(detail.family(one)) for one in report.families)
        return
    plugins = () if report.in_python else load(report.settings.blocked).plugins
    importers = [importer for plugin in plugins for importer in plugin.importers if importer.editable]
    manner = screen.Manner(
        told=set(),
        more=_more(report),
        in_python=report.in_python,
        safe=frozenset(rule.code for rule in report.rules if rule.spare),
        suffixes=tuple(suffix for importer in importers for suffix in importer.suffixes),
        many=len(report.entries) > 1,
    )
    yield from (screen.lines_of(entry, manner) for entry in (*report.entries, *report.families))


def _more(report: Report) -> str:
    """What shows everything."""
    return "print(report.to_text(verbose=True))" if report.in_python else "-v"


def _errors(report: Report) -> Iterator[str]:
    """A line for each error, for who looks at the end first."""
    for finding in report.findings:
        if finding.severity is Severity.ERROR and not finding.hit.undecided:
            yield f"{click.style('error', fg='red', bold=True)} {place(finding)}: {finding.code} {finding.name}"


def _remarks(report: Report, verbosity: int) -> Iterator[str]:
    """What holds for the whole run."""
    if verbosity == 0:
        quiet = [c for c in report.circuits if all(f.severity is Severity.NOTE for f in c.findings)]
        yield from _quiet(quiet, _more(report))
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

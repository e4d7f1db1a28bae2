"""What a run found, all circuits together: counts, the exit code, and the report in a format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from bplint.bounds import Status
from bplint.config import Settings
from bplint.errors import PluginError
from bplint.failure import Failure, MalformedError, PartKind, caught
from bplint.finding import Finding, Severity
from bplint.number_format import plural
from bplint.plugins import load
from bplint.rule import Rule
from bplint.runs.baseline import ComparedBaseline, KnownFinding
from bplint.runs.entries import CircuitReport, Entry, FamilyReport, LeftOpen, UnreadableReport, counted

if TYPE_CHECKING:
    from bplint.pictures.plot import DrawnFigure


class ComparedRun(NamedTuple):
    """The commit that a run compares with, under the name it was given; circuits that are as they were there, and findings that
    were there already: neither is reported."""

    base: str
    commit: str
    unchanged: int
    there: int


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What a run found. ``entries`` are in the order in which the sources were collected; ``not_run`` were left when it stopped."""

    settings: Settings
    rules: tuple[Rule, ...]
    entries: tuple[Entry, ...]
    seconds: float
    not_run: int = 0
    not_built: int = 0
    """Builders in Python that were passed over."""
    interrupted: bool = False
    families: tuple[FamilyReport, ...] = ()
    """Families whose members stand among the entries."""
    baselines: Mapping[str, ComparedBaseline] = field(default_factory=dict)
    """The baselines in force, by their files, as this run leaves them."""
    base: ComparedRun | None = None
    """What the run compares with, if it does: the findings are those that are new or worse."""
    cached: int | None = None
    """How many circuits were known from an earlier run; None where none could be."""
    broken: tuple[Failure, ...] = ()
    """What failed for the whole run: plugins that could not be loaded, formats that could not be written."""
    in_python: bool = False
    """Whether a function was called for it: then what it advises are arguments and methods, not options."""

    @property
    def failures(self) -> list[Failure]:
        """Every part that failed: for the whole run, on a circuit, on a family."""
        return [*self.broken, *(failure for entry in (*self.entries, *self.families) for failure in entry.failures)]

    @property
    def circuits(self) -> list[CircuitReport]:
        """The circuits that were read."""
        return [entry for entry in self.entries if isinstance(entry, CircuitReport)]

    @property
    def unreadable(self) -> list[UnreadableReport]:
        """The sources that were not."""
        return [entry for entry in self.entries if isinstance(entry, UnreadableReport)]

    @property
    def findings(self) -> list[Finding]:
        """All findings, unreadable sources included, then those of families."""
        return [finding for entry in (*self.entries, *self.families) for finding in entry.findings]

    @property
    def suppressed(self) -> int:
        """How many findings comments let pass."""
        count = sum(circuit.suppressed for circuit in self.circuits)
        return count + sum(family.suppressed for family in self.families)

    @property
    def known(self) -> int:
        """How many findings are in the baseline."""
        return sum(len(circuit.known) for circuit in self.circuits) + sum(len(family.known) for family in self.families)

    @property
    def gone(self) -> dict[KnownFinding, int]:
        """Entries of the baseline that no longer occur, and how often."""
        return {known: count for compared in self.baselines.values() for known, count in compared.gone.items()}

    @property
    def seed(self) -> int:
        """The seed of the first circuit; the context of each has its own."""
        return next((c.case.context.seed for c in self.circuits), self.settings.seed or 0)

    def ok(self) -> bool:
        """Whether nothing fails: no error finding (or what ``fail_on`` asks for), nothing unreadable, no part that failed."""
        return not self.broken and not any(entry.fails for entry in (*self.entries, *self.families))

    def to_json(self) -> str:
        """The machine output."""
        return self._written("json")

    def to_dicts(self) -> list[dict[str, Any]]:
        """The machine output of each circuit, and then of each family: plain data as in the format ``jsonl``, each with its
        ``type`` and the failures that happened on it."""
        import json  # for those who want dictionaries

        told: list[dict[str, Any]] = [json.loads(line) for line in self._written("jsonl").splitlines()]
        return [one for one in told if one["type"] != "summary"]

    def to_dataframe(self, rows: str = "circuits") -> Any:
        """A ``pandas.DataFrame`` with a row for each of the ``circuits``, ``findings`` or ``parameters``.

        Signals are E[(∂C)²]/(R² N(O)), and their bounds fail with chance 1e-6. ``UsageError`` where pandas is not installed.
        """
        from bplint.runs.dataframe import dataframe  # for those who want one

        return dataframe(rows, (*self.entries, *self.families))

    def plot(self, circuit: str = "") -> DrawnFigure:
        """A figure of matplotlib: the families over their sizes, or the circuits as heat maps of their signals.

        ``circuit`` is the node id of the one to draw. ``UsageError`` where there is none, where there are too many, or where
        matplotlib is not installed.
        """
        from bplint.runs.figures import figure  # for those who want one

        return figure(self.circuits, self.families, circuit)

    def to_text(self, *, verbose: bool = False) -> str:
        """What the command prints; ``verbose`` with all evidence, notes, suggestions and numbers, as ``-v`` does."""
        return self._written(load(self.settings.blocked).default_format, 1 if verbose else 0)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Report of {plural(len(self.entries), 'circuit')}: {counted(self.findings)}>"

    def _repr_html_(self) -> str:
        from bplint.runs.embedded import embedded  # for those who look at it in a notebook

        return embedded(self, str(self), self.settings.blocked)

    def _written(self, form: str, verbosity: int = 0) -> str:
        """The report in a format; formats come from plugins, so they are looked up, not imported."""
        text = written(self, form, self.exit_code(), verbosity if self.rules else 1)
        return re.sub(r"\x1b\[[0-9;]*m", "", text)  # without the colours of a terminal

    def count(self, severity: Severity) -> int:
        """How many findings have this severity, without those that say that something is undecided."""
        return sum(f.severity is severity and not f.hit.undecided for f in self.findings)

    @property
    def unsettled(self) -> list[str]:
        """What could not be told, a line each."""
        lines = [f"undecided: {f.code}: {f.hit.message}" for f in self.findings if f.hit.undecided]
        return lines + [one.text for one in self._open]

    @property
    def undecided(self) -> int:
        """How many rules could not tell."""
        untold = [one for circuit in self.circuits for one in circuit.untold]
        untold += [one for family in self.families for one in family.untold]
        return sum(f.hit.undecided for f in self.findings) + sum(one.counts for one in untold)

    @property
    def inconclusive(self) -> int:
        """How many analyses and rules could not tell, a rule only if no analysis gives its reason."""
        open_ = sum(one.status in ("undecided", Status.INCONCLUSIVE) for one in self._open)
        return sum(f.hit.undecided for f in self.findings) + open_

    @property
    def _open(self) -> list[LeftOpen]:
        return [one for entry in self.circuits for one in entry.unsettled] + [
            one for family in self.families for one in family.unsettled
        ]

    @property
    def not_variational(self) -> int:
        """How many circuits have nothing to train; none of their analyses counts as skipped."""
        return sum(bool(circuit.case.not_variational) for circuit in self.circuits)

    def ended(self, status: Status) -> int:
        """How many analyses ended with this status."""
        asked = [c for c in self.circuits if status is not Status.SKIPPED or not c.case.not_variational]
        return sum(result.status is status for c in asked for result in c.analyses.values())

    def exit_code(self, *, fail_on_incomplete: bool = False, allow_empty: bool = False) -> int:
        """0 where nothing fails, 1 findings, 3 a part failed, 4 could not tell, 5 nothing collected, 130 interrupted."""
        if self.interrupted:
            return 130
        if self.failures:
            return 3
        if not self.entries:
            return 0 if allow_empty or self.base else 5
        if not self.ok():
            return 1
        skipped = self.ended(Status.SKIPPED) + self.not_built + self.not_variational
        if fail_on_incomplete and skipped + self.ended(Status.INCONCLUSIVE) + self.undecided:
            return 4
        return 0


def written(report: Report, form: str, exit_code: int, verbosity: int) -> str:
    """The report in a format. ``FormatError`` where the format fails."""
    plugins = load(report.settings.blocked)
    try:
        text = plugins.reporters[form].write(report, exit_code, verbosity)
        if not isinstance(text, str):
            raise MalformedError(f"want a string from a format, got {type(text).__name__}")
    except Exception as error:
        fault = caught(PartKind.FORMAT, form, getattr(plugins.reporters[form].write, "__module__", ""), error)
        raise FormatError(plugins.failure(fault)) from error
    return text


class FormatError(PluginError):
    """A format failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.title}: {failure.reason}")
        self.failure = failure

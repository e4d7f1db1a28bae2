"""What is told of one circuit, one family, one source that could not be read: the entries of a report."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from bplint.analyses.ask import Result
from bplint.bounds import Status
from bplint.errors import Span
from bplint.failure import Failure
from bplint.finding import Finding, Severity, Untold, reach
from bplint.ir.context import Case
from bplint.number_format import plural
from bplint.runs.in_python import in_python
from bplint.sources.building.circuit import BuiltCircuit
from bplint.sources.collect import InputSource

if TYPE_CHECKING:
    from bplint.analyses.family import Family
    from bplint.pictures.curves import Curves
    from bplint.pictures.plot import DrawnFigure


NOT_VARIATIONAL = "not variational"
"""What a circuit is that has nothing to train."""


class LeftOpen(NamedTuple):
    """An analysis that was skipped or inconclusive, or a rule that is undecided: ``what`` is its name or code.

    Or a circuit that is not variational, and not skipped once more by every analysis: ``what`` is ``circuit``.
    """

    status: str
    what: str
    reason: str

    @property
    def text(self) -> str:
        """In a line."""
        what = () if self.status == NOT_VARIATIONAL else (self.what,)
        return ": ".join((self.status, *what, self.reason))


class CircuitReport(NamedTuple):
    """One circuit: its findings, the analyses that were asked, the seconds each took, and how many were suppressed."""

    case: Case
    findings: tuple[Finding, ...]
    analyses: Mapping[str, Result]
    seconds: Mapping[str, float]
    suppressed: int = 0
    fail_on: Severity | None = Severity.ERROR
    hidden: frozenset[str] = frozenset()
    """Codes that comments suppress in the whole file."""
    in_use: frozenset[str] = frozenset()
    """Codes of what comments did suppress, and of rules that could not tell."""
    untold: tuple[Untold, ...] = ()
    """Rules that could not tell."""
    failures: tuple[Failure, ...] = ()
    """Parts that failed; what others found and measured is there."""
    known: tuple[Finding, ...] = ()
    """Findings that the baseline has; they are not among the others."""
    stopped: bool = False
    """Whether the clock ended some work: then another run may end elsewhere."""

    def __repr__(self) -> str:
        return f"<CircuitReport of {self.case.id}: {counted(self.findings)}>"

    @property
    def unsettled(self) -> list[LeftOpen]:
        """What could not be told, beside the findings that say so themselves."""
        why = self.case.not_variational
        stopped = (Status.INCONCLUSIVE,) if why else (Status.SKIPPED, Status.INCONCLUSIVE)
        left_open = [LeftOpen(NOT_VARIATIONAL, "circuit", why)] * bool(why)
        left_open += [LeftOpen(r.status, name, r.reason) for name, r in self.analyses.items() if r.status in stopped]
        return left_open + _undecided(self.untold, {one.reason for one in left_open})

    def at(self, span: Span) -> CircuitReport:
        """The same with the findings of the whole circuit at a place in its file."""
        return self._replace(findings=in_python(self.findings, span), known=in_python(self.known, span))

    @property
    def fails(self) -> bool:
        """Whether a part failed, or a finding is at or above the severity ``fail_on``; None is never."""
        return bool(self.failures) or reach(self.findings, self.fail_on)


class UnreadableReport(NamedTuple):
    """One source that could not be read: its BP001 and its lines, as far as it is text; who failed, if it is not the source.

    ``id`` is its node id.
    """

    finding: Finding
    source: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    id: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """BP001 alone."""
        return (self.finding,)

    @property
    def fails(self) -> bool:
        """Always: what cannot be read is never green."""
        return True


Entry: TypeAlias = CircuitReport | UnreadableReport

Source: TypeAlias = InputSource | BuiltCircuit
"""What a run looks at: a file with a circuit, or a circuit that a builder made."""


class Pair(NamedTuple):
    """A circuit of today, and what it was; None if it is new."""

    now: Source
    before: Source | None


class FamilyReport(NamedTuple):
    """One family: what the rules found that look at all sizes together."""

    family: Family
    findings: tuple[Finding, ...]
    fail_on: Severity | None = Severity.ERROR
    untold: tuple[Untold, ...] = ()
    failures: tuple[Failure, ...] = ()
    known: tuple[Finding, ...] = ()
    analyses: Mapping[int, Mapping[str, Result]] = MappingProxyType({})
    """What was asked of each member, by its size."""
    suppressed: int = 0
    in_use: frozenset[str] = frozenset()
    """As of a circuit, of what comments in its members suppressed in the family."""

    @property
    def curves(self) -> Curves:
        """What was measured, over the sizes."""
        from bplint.pictures.curves import curves  # for those who look at them

        return curves(self.family, self.analyses)

    def __repr__(self) -> str:
        codes = ", ".join(finding.code for finding in self.findings) or "no findings"
        return f"<FamilyReport of {self.family.id}, {self.family.sizes}: {codes}>"

    def plot(self) -> DrawnFigure:
        """The curves as a figure of matplotlib. ``UsageError`` where it is not installed."""
        from bplint.pictures.installed import plots

        return cast("DrawnFigure", plots().plot_families([(self.family.id, self.curves)]))

    def _repr_html_(self) -> str:
        from bplint.runs.embedded import embedded  # for those who look at it in a notebook

        said = [f"{finding.code} {finding.hit.message}" for finding in self.findings]
        lines = [f"{self.family.id}  {self.family.sizes}", *map(": ".join, self.curves.sentences()), *said]
        return embedded(self, "\n".join(lines))

    @property
    def unsettled(self) -> list[LeftOpen]:
        """The rules that could not tell."""
        return _undecided(self.untold)

    @property
    def fails(self) -> bool:
        """As of a circuit."""
        return bool(self.failures) or reach(self.findings, self.fail_on)

    def at(self, path: str, span: Span) -> FamilyReport:
        """The same with its findings at a place in a file."""
        return self._replace(findings=tuple(f._replace(path=path) for f in in_python(self.findings, span)))


def counted(findings: Sequence[Finding]) -> str:
    """``1 error, 2 warnings, 0 notes``, and what is undecided where something is."""
    decided = [finding.severity for finding in findings if not finding.hit.undecided]
    counts = [plural(decided.count(severity), severity.label) for severity in sorted(Severity, reverse=True)]
    open_ = len(findings) - len(decided)
    return ", ".join([*counts, *([f"{open_:,} undecided"] if open_ else [])])


def _undecided(untold: Sequence[Untold], said: Collection[str] = ()) -> list[LeftOpen]:
    """Where an analysis ran out, or has said the reason, it stands for itself."""
    return [LeftOpen("undecided", u.code, u.reason) for u in untold if u.counts and u.reason not in said]

"""A run that compares with another commit: what is unchanged is not looked at, what was there before is not reported.

Both versions of a circuit are linted under today's configuration and today's name. Python builders are built in both trees and
compared by their circuits, since what they import may have changed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Sequence

from bplint import engine
from bplint.analyses.ask import Ask
from bplint.analyses.family import AskOf
from bplint.analyses.versions import VersionNumbers, Versions
from bplint.files import regular_file
from bplint.finding import Compared, Finding, Severity
from bplint.number_format import integer
from bplint.rule import Rule
from bplint.runs.entries import CircuitReport, Entry, FamilyReport, Pair, Source
from bplint.runs.one_source import Job
from bplint.sources.building.circuit import BuiltCircuit
from bplint.sources.building.files import BuilderFile, BuildRequest
from bplint.sources.collect import InputSource
from bplint.sources.git import Repository
from bplint.sources.included import included


class DiffGate:
    """Compares with the commit that ``ref`` names. A context: what it checks out is gone afterwards.

    ``UsageError`` where there is no such commit, or no git.
    """

    def __init__(self, ref: str) -> None:
        self.ref = ref
        self.unchanged = 0
        self._of_folder: dict[str, Repository] = {}
        self._of_top: dict[str, Repository] = {}

    def __enter__(self) -> DiffGate:
        return self

    def __exit__(self, *raised: object) -> None:
        for repository in self._of_top.values():
            repository.close()

    @property
    def commit(self) -> str:
        """The commit of the working folder's repository."""
        return self._repository(os.getcwd()).commit or ""

    def files(self, sources: Sequence[InputSource]) -> list[Pair]:
        """The circuit files that changed, or include what did."""
        return [pair for source in sources if (pair := self._file(source))]

    def earlier(self, files: Sequence[BuilderFile], request: BuildRequest) -> list[tuple[InputSource, BuildRequest]]:
        """For each Python file of today that was there: the file as it was, under today's name, and how it is built."""
        versions = []
        for file in files:
            path = os.path.abspath(file.source.path)
            repository = self._repository(os.path.dirname(path))
            old = repository.old(path)
            if old is not None:
                place = InputSource(os.path.join(repository.tree(), *old.path.split("/")), file.source.name)
                moved = (repository.top, repository.tree())
                versions.append((place, request._replace(folder=repository.at(os.getcwd()), moved=moved)))
        return versions

    def built(self, job: Job, now: Sequence[BuiltCircuit], before: Sequence[BuiltCircuit]) -> list[Pair]:
        """The circuits of all builders one of whose circuits changed."""
        old = {job.id_of(circuit): circuit for circuit in before}
        pairs = [Pair(circuit, old.get(job.id_of(circuit))) for circuit in now]
        changed = {_builder(pair.now) for pair in pairs if not _same(pair)}
        kept = [pair for pair in pairs if _builder(pair.now) in changed]
        self.unchanged += len(pairs) - len(kept)
        return kept

    def _file(self, source: InputSource) -> Pair | None:
        if source.path == "-":
            return Pair(source, None)
        path = os.path.abspath(source.path)
        repository = self._repository(os.path.dirname(path))
        old = repository.old(path)
        if old is None:
            return Pair(source, None)
        if old.same and not self._includes_change(path):
            self.unchanged += 1
            return None
        return Pair(source, InputSource(os.path.join(repository.tree(), *old.path.split("/")), source.name))

    def _includes_change(self, path: str) -> bool:
        try:
            files = included(regular_file.content(path, _LIMIT), path)
        except regular_file.NotReadable:
            return True
        olds = (self._repository(os.path.dirname(file)).old(file) for file in files)
        return any(old is None or not old.same for old in olds)

    def _repository(self, folder: str) -> Repository:
        if folder not in self._of_folder:
            repository = Repository.of(folder, self.ref)
            self._of_folder[folder] = self._of_top.setdefault(repository.top, repository)
        return self._of_folder[folder]


def compared(now: Entry, before: Entry | None, rules: Sequence[Rule]) -> tuple[Entry, int]:
    """The entry with what is new or worse in it, and how many findings were there before. What cannot be read stays as it is.

    ``rules`` are those in force: those of changes look where the others find no new error, and no new reason for one.
    """
    if not isinstance(now, CircuitReport):
        return now, 0
    if not isinstance(before, CircuitReport):
        return now._replace(findings=_all_new(now.findings)), 0
    versions = Versions.of(before.case, now.case)
    ask = AskOf({0: Ask(before.case, known=before.analyses), 1: Ask(now.case, known=now.analyses)})
    findings, there = _compared(now.findings, before.findings)
    reasons = {rule.code for rule in rules if rule.explains}
    if not any(_tells(finding, reasons) for finding in findings):
        checked = engine.check_change(versions, ask, [rule for rule in rules if rule.code not in now.hidden])
        findings += [finding._replace(compared=Compared("new")) for finding in checked.findings]
    if findings:
        numbers = VersionNumbers.of(ask, versions.before)
        plain = numbers._asdict() | {"dimension": None if numbers.dimension is None else integer(numbers.dimension)}
        findings = [
            finding._replace(compared=finding.compared and finding.compared._replace(before=plain))
            for finding in findings
        ]
    return now._replace(findings=tuple(findings)), there


def compared_family(now: FamilyReport, before: FamilyReport | None) -> tuple[FamilyReport, int]:
    """The same of a family."""
    if before is None:
        return now._replace(findings=_all_new(now.findings)), 0
    findings, there = _compared(now.findings, before.findings)
    return now._replace(findings=tuple(findings)), there


def _compared(now: Collection[Finding], before: Collection[Finding]) -> tuple[list[Finding], int]:
    """The findings that were not there, or not so grave, and how many were."""
    counts = Counter((finding.code, finding.fingerprint, finding.severity) for finding in before)
    known = Counter((finding.code, finding.fingerprint) for finding in before)
    findings: list[Finding] = []
    for finding in sorted(now, key=lambda one: one.severity):
        key = (finding.code, finding.fingerprint)
        as_grave = sum(counts[(*key, severity)] for severity in Severity if severity >= finding.severity)
        if as_grave > 0:
            counts[(*key, max(s for s in Severity if counts[(*key, s)] > 0))] -= 1
        else:
            findings.append(finding._replace(compared=Compared("worse" if known[key] else "new")))
    order = {id(finding.hit): place for place, finding in enumerate(now)}
    return sorted(findings, key=lambda one: order[id(one.hit)]), len(now) - len(findings)


def _tells(finding: Finding, reasons: Collection[str]) -> bool:
    """Whether a finding says itself that the signal is lost, or why it will be."""
    if finding.hit.undecided:
        return False
    return finding.severity is Severity.ERROR or (finding.severity is Severity.WARNING and finding.code in reasons)


def _all_new(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(finding._replace(compared=Compared("new")) for finding in findings)


def _builder(source: Source) -> tuple[str, str]:
    assert isinstance(source, BuiltCircuit)
    return source.name, source.builder


def _same(pair: Pair) -> bool:
    """Whether a builder made the same circuit, wherever it stands in its file."""
    now, before = pair
    assert isinstance(now, BuiltCircuit)
    return isinstance(before, BuiltCircuit) and now.digest == before.digest != ""


_LIMIT = 100_000_000

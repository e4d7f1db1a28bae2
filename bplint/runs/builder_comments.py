"""Suppression comments in Python that suppress nothing: one speaks of all circuits of a builder, or of a file, and is judged
when the last of them has its report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from bplint.config.in_force import InForce
from bplint.finding import Finding
from bplint.importers.program import Directive
from bplint.runs.entries import CircuitReport, Entry, FamilyReport, Source
from bplint.runs.one_source import Job
from bplint.sources.building.circuit import BuiltCircuit
from bplint.suppress import REPORTER, codes_in, reporter_of, unused_comment

R = TypeVar("R", CircuitReport, FamilyReport)


class BuilderComment(NamedTuple):
    """A comment with what it speaks of: a builder or a file by its node id, circuits by their places in the run, families by
    their ids."""

    directive: Directive
    id: str
    circuits: tuple[int, ...]
    families: tuple[str, ...]


class BuilderComments:
    """Those of a run; what is in vain stands in the report of the last family that a comment speaks of, or of the last circuit.

    ``selected``: a keyword leaves out circuits, then no comment is judged. ``compares``: what is unchanged is left out, then
    none that speaks of a file; what is in vain in the comments ``before`` is only counted.
    """

    def __init__(
        self,
        job: Job,
        sources: Sequence[Source],
        settings: Sequence[InForce],
        *,
        selected: bool,
        compares: bool,
        before: BuilderComments | None = None,
    ) -> None:
        self.in_vain: set[str] = set()
        """The fingerprints of what was found."""
        self.there = 0
        """How much of it was there before."""
        self._before = before.in_vain if before else frozenset()
        self._job = job
        self._settings = settings
        self._all = [] if selected or job.analyses else list(_comments(job, sources, files=not compares))

    def judged(self, entries: Sequence[Entry], entry: Entry) -> Entry:
        """The entry behind these, with the comments that are in vain."""
        if not self._all or not isinstance(entry, CircuitReport):
            return entry
        due = [one for one in self._all if one.circuits[-1] == len(entries) and not one.families]
        return self._told(entry, entry.case.id, due, [*entries, entry]) if due else entry

    def judged_families(self, entries: Sequence[Entry], families: dict[int, FamilyReport]) -> dict[int, FamilyReport]:
        """The same of families, by the place of one of their circuits."""
        if not self._all:
            return families
        reports = {one.family.id: one for one in families.values()}
        due = [one for one in self._all if one.families and reports.keys() >= set(one.families)]
        told = {}
        for index, family in families.items():
            id = family.family.id
            its = [one for one in due if one.families[-1] == id]
            told[index] = self._told(family, id, its, entries, reports) if its else family
        return told

    def _told(
        self,
        report: R,
        id: str,
        due: Sequence[BuilderComment],
        entries: Sequence[Entry],
        families: dict[str, FamilyReport] | None = None,
    ) -> R:
        findings = [finding for one in due if (finding := self._finding(one, entries, families or {}))]
        told = [finding for one, finding in findings if not self._is_hidden(one)]
        self.in_vain.update(finding.fingerprint for finding in told)
        kept: tuple[Finding, ...] = tuple(one for one in told if one.fingerprint not in self._before)
        self.there += len(told) - len(kept)
        known: tuple[Finding, ...] = ()
        settings = self._settings[due[0].circuits[-1]]
        if self._job.baselines and settings.baseline:
            kept, known = self._job.baselines.split(kept, id, settings.baseline, errored=False)
        return report._replace(
            findings=(*report.findings, *kept),
            known=(*report.known, *known),
            suppressed=report.suppressed + sum(self._is_hidden(one) for one, _ in findings),
        )

    def _finding(
        self, comment: BuilderComment, entries: Sequence[Entry], families: dict[str, FamilyReport]
    ) -> tuple[BuilderComment, Finding] | None:
        """What is in vain in a comment, where all could tell."""
        rules = self._settings[comment.circuits[-1]].rules
        reporter = reporter_of(rules)
        circuits = [entries[index] for index in comment.circuits if index < len(entries)]
        read = [entry for entry in circuits if isinstance(entry, CircuitReport)]
        if reporter is None or len(read) < len(comment.circuits):
            return None
        its = [families[id] for id in comment.families]
        used = [*(circuit.in_use for circuit in read), *(family.in_use for family in its)]
        in_use = frozenset([REPORTER]).union(*used)
        looked = {rule.code for rule in self._job.asked(rules) if rule.check or rule.by_engine or (rule.family and its)}
        installed = self._job.plugins.rules
        silent = {rule.code for rule in installed} - looked
        idle = [code for code in codes_in(comment.directive) if code not in in_use and code not in silent]
        if not idle:
            return None
        path = read[-1].case.path
        return comment, unused_comment(comment.directive, idle, reporter, installed, path, comment.id)

    def _is_hidden(self, comment: BuilderComment) -> bool:
        """Whether another comment about one of its circuits lets it pass."""
        others = (one for one in self._all if not set(comment.circuits).isdisjoint(one.circuits))
        return any(REPORTER in codes_in(one.directive) for one in others)


def _comments(job: Job, sources: Sequence[Source], *, files: bool) -> Iterator[BuilderComment]:
    """Those of the builders all of whose circuits were built; with ``files`` also those that speak of a file."""
    built: dict[str, dict[int, BuiltCircuit]] = {}
    for index, source in enumerate(sources):
        if isinstance(source, BuiltCircuit):
            built.setdefault(source.name, {})[index] = source
    for name, circuits in built.items():
        for directive in dict.fromkeys(d for one in circuits.values() for d in one.directives if d.of_builder):
            in_file = directive.key == "ignore-file"
            if in_file and not files:
                continue
            speaking = {one.builder for one in circuits.values() if in_file or directive in one.directives}
            spoken = {index: one for index, one in circuits.items() if one.builder in speaking}
            ids = [job.id_of(one._replace(size=None)) for one in spoken.values()]
            if all(one.program for one in spoken.values()):
                yield BuilderComment(
                    directive=directive,
                    id=job.configurations.of(name).id_of(name) if in_file else ids[-1],
                    circuits=tuple(spoken),
                    families=tuple(dict.fromkeys(id for id in ids if ids.count(id) > 1)),
                )

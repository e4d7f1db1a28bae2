"""One source through everything: read, prepared, checked, suppressed; what came of it is an entry of the report."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bplint import engine
from bplint.analyses.ask import Analysis, Ask, BudgetError, Result
from bplint.config import Settings
from bplint.config.in_force import Configurations, InForce
from bplint.errors import BplintError, SourceError, UsageError
from bplint.failure import Fault, MalformedError, PartKind, caught
from bplint.finding import Finding
from bplint.importers.choice import chosen
from bplint.importers.decoding import decode
from bplint.importers.program import Importer, Program, malformed
from bplint.ir.context import Case
from bplint.plugins import Plugins
from bplint.prepare import prepare
from bplint.rule import Rule
from bplint.runs.baseline import Baselines
from bplint.runs.entries import CircuitReport, Entry, FamilyReport, Source, UnreadableReport
from bplint.sources.building.circuit import BuiltCircuit
from bplint.sources.collect import InputSource
from bplint.suppress import suppress, whole_file
from bplint.terminal.live import Watch, unwatched

if TYPE_CHECKING:
    from bplint.repairs.editing import Source as Editable
    from bplint.repairs.editing import Text


CACHE = ".bplint_cache"
"""In the folder that node ids are relative to, unless configuration says ``cache-dir``."""


class Job(NamedTuple):
    """What is done to every source: its rules run, or with ``analyses`` these are asked and no rule runs."""

    settings: Settings
    plugins: Plugins
    configurations: Configurations
    analyses: tuple[Callable[..., Result], ...] = ()
    baselines: Baselines | None = None
    """The findings that are known already; None lets none pass."""
    mends: bool = True
    """Whether suggestions are measured, where settings want them."""
    watch: Watch = unwatched
    """Is told what is being looked at."""

    def run(self, source: Source, text: str | None = None) -> Entry:
        """The entry of one source; ``text`` is its content where that is at hand."""
        name = source.name
        settings = self.configurations.of(name)
        id = self.id_of(source)
        self.watch(id, "")
        try:
            if isinstance(source, BuiltCircuit):
                return self.finish(source.made(), settings, name, source.lines, id=id).at(source.span)
            text = self.text(source) if text is None else text
            program = self.read(source, text)
            if isinstance(program, Fault):
                return self._not_looked_at(program, source, text)
            editable = partial(self.editable, source, program, text)
            return self.finish(program, settings, name, _lines(text), editable, id)
        except SourceError as error:
            return UnreadableReport(engine.unreadable(error, name, id), _lines(text or "", source), id=id)
        except UsageError as error:  # what is said of many circuits does not fit this one: the others go on
            fault = SourceError(str(error))
            return UnreadableReport(engine.unreadable(fault, name, id), _lines(text or "", source), id=id)
        except BplintError:
            raise
        except Exception as error:
            return self.failed(source, error, text or "")

    def failed(self, source: Source, error: Exception, text: str = "") -> UnreadableReport:
        """The entry of a source on which bplint itself failed: with a fault that is no part's."""
        return self._not_looked_at(caught(PartKind.ITSELF, "bplint", __name__, error), source, text)

    def _not_looked_at(self, fault: Fault, source: Source, text: str) -> UnreadableReport:
        """A source of which there is nothing to report but how bplint, or an importer, failed on it."""
        id = self.id_of(source)
        failure = self.plugins.failure(fault, id if isinstance(source, BuiltCircuit) else source.name)
        error = SourceError(f"not looked at: {failure.title.partition(',')[0]}: {failure.reason}")
        return UnreadableReport(engine.unreadable(error, source.name, id), _lines(text, source), (failure,), id)

    def asked(self, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        """These rules, without those that only offer a repair where none is wanted: to measure one is most of their work."""
        return rules if self.settings.suggest else tuple(rule for rule in rules if not rule.offer)

    def id_of(self, source: Source) -> str:
        """The node id of a source."""
        id = self.configurations.of(source.name).id_of(source.name)
        return source.id_in(id) if isinstance(source, BuiltCircuit) else id

    def cache_folder(self, source: Source) -> str:
        """Where reports of a source are kept for later runs."""
        settings = self.configurations.of(source.name)
        return str(settings.stated("cache-dir").value or os.path.join(settings.root, CACHE))

    def text(self, source: InputSource) -> str:
        """The text of one source. ``SourceError`` where it cannot be read, or no importer does."""
        source.candidates(self.plugins.importers)
        return decode(source.read())

    def can_edit(self, source: InputSource, text: str) -> bool:
        """Whether suggestions can change this text."""
        importer = chosen(source.candidates(self.plugins.importers), text)
        return isinstance(importer, Importer) and importer.editable

    def editable(self, source: InputSource, program: Program, text: str) -> Text | None:
        """The text as suggestions edit it, what it declares and how another in its place is read; None where it is not theirs."""
        if not self.can_edit(source, text):
            return None
        from bplint.repairs.editing import Declared, Text

        settings = self.configurations.of(source.name)
        options = [key for key in ("observable", "init", "trainable") if getattr(settings.asked, key)]
        declared = [Declared(key, None, "option") for key in options]
        declared += [Declared(d.key, d.span, d.source) for d in program.directives]

        def read(other: str) -> Case:
            reading = self.read(source, other)
            if isinstance(reading, Fault):
                raise SourceError("an importer fails on it")
            return prepare(reading, settings, path=source.name, id=self.id_of(source), source=_lines(other))

        return Text(text, declared, read)

    def read(self, source: InputSource, text: str) -> Program | Fault:
        """What an importer makes of the text of a source, or how it failed. ``SourceError`` where the text is at fault."""
        importer = chosen(source.candidates(self.plugins.importers), text)
        if isinstance(importer, Fault):
            return importer
        path = None if source.path == "-" else source.path
        try:
            program = importer.read(text, path=path, overrides=dict(self.settings.sizes))
            if fault := malformed(program):
                raise MalformedError(fault)
            return program._replace(path=path)
        except BplintError:
            raise
        except Exception as error:
            return caught(PartKind.IMPORTER, importer.name, importer.read.__module__, error)

    def finish(
        self,
        program: Program,
        settings: InForce,
        name: str,
        source: Sequence[str],
        editable: Callable[[], Editable | None] = lambda: None,
        id: str = "",
    ) -> CircuitReport:
        """The report of a program that has been read; ``editable`` makes what suggestions are written into; the id is its name
        if none is given.

        ``SourceError`` where what it declares is at fault, ``UsageError`` where what the caller says does not fit it.
        """
        case = prepare(program, settings, path=name, id=id, source=source)
        ask = Ask(case, budget=settings.budget, thorough=bool(self.analyses), watch=partial(self.watch, case.id))
        for analysis in self.analyses:
            if isinstance(analysis, Analysis) and not analysis.belongs(case):
                continue
            with contextlib.suppress(BudgetError):  # stands in the answers as inconclusive
                ask(analysis)
        rules = () if self.analyses else self.asked(settings.rules)
        findings, untold, faults = engine.check(case, ask, rules)
        kept, suppressed, in_use = suppress(findings, program.directives, rules, self.plugins.rules, case, untold)
        known: tuple[Finding, ...] = ()
        if self.baselines and settings.baseline:
            errored = bool(ask.faults or faults)
            kept, known = self.baselines.split(kept, case.id, settings.baseline, errored=errored)
        mended = {rule.code for rule in rules if rule.repairs}
        if self.mends and self.settings.suggest and not self.settings.sizes and any(f.code in mended for f in kept):
            from bplint.verify import suggest  # here, for the runs that find nothing to repair

            gone = {f.code for f in findings} - {f.code for f in (*kept, *known)}
            self.watch(case.id, "repairs")
            try:
                kept, failed = suggest(case, ask, kept, rules, editable(), gone)
                faults = (*faults, *failed)
            except Exception as error:
                codes = ", ".join(dict.fromkeys(f.code for f in kept if f.code in mended))
                faults = (*faults, caught(PartKind.REPAIR, codes, suggest.__module__, error))
        return CircuitReport(
            case=case,
            findings=kept,
            analyses=ask.results(),
            seconds=ask.seconds,
            suppressed=suppressed,
            fail_on=settings.fail_on,
            hidden=whole_file(program.directives),
            in_use=in_use,
            untold=untold,
            failures=tuple(self.plugins.failure(fault, case.id) for fault in (*ask.faults, *faults)),
            known=known,
            stopped=ask.clock.stopped,
        )

    def at(self, *sizes: tuple[str, int]) -> Job:
        """The same for values of constants of the sources, by name."""
        return self._replace(settings=self.settings._replace(sizes=sizes))

    def family(
        self,
        name: str,
        members: Mapping[int, CircuitReport],
        settings: InForce,
        axis: str = "n",
        fixed: tuple[str, int] | None = None,
    ) -> FamilyReport:
        """The report of a family, or of a line of a grid, whose members, by size, were reported by this job."""
        from bplint.analyses.family import AskOf, Family, Member  # for those who have families

        by_size = tuple(Member(size, members[size].case) for size in sorted(members))
        family = Family(name, by_size, axis, fixed)
        family = family._replace(id=name + family.place)
        watch = partial(self.watch, name)
        ask = AskOf({n: Ask(m.case, budget=settings.budget, known=m.analyses, watch=watch) for n, m in members.items()})
        hidden = frozenset[str]().union(*(member.hidden for member in members.values()))
        findings, untold, faults = engine.check_family(family, ask, settings.rules)
        kept = tuple(finding for finding in findings if finding.code not in hidden)
        suppressed = [finding.code for finding in findings if finding.code in hidden]
        known: tuple[Finding, ...] = ()
        if self.baselines and settings.baseline:
            errored = bool(ask.faults or faults)
            kept, known = self.baselines.split(kept, family.id, settings.baseline, errored=errored)
        return FamilyReport(
            family=family,
            findings=kept,
            known=known,
            fail_on=settings.fail_on,
            untold=tuple(one for one in untold if one.code not in hidden),
            failures=tuple(self.plugins.failure(fault, family.id) for fault in (*ask.faults, *faults)),
            suppressed=len(suppressed),
            in_use=frozenset(suppressed).union(one.code for one in untold),
            analyses={m.size: {**members[m.size].analyses, **ask.about(m).results()} for m in family.members},
        )


def _lines(text: str, source: Source | None = None) -> tuple[str, ...]:
    """The lines as the importers count them."""
    if isinstance(source, BuiltCircuit):
        return source.lines
    return tuple(re.split(r"\r\n|\r|\n", text))

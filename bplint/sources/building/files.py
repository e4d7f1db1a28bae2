"""Which Python files hold builders, and what comes of running them: circuits as sources of a run."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Collection, Sequence
from typing import NamedTuple

from bplint.config.targets import Target
from bplint.errors import SourceError, Span
from bplint.files.plain_data import digest
from bplint.importers.program import Directive
from bplint.sources.builders import builders
from bplint.sources.building import process
from bplint.sources.building.circuit import BuildLimits, BuildOrder, Built, BuiltCircuit, WantedBuilder, placed
from bplint.sources.building.comments import of_builder, suppressions
from bplint.sources.collect import InputSource, module_text
from bplint.sources.select_by_id import matcher


class BuilderFile(NamedTuple):
    """A Python file with its builders, read and not run; ``error`` is why it cannot be read.

    ``text`` is its code (of a notebook the lines that are none are empty), ``id`` its node id.
    """

    source: InputSource
    id: str
    text: str = ""
    builders: tuple[WantedBuilder, ...] = ()
    comments: tuple[Directive, ...] = ()
    error: SourceError | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the code."""
        return tuple(self.text.split("\n"))

    def head(self, builder: WantedBuilder) -> Span:
        """The place of a builder: the first line of its definition."""
        return _line_of(self.lines, builder.line)


class BuildRequest(NamedTuple):
    """How files are run: what of them (by node id), how long, in which working folder, and what is moved for them."""

    keyword: str = ""
    limits: BuildLimits = BuildLimits()
    folder: str | None = None
    moved: tuple[str, str] | None = None


def read(source: InputSource, id: str, targets: Collection[Target] = ()) -> BuilderFile:
    """The builders of a file: those with the decorator, and those that configuration names."""
    try:
        data = module_text(source)
        sizes = {target.function: target.sizes for target in targets}
        declared = [b for b in builders(data, sizes) if b.declared or b.name in sizes]
        text = importlib.util.decode_source(data)
        wanted = [
            WantedBuilder(b.name, b.line, b.extent, b.declared, sizes.get(b.name) or (() if b.declared else b.sizes))
            for b in declared
        ]
        missing = [Target("", name, sizes[name]) for name in sizes if name not in {b.name for b in declared}]
        wanted += [WantedBuilder(target.function, 1, (1, 1), False, target.sizes) for target in missing]
        return BuilderFile(source, id, text, tuple(wanted), tuple(suppressions(text)))
    except SourceError as error:
        return BuilderFile(source, id, error=error)


def build(file: BuilderFile, request: BuildRequest, processes: process.Processes) -> tuple[list[BuiltCircuit], int]:
    """Every circuit of a file, those included that could not be built, and how many the keyword leaves out."""
    selected = matcher(request.keyword)
    if file.error:
        wanted = selected(file.id)
        return [BuiltCircuit(file.source.name, "", None, error=file.error, lines=file.lines)] * wanted, not wanted
    order = BuildOrder(
        file=os.path.abspath(file.source.path),
        code=file.text,
        id=file.id,
        builders=file.builders,
        keyword=request.keyword,
        limits=request.limits,
        moved=request.moved,
    )
    outcomes = process.run(order, processes, request.folder)
    circuits: list[BuiltCircuit] = []
    for outcome in outcomes.outcomes:
        if outcome.begun is None:  # the file itself cannot be run: so none of its builders can
            lost = [b for b in file.builders if selected(order.id_of(b.name, None))]
            return [_not_built(file, b, None, "cannot be built: the file", outcome) for b in lost], 0
        builder = next(b for b in file.builders if b.name == outcome.begun.builder)
        if outcome.built is None:
            circuits.append(_not_built(file, builder, outcome.begun.size, "", outcome))
        else:
            circuits.append(_built(file, builder, outcome.begun.size, outcome.built))
    return circuits, outcomes.deselected


def _built(file: BuilderFile, builder: WantedBuilder, size: int | None, built: Built) -> BuiltCircuit:
    span = file.head(builder)
    told = [Directive(key, str(value), span, "decorator", read=value) for key, value in built.told.items()]
    if built.observable is not None:
        told.append(Directive("observable", str(built.observable), span, "decorator", read=built.observable))
    hidden = of_builder(file.comments, file.text, builder.extent)
    program = placed(built.program, span, _places(file, built, span))
    program = program._replace(directives=(*told, *hidden), path=file.source.path)
    nowhere = placed(built.program, Span(1, 1, 1, 1))._replace(
        formulas={}
    )  # the names of their parameters say the same
    return BuiltCircuit(
        name=file.source.name,
        builder=builder.name,
        size=size,
        span=span,
        program=program,
        lines=file.lines,
        digest=digest((nowhere, built.observable, dict(built.told), tuple(d.value for d in hidden))),
    )


def _places(file: BuilderFile, built: Built, head: Span) -> list[Span]:
    """Where each statement of a circuit was made, as far as it is known: else where the builder stands."""
    lines = file.lines
    known = {line: _line_of(lines, line) if line else head for line in set(built.lines)}
    return [known[line] for line in built.lines]


def _line_of(lines: Sequence[str], number: int) -> Span:
    """The text in a line."""
    line = lines[number - 1] if number <= len(lines) else ""
    start = len(line) - len(line.lstrip()) + 1
    return Span(number, start, number, max(len(line.rstrip()) + 1, start + 1))


def _not_built(
    file: BuilderFile, builder: WantedBuilder, size: int | None, subject: str, outcome: process.BuildOutcome
) -> BuiltCircuit:
    what = f"{outcome.reason} {outcome.lines[-1]}" if outcome.lines else outcome.reason
    named = BuiltCircuit(file.source.name, builder.name, size, span=file.head(builder), lines=file.lines)
    hint = "\n".join([*outcome.lines[:-1], *(f"printed: {line}" for line in outcome.printed)])
    message = f"{named.item} {subject} {what}" if subject else f"{named.item} {what}"
    return named._replace(error=SourceError(message, named.span, hint=hint or None))

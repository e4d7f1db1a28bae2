"""Suppression comments in Python: one anywhere in a builder, or alone on the line before it, speaks of the builder."""

from __future__ import annotations

import importlib.util
import io
import tokenize
from collections.abc import Iterator, Sequence

from bplint.errors import SourceError, Span
from bplint.importers.directives import SUPPRESSIONS, from_comment
from bplint.importers.program import Directive
from bplint.sources.builders import builders
from bplint.sources.collect import InputSource, module_text


def suppressions(text: str) -> list[Directive]:
    """The suppressions in the comments of a module that Python can read.

    ``SourceError`` for an instruction that is none: the loss and its like are said by the decorator.
    """
    directives: list[Directive] = []
    for comment, span in _comments(text):
        directive = from_comment(comment, span)
        if directive is None:
            continue
        if not isinstance(directive, Directive) or directive.key not in SUPPRESSIONS:
            said = directive.key if isinstance(directive, Directive) else directive
            hint = "write it in the decorator, as in @bplint.circuit(observable=...)"
            raise SourceError(f"in Python no comment declares {said}", span, hint=hint)
        directives.append(directive._replace(of_builder=True))
    return directives


def about(builder: str, file: str) -> tuple[Directive, ...]:
    """The suppressions that speak of a builder at the top level of a Python file or notebook, which is not run."""
    data = module_text(InputSource(file, file))
    extents = {one.name: one.extent for one in builders(data, [builder])} if b"bplint" in data else {}
    if builder not in extents:
        return ()
    text = importlib.util.decode_source(data)
    return of_builder(suppressions(text), text, extents[builder])


def of_builder(directives: Sequence[Directive], text: str, extent: tuple[int, int]) -> tuple[Directive, ...]:
    """Those that speak of the builder in the lines ``extent``."""
    lines = text.split("\n")
    first, last = extent

    def speaks(directive: Directive) -> bool:
        place = directive.span.line
        before = place == first - 1 and not lines[place - 1][: directive.span.column - 1].strip()
        return directive.key == "ignore-file" or before or first <= place <= last

    return tuple(filter(speaks, directives))


def _comments(text: str) -> Iterator[tuple[str, Span]]:
    """The comments that speak of bplint, without their mark."""
    if "bplint" not in text:
        return
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and "bplint" in token.string:
                line, column = token.start
                yield token.string.lstrip("#"), Span(line, column + 1, line, token.end[1] + 1)
    except (tokenize.TokenError, SyntaxError):  # Python's parser has read it: the comments are those so far
        return

"""What an editor offers at a finding: its verified suggestions, and a comment that lets it pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lsprotocol import types

from bplint.number_format import number
from bplint.server.diagnostics import Document, Shown

_IGNORE = re.compile(r"//\s*bplint:\s*ignore\[[^\]]*")


def actions(one: Shown, document: Document) -> Iterator[types.CodeAction]:
    """The actions of a finding, the best first; its suggestions are edits of this version of the document."""
    for suggestion in one.finding["suggestions"]:
        if suggestion["verdict"] == "verified" and suggestion["edits"]:
            edits = [_edit(edit, document) for edit in suggestion["edits"]]
            yield _action(_title(suggestion), one, document, edits)
    if one.finding["code"] != "BP001":  # what cannot be read cannot be let pass
        code, line = one.finding["code"], one.finding["line"]
        yield _action(f"ignore {code} here", one, document, [_ignored(code, line, document)])


def _action(title: str, one: Shown, document: Document, edits: list[types.TextEdit]) -> types.CodeAction:
    return types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[one.diagnostic],
        edit=types.WorkspaceEdit(changes={document.uri: edits}),
    )


def _title(suggestion: Mapping[str, Any]) -> str:
    before, after = suggestion["effect"]["signal"]
    gain = f": signal {number(before)} → {number(after)}" if before is not None and after is not None else ""
    also = f"; {suggestion['also']}" if suggestion["also"] else ""
    return f"{suggestion['title']}{gain}{also}"


def _edit(edit: Mapping[str, Any], document: Document) -> types.TextEdit:
    place = document.range(edit["line"], edit["column"], edit["end_line"], edit["end_column"])
    return types.TextEdit(place, edit["new"])


def _ignored(code: str, line: int, document: Document) -> types.TextEdit:
    """The code into a comment that speaks of the line already, or else a comment on the line before."""
    text, above = (document.lines[i - 1] if 0 < i <= len(document.lines) else "" for i in (line, line - 1))
    for at, where in ((line, text), (line - 1, above if above.lstrip().startswith("//") else "")):
        if comment := _IGNORE.search(where):
            return _inserted(document, at, comment.end() + 1, f", {code}")
    indent = text[: len(text) - len(text.lstrip())].rstrip("\r\n")
    end = "\r\n" if text.endswith("\r\n") else "\n"
    return _inserted(document, line, 1, f"{indent}// bplint: ignore[{code}]{end}")


def _inserted(document: Document, line: int, column: int, text: str) -> types.TextEdit:
    return types.TextEdit(document.range(line, column, line, column), text)

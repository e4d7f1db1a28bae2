"""What an editor does with edits: characters counted in UTF-16, as the protocol has it."""

import re

from pygls.workspace import PositionCodec

from bplint.server.diagnostics import Document


def document(text, version=1, uri="file:///x.qasm"):
    lines = tuple(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text))
    return Document(uri, version, lines, PositionCodec("utf-16"))


def applied(text, edits):
    """The text after edits, none of which overlap."""
    lines = [*document(text).lines, ""]

    def offset(position):
        units = lines[position.line].encode("utf-16-le")[: 2 * position.character]
        return sum(map(len, lines[: position.line])) + len(units.decode("utf-16-le"))

    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text

"""The tokens of a text for the reference parser, found by one regular expression.

The lexer of the reference grammar takes a third of the time that parsing takes. What is rare in real files is left
to it: imaginary numbers, names with letters beyond ASCII and Greek, calibrations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any


def tokens_of(text: str, lexer: Any) -> list[Any] | None:
    """The tokens that this lexer, a class, would find, the end of the text included; None if it has to look itself."""
    from antlr4.Token import CommonToken  # type: ignore[import-untyped]

    kinds = _kinds(lexer)
    found: list[Any] = []
    line, line_start, at, before = 1, 0, 0, ""
    while (match := _TOKEN.match(text, at)) is not None:
        start, at = match.span()
        group, written = match.lastgroup, match[0]
        if group == "space":
            breaks = written.count("\n")
            if breaks:
                line, line_start = line + breaks, start + written.rindex("\n") + 1
            continue
        if before == "OPENQASM":
            group = "version" if _VERSION.fullmatch(written) else ""
        elif before == "include":
            group = "path" if group in ("bits", "string") else ""
        kind = kinds.get(written) if group in ("name", "sign") else None
        kind = kinds.get(f"<{group}>") if kind is None else kind
        if not kind:
            return None
        token = CommonToken(type=kind, start=start, stop=at - 1)
        token.text, token.line, token.column, token.tokenIndex = written, line, start - line_start, len(found)
        found.append(token)
        before = written
    if at < len(text):
        return None
    end = CommonToken(type=CommonToken.EOF, start=at, stop=at - 1)
    end.text, end.line, end.column, end.tokenIndex = "<EOF>", line, at - line_start, len(found)
    return [*found, end]


@cache
def _kinds(lexer: Any) -> Mapping[str, int]:
    """The number of each kind of token, by its text or, where that varies, by its group; 0 where the lexer must look."""
    words = [literal.strip("'") for literal in lexer.literalNames]
    kinds = {word: getattr(lexer, word.upper(), 0) for word in words if word.isalpha()}
    for name, signs in _SIGNS.items():
        kinds.update(dict.fromkeys(signs.split(), getattr(lexer, name, 0)))
    kinds.update({f"<{group}>": getattr(lexer, name, 0) for group, name in _GROUPS.items()})
    return kinds | dict.fromkeys(_LEFT, 0)


_SIGNS = {
    "LBRACKET": "[", "RBRACKET": "]", "LBRACE": "{", "RBRACE": "}", "LPAREN": "(", "RPAREN": ")", "COLON": ":",
    "SEMICOLON": ";", "COMMA": ",", "EQUALS": "=", "ARROW": "->", "PLUS": "+", "DOUBLE_PLUS": "++", "MINUS": "-",
    "ASTERISK": "*", "DOUBLE_ASTERISK": "**", "SLASH": "/", "PERCENT": "%", "PIPE": "|", "DOUBLE_PIPE": "||",
    "AMPERSAND": "&", "DOUBLE_AMPERSAND": "&&", "CARET": "^", "AT": "@", "TILDE": "~", "EXCLAMATION_POINT": "!",
    "BooleanLiteral": "true false", "EqualityOperator": "== !=", "ComparisonOperator": "> < >= <=",
    "BitshiftOperator": ">> <<", "CompoundAssignmentOperator": "+= -= *= /= &= |= ~= ^= <<= >>= %= **=",
}  # fmt: skip
_GROUPS = {
    "name": "Identifier", "whole": "DecimalIntegerLiteral", "float": "FloatLiteral", "qubit": "HardwareQubit",
    "time": "TimingLiteral", "bits": "BitstringLiteral", "path": "StringLiteral", "version": "VersionSpecifier",
}  # fmt: skip
_LEFT = ("cal", "defcal", "defcalgrammar", "pragma", "im")

# After a number may stand a unit, with spaces between: 2 s is one token, and so is the beginning of 2 sin.
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]++) | (?P<name>[A-Za-zα-ω_][A-Za-zα-ω0-9_]*+)(?![^\x00-\x7f])
    | (?P<time>[0-9]++(?:\.[0-9]++)?(?:dt|ns|us|ms|s))(?!\w)
    | (?:(?P<float>[0-9]++(?:\.[0-9]++(?:[eE][+-]?[0-9]++)?|[eE][+-]?[0-9]++)) | (?P<whole>[0-9]++))
      (?![\w.]|[ \t]*+(?:im|dt|[num]?s|µs))
    | (?P<qubit>\$[0-9]++) | (?P<bits>"[01]++") | (?P<string>"[^"\r\t\n]++")
    | (?P<sign>\*\*=|<<=|>>=|->|\+\+|\*\*|\|\||&&|<<|>>|[=!<>]=|[-+*/&|~^%]=|[-\[\]{}():;,=+*%|&^~!<>]
      | /(?![/*])|@(?![^\W\d]))""",
    re.VERBOSE,
)
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)?")

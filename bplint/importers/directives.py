"""What a source tells bplint beside its circuit: ``// bplint:`` comments, pragmas and annotations.

    // bplint: observable = Z0 Z1          comment; # instead of // in Python
    pragma bplint observable Z0 Z1         pragma, with or without #
    @bplint.observable Z0 Z1               annotation
    // bplint: tie = 0.31, 0.62             numbers that are one parameter, in this proportion
    ry(0.3) q[0]; // bplint: fixed         role of the statements on the line
    @bplint.fixed                          role of the next statement
    // bplint: ignore[BP002] reason        suppression, handed on unread
    #pragma braket result expectation z(q[0]) @ z(q[1])

An instruction that is not understood is an error: a slip of the pen must not change a verdict silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bplint.context_keys import Said, keys
from bplint.errors import SourceError, Span, Unsupported
from bplint.importers.program import Directive, Note
from bplint.importers.quoting import quote
from bplint.ir.circuit import Role

TIE = "tie"
"""The key of numbers that are one parameter: it speaks of the angles of its own source, and can be said nowhere else."""

KEYS = (*keys(Said.SOURCE), TIE)
"""Keys that take a value."""

SUPPRESSIONS = ("ignore", "ignore-file")
"""Keys that take rule codes in brackets; the value is what stands after the key, such as ``[BP002] reason``."""


def from_comment(text: str, span: Span) -> Directive | Role | None:
    """The instruction in a comment, given without its marks; None if the comment is just a comment.

    Raises SourceError for an instruction that is not understood.
    """
    match = _COMMENT.match(text)
    if match:
        return _instruction(match[1].strip(), span, "comment")
    if _FORGOTTEN_COLON.match(text):
        raise SourceError("a colon is missing after bplint", span, hint="write // bplint: key = value")
    return None


def from_pragma(text: str, span: Span, qubit: Callable[[str], int | None]) -> Directive | Note:
    """The instruction in a pragma, given without the word ``pragma``. ``qubit`` numbers the qubit a text names.

    A pragma for others becomes a note. Raises SourceError for what is not understood, Unsupported for Braket's
    noise and unitary pragmas.
    """
    words = text.split(maxsplit=1)
    vendor, rest = words[0] if words else "", words[1] if len(words) > 1 else ""
    if vendor == "braket":
        return _braket(rest, span, qubit)
    match = _PRAGMA.match(text)
    if not match:
        return Note(f"pragma ignored: {quote(text)}", span)
    instruction = _instruction(match[1].strip(), span, "pragma")
    if isinstance(instruction, Role):
        hint = f"to mark one statement, write // bplint: {instruction} at the end of its line"
        raise SourceError(f"the pragma bplint {instruction} needs a value", span, hint=hint)
    return instruction


def from_annotation(text: str, span: Span) -> Directive | Role | Note:
    """The instruction in an annotation, given without ``@``; one for others becomes a note.

    Raises SourceError for what is not understood.
    """
    match = _ANNOTATION.match(text)
    if not match:
        return Note(f"annotation ignored: @{quote(text)}", span)
    body = match[1].strip()
    word, _, rest = body.partition(" ")
    if word in set(Role) and rest:
        hint = "put the statement on the next line"
        raise SourceError(f"@bplint.{word} takes nothing after it: an annotation ends with its line", span, hint=hint)
    return _instruction(body, span, "annotation")


def _instruction(body: str, span: Span, source: str) -> Directive | Role:
    suppression = _SUPPRESSION.fullmatch(body)
    if suppression:
        key, codes, reason = suppression.groups()
        if not codes or not codes.split():
            raise SourceError(f"{key} needs the codes of the rules, as in {key}[BP002]", span)
        return Directive(key, f"[{codes}] {reason.strip()}".strip(), span, source)
    if body in set(Role):
        return Role(body)
    match = (_KEY_EQUALS if source == "comment" else _KEY).fullmatch(body)
    if not match:
        hint = "want key = value, or one of trainable, data and fixed alone"
        raise SourceError(f"cannot read the bplint directive {quote(body)}", span, hint=hint)
    key, value = match[1], match[2].strip()
    if key not in KEYS:
        raise _unknown_key(key, span)
    if not value:
        raise SourceError(f"the bplint directive {key} needs a value", span)
    return Directive(key, value, span, source)


def _unknown_key(key: str, span: Span) -> SourceError:
    import difflib

    known = [*KEYS, "fixed", *SUPPRESSIONS]
    close = difflib.get_close_matches(key, known, 1)
    hint = f"did you mean {close[0]}?" if close else None
    return SourceError(f"unknown bplint directive {quote(key)}; there are {', '.join(known)}", span, hint=hint)


def _braket(text: str, span: Span, qubit: Callable[[str], int | None]) -> Directive | Note:
    """Amazon Braket's pragmas: an expectation value is the observable, noise is refused."""
    word = text.partition(" ")[0].partition("(")[0]
    if word in ("noise", "unitary"):
        raise Unsupported(f"the pragma braket {word} cannot be modelled", span)
    match = _EXPECTATION.fullmatch(text.strip())
    value = _pauli_sum(match[1] or match[2], qubit) if match else None
    if value is None:
        return Note(f"pragma ignored: braket {quote(text)}", span)
    return Directive("observable", value, span, "braket")


def _pauli_sum(text: str, qubit: Callable[[str], int | None]) -> str | None:
    """``0.5 * z(q[0]) @ z(q[1])`` as ``0.5*Z0 Z1``, qubits by number; None for what is no sum of Pauli strings."""
    written = ""
    first, *others = re.split(r"(?<=\))([+-])", "".join(text.split()))
    for sign, term in zip(["+", *others[::2]], [first, *others[1::2]], strict=True):
        match = _TERM.fullmatch(term)
        product = _product(match[3], qubit) if match else None
        if not match or product is None:
            return None
        minus = (sign == "-") != (match[1] == "-")
        written += (" - " if minus else " + ") if written else "-" * minus
        written += (f"{match[2]}*" if match[2] else "") + product
    return written


def _product(text: str, qubit: Callable[[str], int | None]) -> str | None:
    factors: list[str] = []
    for factor in text.split("@"):
        match = _FACTOR.fullmatch(factor)
        number = qubit(match[2]) if match else None
        if not match or number is None:
            return None
        factors.append(f"{match[1].upper()}{number}")
    return " ".join(f for f in factors if f[0] != "I") or factors[0]


_COMMENT = re.compile(r"\s*bplint\s*:(.*)", re.DOTALL | re.IGNORECASE)
_FORGOTTEN_COLON = re.compile(
    rf"\s*bplint\s+(?:(?:{'|'.join(KEYS)})\s*=|(?:{'|'.join(Role)})\s*$|ignore(?:-file)?\s*\[)", re.IGNORECASE
)
_PRAGMA = re.compile(r"\s*bplint\b[\s.:]*(.*)")
_ANNOTATION = re.compile(r"bplint\b[\s.:]*(.*)")
_SUPPRESSION = re.compile(r"(ignore-file|ignore)(?![\w-])\s*+(?:\[([^\]]*+)\])?(.*)")
_KEY_EQUALS = re.compile(r"([\w-]++)\s*+=\s*+(.*)")
_KEY = re.compile(r"([\w-]++)(?:\s*+=\s*+|\s++|$)(.*)")
_EXPECTATION = re.compile(r"result\s+(?:expectation\s+(.+)|adjoint_gradient\s+expectation\s*\((.+)\).*)")
_TERM = re.compile(r"([+-]?)(?:((?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)\*)?([^*]+)")
_FACTOR = re.compile(r"([ixyz])\(([^()]*)\)")

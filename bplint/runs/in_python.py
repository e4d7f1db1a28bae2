"""Findings about the circuit of a Python builder, in its terms: their places, and how what they advise is declared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bplint.errors import Span
from bplint.finding import Finding


def in_python(findings: Sequence[Finding], head: Span) -> tuple[Finding, ...]:
    """The findings, those of the whole circuit at the ``head`` of its builder; a comment that would declare something is an
    argument of the decorator."""
    return tuple(
        finding._replace(
            hit=finding.hit._replace(span=finding.hit.span or head, help=tuple(map(_declared, finding.hit.help)))
        )
        for finding in findings
    )


def _declared(help: str) -> str:
    def argument(said: re.Match[str]) -> str:
        value = said[2] if said[2].isdigit() else f'"{said[2]}"'
        return f"@bplint.circuit({said[1]}={value})"

    return _COMMENT.sub(argument, help)


_COMMENT = re.compile(r"// bplint: (\w+) = (.+)$", re.MULTILINE)

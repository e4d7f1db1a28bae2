"""What a notebook shows of a report: a page within its page, where the format that makes one is there."""

from __future__ import annotations

from bplint.errors import UsageError
from bplint.plugins import load


def embedded(report: object, text: str, blocked: tuple[str, ...] = ()) -> str:
    """The report as HTML; as the plain text that is given where what makes HTML is not installed."""
    for reporter in load(blocked).reporters.values():
        if reporter.embedded:
            try:
                return reporter.embedded(report)
            except UsageError:
                break
    from html import escape

    return f"<pre>{escape(text)}</pre>"

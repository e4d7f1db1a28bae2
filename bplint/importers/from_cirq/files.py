"""Cirq's own reader of JSON."""

from __future__ import annotations

from typing import Any

from bplint.errors import SourceError
from bplint.importers.quoting import quote


def loaded(text: str) -> Any:
    """The object that Cirq makes of a text that was checked before. ``SourceError`` with Cirq's objection."""
    import cirq

    try:
        return cirq.read_json(json_text=text)
    except Exception as error:  # whatever the constructors of some hundred classes raise
        reason = str(error).strip() or type(error).__name__
        raise SourceError(f"Cirq refuses it: {quote(reason)}") from error

"""Cirq's own reader of JSON."""

from __future__ import annotations

import warnings
from typing import Any

from bplint.importers.framework import refusal


def loaded(text: str) -> Any:
    """The object that Cirq makes of a text that was checked before. ``SourceError`` with Cirq's objection."""
    import cirq

    try:
        with warnings.catch_warnings(action="ignore"):  # such as sympy's about arguments that are no expressions
            return cirq.read_json(json_text=text)
    except Exception as error:  # whatever the constructors of some hundred classes raise
        raise refusal(error, "Cirq") from error

"""How a report is written: one module a format."""

from __future__ import annotations

from collections.abc import Callable

from bplint.report import concise, full, json
from bplint.run import Report

FORMATS: dict[str, Callable[[Report, int, int], str]] = {
    "full": full.write,
    "concise": concise.write,
    "json": json.write,
}
"""Name -> writer (report, exit code, verbosity) -> text."""

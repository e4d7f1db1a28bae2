"""How a report is written: one module a format, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bplint.run import Report

FORMATS = ("full", "concise", "json")
"""Each a module of this package with ``write(report, exit_code, verbosity) -> str``."""


def write(name: str, report: Report, exit_code: int, verbosity: int = 0) -> str:
    """The report in one of the formats."""
    text: str = import_module(f"bplint.report.{name}").write(report, exit_code, verbosity)
    return text

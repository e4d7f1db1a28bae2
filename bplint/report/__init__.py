"""How a report is written: one module a format, loaded when it is asked for, provided through the hook that plugins use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from bplint.plugins import Reporter

if TYPE_CHECKING:
    from bplint.config import Settings
    from bplint.rule import Rule
    from bplint.runs.entries import Entry, FamilyReport
    from bplint.runs.run_report import Report

BPLINT_API = 1

_FORMATS = {
    "full": "one screen a circuit, for people",
    "concise": "one line a finding, for editors and logs",
    "json": "everything, for programs",
    "jsonl": "everything, one circuit a line",
    "sarif": "SARIF 2.1.0, for code scanning",
    "github": "annotations in GitHub Actions",
    "gitlab": "code quality of GitLab",
    "junit": "test cases in XML, one for each circuit",
    "html": "a page to look at, with every circuit drawn",
}
_DEFAULT = "full"
_FOR_MACHINES = ("json", "jsonl", "sarif", "gitlab", "junit", "html")


def bplint_reporters() -> list[Reporter]:
    """The built-in formats, each a module of this package with ``write(report, exit_code, verbosity) -> str``."""
    return [
        Reporter(
            name=name,
            help=help,
            write=partial(_write, name),
            for_machines=name in _FOR_MACHINES,
            is_default=name == _DEFAULT,
            stream=_STREAMS.get(name),
            ready=_ready if name == "html" else None,
            embedded=_embedded if name == "html" else None,
        )
        for name, help in _FORMATS.items()
    ]


def _blocks(settings: Settings, rules: Sequence[Rule], verbosity: int, count: int) -> Callable[[Entry], str]:
    from bplint.report.full import ScreenBlocks

    return ScreenBlocks(settings, rules, verbosity, many=count > 1).of


def _lines(settings: Settings, rules: Sequence[Rule], verbosity: int, count: int) -> Callable[[Entry], str]:
    from bplint.report.jsonl import line

    return line


_STREAMS = {"full": _blocks, "jsonl": _lines}


def _ready() -> None:
    from bplint.report.html import ready

    ready()


def _embedded(report: Report | FamilyReport) -> str:
    from bplint.report.html import embedded

    return embedded(report)


def _write(name: str, report: Report, exit_code: int, verbosity: int) -> str:
    text: str = import_module(f"bplint.report.{name}").write(report, exit_code, verbosity)
    return text

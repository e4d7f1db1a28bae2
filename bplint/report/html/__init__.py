"""A page to look at: one file that loads nothing, with every circuit drawn as the signals of its gates.

The same sections, without the page around them, are what a notebook shows. Templates need Jinja2, the extra ``html``.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Sequence

from bplint import __version__
from bplint.finding import Finding
from bplint.number_format import plural
from bplint.pictures.shades import COLOURS
from bplint.report.html.circuit_section import sections
from bplint.report.html.family_section import family_section
from bplint.report.html.grid_section import grid_section
from bplint.report.html.rendering import ready, rendered, source
from bplint.report.html.rule_pages import rule_pages
from bplint.report.text import gone, tally
from bplint.runs.entries import FamilyReport
from bplint.runs.run_report import Report

__all__ = ["embedded", "ready", "write"]


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """The report as a page of its own."""
    style, script = source("report.css"), source("table.js")
    return rendered(
        "page.html",
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'",
        style=style,
        script=script,
        version=__version__,
        exit_code=exit_code,
        tally=tally(report),
        report=report,
        remarks=_remarks(report),
        circuits=sections(report, verbosity),
        grid=grid_section(report.families),
        families=[family_section(one, report.rules, verbosity) for one in report.families],
        pages=rule_pages(report.rules, (finding.code for finding in report.findings)),
        n_shades=len(COLOURS),
        prefix="",
    )


def embedded(report: Report | FamilyReport) -> str:
    """The report, or what it says of a family, as a part of another page, without a script: what a notebook shows."""
    whole = report if isinstance(report, Report) else None
    families = report.families if isinstance(report, Report) else (report,)
    rules = whole.rules if whole else ()
    return rendered(
        "embedded.html",
        style=source("report.css"),
        tally=tally(whole) if whole else "",
        remarks=_remarks(whole) if whole else [],
        circuits=sections(whole, 0) if whole else [],
        grid=grid_section(families),
        families=[family_section(one, rules, 0) for one in families],
        n_shades=len(COLOURS),
        prefix=_prefix(report.findings),
    )


def _remarks(report: Report) -> list[str]:
    """What holds for the run as a whole."""
    lines = gone(report)
    if report.base:
        there = f"{plural(report.base.unchanged, 'circuit')} unchanged"
        lines.append(f"compared with {report.base.base} ({report.base.commit[:12]}): {there}")
    if report.not_run or report.interrupted:
        why = "interrupted" if report.interrupted else "stopped early"
        lines.append(f"{why}: {plural(report.not_run, 'circuit')} not looked at")
    return lines


def _prefix(findings: Sequence[Finding]) -> str:
    """Keeps the places within one report of a notebook apart from those of another."""
    return f"b{zlib.crc32(' '.join(finding.fingerprint for finding in findings).encode()):x}-"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

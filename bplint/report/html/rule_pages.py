"""The pages of the rules that fired, so that what a finding means is told without a network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bplint.rule import Rule

SHOWN = ("What it does", "Why it matters", "When it is fine")
"""Headings of a page that the report has; the others are for `bplint explain`."""


class Words(NamedTuple):
    """A stretch of text, as code or not."""

    text: str
    code: bool


class Paragraph(NamedTuple):
    """Running text, or lines that are shown as they are."""

    words: tuple[Words, ...]
    is_code: bool


class RulePage(NamedTuple):
    """A rule: its first sentence, and the paragraphs under each heading."""

    code: str
    name: str
    summary: str
    parts: tuple[tuple[str, tuple[Paragraph, ...]], ...]


def rule_pages(rules: Iterable[Rule], codes: Iterable[str]) -> list[RulePage]:
    """The pages of these rules, by code."""
    wanted = set(codes)
    return [_page(rule) for rule in sorted(rules, key=lambda rule: rule.code) if rule.code in wanted]


def _page(rule: Rule) -> RulePage:
    summary, *parts = re.split(r"^## +", rule.page.strip(), flags=re.MULTILINE)
    sections = {heading.strip(): text for heading, _, text in (part.partition("\n") for part in parts)}
    told = [(heading, tuple(_paragraphs(sections[heading]))) for heading in SHOWN if heading in sections]
    return RulePage(rule.code, rule.name, " ".join(summary.split()), tuple(told))


def _paragraphs(text: str) -> Iterable[Paragraph]:
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        lines: Sequence[str] = block.splitlines()
        if all(line.startswith("    ") for line in lines):
            yield Paragraph(tuple(Words(line.removeprefix("    "), True) for line in lines), True)
        else:
            spans = re.split(r"`([^`]*)`", " ".join(line.strip() for line in lines))
            yield Paragraph(tuple(Words(span, i % 2 == 1) for i, span in enumerate(spans) if span), False)

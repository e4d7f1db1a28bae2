"""The pages of rules: what they do, why, and when it is fine; words as code where the page has them so."""

import pytest

from bplint.plugins import load
from bplint.report.html.rule_pages import rule_pages

RULES = load().rules


def test_every_rule_has_its_sections():
    pages = rule_pages(RULES, {rule.code for rule in RULES})
    assert [page.code for page in pages] == sorted(rule.code for rule in RULES)
    for page in pages:
        assert [heading for heading, _ in page.parts] == ["What it does", "Why it matters", "When it is fine"]
        assert page.summary.endswith(".")
        assert all(paragraph.words for _, paragraphs in page.parts for paragraph in paragraphs)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_words_are_those_of_the_page(rule):
    (page,) = rule_pages([rule], {rule.code})
    told = [
        w for heading, paragraphs in page.parts for w in heading.split() + [w for p in paragraphs for w in words(p)]
    ]
    text = rule.page[rule.page.index("## What it does") : rule.page.index("## Conditions")]
    assert told == text.replace("`", "").replace("## ", "").split()


def words(paragraph):
    return ("\n" if paragraph.is_code else "").join(word.text for word in paragraph.words).split()


def test_only_those_that_fired():
    assert [page.code for page in rule_pages(RULES, ["BP301", "XX999"])] == ["BP301"]

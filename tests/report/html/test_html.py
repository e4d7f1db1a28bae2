"""The page: it stands by itself, says everything, lets nothing hostile through, and is the same each time."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from bplint.config import Settings
from bplint.finding import Hit, Kind, Severity
from bplint.report import html
from bplint.rule import rule
from bplint.run import lint_text
from bplint.runs.run_report import ComparedRun
from bplint.testing.formats import finished
from html_pages import GUESS, HOSTILE, PRODUCT, Page
from repair_texts import hardware_efficient


@pytest.fixture(scope="module")
def guess():
    return lint_text(GUESS, Settings(suggest=False))


def page_of(report):
    return Page(html.write(report, report.exit_code()))


def test_nothing_is_loaded_from_anywhere(guess):
    text = html.write(guess, 0)
    page = Page(text)
    assert not [e for e in page.elements if e.tag in ("link", "img", "iframe", "object", "embed", "base", "form")]
    assert not [e for e in page.elements if {"src", "srcset", "style", "onclick"} & set(e.attributes)]
    assert not [e.attributes["href"] for e in page.all("a") if not e.attributes["href"].startswith("#")]
    assert "@import" not in text
    assert set(re.findall(r"url\(([^)]*)\)", text)) == {"#bplint-hatch"}


def test_the_policy_lets_only_this_style_and_this_script_through(guess):
    page = page_of(guess)
    (policy,) = [e.attributes["content"] for e in page.all("meta") if "http-equiv" in e.attributes]
    assert policy.startswith("default-src 'none';")
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256("".join(page.one(tag).text).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_every_link_has_its_place_and_every_place_its_own_name(guess):
    page = page_of(guess)
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(set(ids)) == len(ids)
    links = {e.attributes["href"][1:] for e in page.all("a")}
    assert links <= set(ids)
    assert {"c1", "c1-f1", "c1-m1"} <= links, "findings and gates name each other"


def test_every_finding_is_told_with_its_gate(guess):
    page = page_of(guess)
    headlines = [e.words for e in page.elements if "headline" in e.attributes.get("class", "")]
    for number, finding in enumerate(guess.findings, start=1):
        assert any(f"{number} {finding.severity.label} {finding.code} {finding.name}" in words for words in headlines)
    (dead,) = [i for i, finding in enumerate(guess.findings, start=1) if finding.code == "BP203"]
    assert page.one(id=f"c1-f{dead}").words.count("rz(t[4+i]) q[i];") == 1
    assert page.all("mark")


def test_reasons_are_those_that_rules_declare():
    report = lint_text(hardware_efficient(8, 12, "projector(0..n-1)"), Settings(suggest=False))
    codes = [finding.code for finding in report.findings]
    because = {rule.code for rule in report.rules if "BP301" in rule.explains} & set(codes)
    assert codes[0] == "BP301"
    assert because, "this circuit is there for its reasons"
    told = Page(html.write(report, 1)).one(id="c1-f1").words
    assert {code for code in codes if f"{code} " in told.partition("because")[2]} == because


def test_everything_that_can_be_in_a_report_is_told():
    report = finished()
    report = replace(
        report,
        base=ComparedRun(base="main<", commit="0123456789abcdef", unchanged=7, there=0),
        not_run=3,
    )
    words = Page(html.write(report, 3)).one("body").words
    assert "An error, with evidence: 50 % | <b>." in words
    assert "compared with main< (0123456789ab): 7 circuits unchanged" in words
    assert "stopped early: 3 circuits not looked at" in words
    assert "this rule always fails" in words
    assert "unreadable BP001" not in words
    assert "BP001 unreadable" in words
    assert words.count("XX902 found-note") == 2, "once at the circuit, once as a rule's page"


def test_what_is_hostile_stays_text():
    bad = rule('XX1"<b>', "<i>loud</i>", Severity.ERROR, kind=Kind.PATTERN, since="0.1", explains=("XX101",))
    hit = Hit(HOSTILE, proof=HOSTILE, help=(HOSTILE,))
    rules = [bad(lambda case, ask: [hit._replace(span=case.circuit.span(0))])]
    text = GUESS.replace("ry(t[i]) q[i];", f"ry(t[i]) q[i]; // {HOSTILE.splitlines()[0]}")
    report = lint_text(text, Settings(suggest=False), name=f"{HOSTILE}.qasm", rules=rules)
    written = html.write(report, 1)
    written.encode()
    page = Page(written)
    assert [e.tag for e in page.elements].count("script") == 1
    assert not page.all("img")
    assert not page.all("i")
    assert "49" not in page.one("h2", id="c1-heading").words
    shown = HOSTILE.translate({0: 0xFFFD, 0x1B: 0xFFFD, 0x202E: 0xFFFD, 0xDCFF: 0xFFFD, 0x2028: 0xFFFD})
    assert shown in page.one("main").words
    assert not re.search("[\x00\x1b\u202e\u2028]", written)


def test_a_family_has_its_curves_and_the_noise():
    page = page_of(lint_text(PRODUCT, Settings(suggest=False), sizes=(3, 4, 5, 6, 7)))
    assert len(page.all("figure", class_="curve")) == 2
    assert [e.words for e in page.all("text", class_="noise")].count("noise 1/shots") >= 1
    assert "n = 3 … 7, 5 sizes" in page.one(id="family1").words
    assert [e.words for e in page.all("a", href="#c2")] == ["circuit.qasm [n=4]"]


def test_the_page_is_the_same_each_time(guess):
    again = lint_text(GUESS, Settings(suggest=False))
    assert html.write(guess, 0) == html.write(replace(again, seconds=9.0), 0)


def test_a_notebook_gets_the_sections_without_page_and_script(guess):
    page = Page(guess._repr_html_())
    assert page.elements[0].tag == "div"
    assert not {"html", "body", "script", "meta"} & {e.tag for e in page.elements}
    assert page.all("details", class_="entry")[0].attributes["open"] is None, "one circuit is open"
    links = {e.attributes["href"][1:] for e in page.all("a")}
    assert links <= {e.attributes.get("id") for e in page.elements}
    other = lint_text(GUESS.replace("ry", "rx"), Settings(suggest=False), name="other.qasm")
    theirs = {e.attributes.get("id") for e in Page(other._repr_html_()).elements}
    assert not links & theirs, "two reports of one notebook do not meet"

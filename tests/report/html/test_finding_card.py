"""Cards: the place in its line, reasons as rules declare them, each suggestion once, its effect in words."""

import pytest

from bplint.errors import Span
from bplint.finding import Effect, Hit, Kind, Severity, Suggestion, Verdict, sign
from bplint.report.html.finding_card import ROOM, Changed, cards
from bplint.rewrite import Edit
from bplint.rule import rule


def made(code, span=None, *suggestions, path="a b.qasm", **hit):
    found = sign(
        Hit(f"{code} said.", span=span, **hit), code=code, name="n", severity=Severity.NOTE, path=path, case_id="c"
    )
    return found._replace(suggestions=suggestions)


def offered(name, verdict=Verdict.VERIFIED, **more):
    told = {"dla": (2**60, 10), "gradient_max": (0.1, 0.2), "signal": (1e-5, 0.03), "parameters": (2000, 12)}
    effect = Effect(**told | more.pop("effect", {}))
    return Suggestion(name, f"try {name}", verdict, effect, **more)


def declared(code, *explains):
    return rule(code, "n", Severity.NOTE, kind=Kind.EXACT, since="1", explains=explains)(lambda case, ask: [])


def line_of(text, column, end, end_line=1):
    (card,) = cards([made("XX1", Span(1, column, end_line, end))], [text], [], 0)
    return card.line


def test_the_place_is_cut_out_of_its_line():
    assert line_of("ry(a) q;", 4, 5)[1:] == ("ry(", "a", ") q;")
    assert line_of("ry(a) q;", 1, 9)[1:] == ("", "ry(a) q;", "")
    assert line_of("for {", 5, 2, end_line=3)[1:] == ("for ", "{", "")
    assert line_of("rz(t[3]) q[0]", 1, 2).meant == "rz(t[3]) q[0]", "the listing of a circuit of Python has no columns"
    assert "\x1b" not in "".join(line_of("ab\x1b", 1, 2)[1:])


@pytest.mark.parametrize("column", [1, 50, 5000, 9990])
def test_a_long_line_is_cut_around_the_place(column):
    text = "".join(f"{k % 10}" for k in range(9999))
    line = line_of(text, column, column + 4)
    assert line.meant == text[column - 1 : column + 3]
    assert len(line.before + line.meant + line.after) <= ROOM + 4
    assert (line.before.startswith("… "), line.after.endswith(" …")) == (column > ROOM // 3 + 1, column < 9900)
    assert line.before.removeprefix("… ") + line.meant in text


def test_a_place_outside_of_the_source_has_no_line():
    assert [card.line for card in cards([made("XX1"), made("XX1", Span(7, 1, 7, 2))], ["x"], [], 0)] == [None, None]


def test_reasons_are_findings_whose_rules_explain_this_one():
    rules = [declared("XX1"), declared("XX2", "XX1", "XX3"), declared("XX3", "XX1")]
    told = cards([made("XX1"), made("XX2"), made("XX3"), made("XX2")], [], rules, 0)
    assert [[(r.number, r.code) for r in card.reasons] for card in told] == [
        [(2, "XX2"), (3, "XX3"), (4, "XX2")],
        [],
        [(2, "XX2"), (4, "XX2")],
        [],
    ]


def test_each_suggestion_stands_at_the_first_finding_that_has_it():
    again = offered("z2")
    refuted = offered("local", Verdict.REFUTED, reason="worse")
    findings = [made("XX1", None, again, refuted, help=("h",)), made("XX2", None, again, help=("h",))]
    first, second = cards(findings, [], [], 0)
    assert [o.title for o in first.offers] == ["try z2"]
    assert (second.offers, second.help, first.help) == ((), (), ())
    shown, _ = cards(findings, [], [], 1)
    assert [(o.title, o.verdict, o.reason) for o in shown.offers][1] == ("try local", "refuted", "worse")


def test_what_is_only_refuted_leaves_the_help():
    (card,) = cards([made("XX1", None, offered("z2", Verdict.REFUTED), help=("h",))], [], [], 0)
    assert (card.offers, card.help) == ((), ("h",))


def test_effects_in_words():
    effect = {"reaches": (None, 0.9999), "gradient_max": (None, None)}
    edits = tuple(Edit(k, 1, k, 2, "a", "b") for k in range(1, 21))
    (card,) = cards([made("XX1", None, offered("z2", effect=effect, edits=edits))], [], [], 0)
    (offer,) = card.offers
    assert offer.signal == Changed("1e-5", "0.03")
    assert offer.reaches == Changed("?", "0.999")
    assert offer.dimension == Changed("about 2^60", "10")
    assert offer.parameters == Changed("2,000", "12")
    assert offer.command == "bplint fix 'a b.qasm' --prior z2"
    assert (offer.edits[0], len(offer.edits) + offer.more_edits) == ((1, "a", "b"), 20)
    bare = offered("z2", Verdict.UNVERIFIED, effect={"signal": (None, None)}, edits=edits)
    (card,) = cards([made("XX1", None, bare)], [], [], 0)
    assert (card.offers[0].signal, card.offers[0].command) == (Changed("", ""), "")

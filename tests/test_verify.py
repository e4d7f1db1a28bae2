"""Suggestions: what is verified, refuted or left open, in which order, and with which reason."""

import pickle

import pytest

from bplint import verify
from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.gradients.gradient import gradient
from bplint.analyses.symmetry import Symmetries
from bplint.config import Settings
from bplint.errors import UsageError
from bplint.files import plain_data
from bplint.finding import Hit, Severity, sign
from bplint.plugins import load
from bplint.repairs import Change, editing, near_zero, symmetry_priors
from bplint.repairs.editing import Text
from bplint.repairs.measure import Measured
from bplint.rewrite import apply, without
from bplint.rule import Undecided
from bplint.run import lint_text
from judging import (
    AFTER,
    BEFORE,
    ISING,
    REFUTED,
    RULES,
    UNVERIFIED,
    VERIFIED,
    case,
    finding,
    fires,
    judge,
    judged,
    measured,
    mended_by,
    of,
)
from repair_texts import INCLUDE, hardware_efficient, read, ring_with_a_chord

UNTOLD = "is found on the changed circuit could not be told"


def test_a_planted_symmetry_is_verified():
    ((name, verdict, reason),) = judged(case(layers=8), ISING)
    assert (name, verdict, reason) == ("z2", VERIFIED, "")


def test_the_finding_has_to_be_gone_and_nothing_forbidden_new(monkeypatch):
    good, out = measured("a"), BudgetError("no")
    gone = mended_by(code="XY001")
    for by, other, wanted in [
        (fires("XY001"), None, (REFUTED, "XY001 is still found on the changed circuit")),
        (fires("XY001", Severity.NOTE), None, (REFUTED, "XY001 is still found on the changed circuit")),
        (gone, fires("XY002", forbidden=True), (REFUTED, "XY002 is found on the changed circuit")),
        (gone, fires("XY002", Severity.NOTE, forbidden=True), (VERIFIED, "")),  # a note: fine in one direction of training
        (gone, fires("XY002"), (VERIFIED, "")),  # not what the finding is about
        (fires("XY001", offer=True), None, (VERIFIED, "")),  # of the symmetry that it names, the promise is checked
        (fires("XY001", error=out), None, (UNVERIFIED, f"whether XY001 {UNTOLD}")),
        (gone, fires("XY002", error=out, forbidden=True), (UNVERIFIED, f"whether XY002 {UNTOLD}")),
        (fires("XY001", error=Undecided("it is tied")), None, (UNVERIFIED, "it is tied")),
        (gone, fires("XY002", error=Undecided("it is tied"), forbidden=True), (VERIFIED, "")),  # not found, and not for time
    ]:  # fmt: skip
        assert of(monkeypatch, good, by=by, rules=[other] if other else []) == [("a", *wanted)]


def test_the_signal_has_to_be_surely_larger(monkeypatch):
    for after, verdict in [
        (AFTER, VERIFIED),
        (AFTER._replace(lower=0.011), REFUTED),  # as large as it may have been
        (AFTER._replace(gradient=0.0, signal=0.0, lower=0.0, upper=0.0), REFUTED),
        (AFTER._replace(signal=0.003, lower=0.0028, upper=0.0032), REFUTED),  # a larger gradient, in units larger still
        (AFTER._replace(unknown="it is too large"), UNVERIFIED),
    ]:
        ((_, found, reason),) = of(monkeypatch, measured("a", after))
        assert found is verdict
        assert (reason == "it is too large") == bool(after.unknown)
        assert bool(reason) == (verdict is not VERIFIED)
    ((_, found, reason),) = of(monkeypatch, measured("a", before=BEFORE._replace(unknown="it is tied")))
    assert (found, reason) == (UNVERIFIED, "the signal without it is not known: it is tied")


def test_another_start_that_is_larger_only_as_measured(monkeypatch):
    """What the signal is from anywhere may be known far less closely than what it is from there."""
    loose = BEFORE._replace(upper=0.5)
    start = measured("a", before=loose, group="")._replace(only_starts=True)
    told = "the signal is not surely larger: 0.3 as measured, and at most 0.5 without it"
    assert of(monkeypatch, start) == [("a", UNVERIFIED, told)]
    for other in (
        start._replace(only_starts=False),
        start._replace(before=BEFORE._replace(upper=0.09)),
        start._replace(after=AFTER._replace(signal=0.019)),
    ):
        ((_, found, _),) = of(monkeypatch, other)
        assert found is (VERIFIED if other.lifts else REFUTED)


def test_what_is_promised_has_to_be_kept(monkeypatch):
    found = of(
        monkeypatch, measured("a", promise=("a is not kept", "")), measured("b", promise=("", "too many qubits"))
    )
    assert found == [("b", UNVERIFIED, "too many qubits"), ("a", REFUTED, "a is not kept")]


@pytest.mark.parametrize("code", ["BP101", "BP103"])
def test_silence_about_an_unknown_algebra_is_no_proof(code):
    """Two parameters on many qubits each: the algebra is large or not, and the rule says that it cannot tell."""
    after = read(ring_with_a_chord())
    change = Change("tie", "tie")
    brief = Measured(change, BEFORE, AFTER._replace(dimension=None), Ask(after, brief=True))
    verdict = verify._verdict(brief, code, [RULES[code]])
    assert verdict == (UNVERIFIED, "the dimension of its algebra is not known")
    free = Measured(change, BEFORE, AFTER, Ask(read(hardware_efficient(8, 1, "Z0", rotations=("ry",)))))
    assert verify._verdict(free, code, [RULES[code]]) == (VERIFIED, "")


def test_the_order(monkeypatch):
    """Verified first; the signal; the least restriction; three, and then what was refuted, as a signal below the noise is."""
    weak = AFTER._replace(gradient=1e-4, signal=5e-5, lower=4e-5, upper=6e-5)
    dim = BEFORE._replace(gradient=3e-6, signal=1.5e-6, lower=1e-6, upper=2e-6)
    found = of(
        monkeypatch,
        measured("refuted", promise=("no", "")),
        measured("open", promise=("", "who knows")),
        measured("weak", weak._replace(dimension=99), dim),
        measured("small", AFTER._replace(dimension=10)),
        measured("large", AFTER._replace(dimension=60)),
        measured("refuted too", AFTER._replace(lower=0.0)),
    )
    assert [name for name, *_ in found] == ["large", "small", "open", "refuted", "refuted too", "weak"]


def test_changes_of_one_verdict_come_by_what_they_bring():
    """Whatever a rule tries first: the start near zero lifts the signal more, and training ends as well."""
    one = read(hardware_efficient(4, 8, "Z0 Z1 + Z1 Z2 + Z2 Z3", head="// bplint: shots = 300\n"))
    ask = Ask(one, known={"symmetry": Symmetries((), (), (ISING,))})

    def odd(case, ask, hit):
        yield Change("odd", "do nothing", without(case.circuit, []))
        yield near_zero(0.3)

    for repairs, names in [
        ((odd, symmetry_priors), ["small-angles", "z2", "odd"]),
        ((symmetry_priors, odd), ["small-angles", "z2", "odd"]),
    ]:
        by = mended_by(*repairs, code="XY001")
        signed = sign(Hit(""), code="XY001", name="", severity=by.severity, path="", case_id="")
        found = judge(one, ask, signed, [by])
        assert [j.suggestion.name for j in found] == names
        assert [j.suggestion.verdict for j in found] == [VERIFIED, VERIFIED, REFUTED]


def test_what_was_measured_before_the_budget_ran_out_counts():
    def out(case, ask, hit):
        raise BudgetError("no time")
        yield

    def narrow(case, ask, hit):
        yield near_zero(0.1)

    one = case()
    signed = sign(Hit(""), code="XY001", name="", severity=Severity.WARNING, path="", case_id="")
    found = judge(one, Ask(one), signed, [mended_by(narrow, out)])
    assert [j.suggestion.name for j in found] == ["small-angles"]
    assert judge(one, Ask(one), signed, [mended_by(out, narrow)]) == []


def test_what_stepped_down_to_a_note_has_none():
    """A guess takes an error down to a warning, which still asks for a repair; so does a note that never was more."""
    one = case(layers=8)
    ask = Ask(one, known={"symmetry": Symmetries((), (), (ISING,))})
    for severity, least in [(Severity.NOTE, Severity.NOTE)] + 2 * [(Severity.WARNING, Severity.WARNING)]:
        by = mended_by(symmetry_priors)._replace(severity=severity)
        signed = sign(Hit(""), code="XY001", name="", severity=least, path="", case_id="")
        assert judge(one, ask, signed, [by])
    by = by._replace(severity=Severity.ERROR)
    assert judge(one, ask, signed, [by])
    assert not judge(one, ask, signed._replace(severity=Severity.NOTE), [by])
    assert not judge(one, ask, signed, []), "its rule does not run"


def test_other_rules_have_none():
    one = case()
    for code in ("BP104", "BP202", "BP203", "BP902"):
        assert judge(one, Ask(one), finding(code), load().rules) == []


XXZ = " + ".join(f"X{q} X{q + 1} + Y{q} Y{q + 1} + 0.5*Z{q} Z{q + 1}" for q in range(5))


PLATEAU = hardware_efficient(6, 12, XXZ)


def suggestions(text, shots=100, **settings):
    """With so few shots that the signal is not healthy, which needs no repair."""
    (report,) = lint_text(text, Settings(shots=shots, **settings)).circuits
    return {f.code: f.suggestions for f in report.findings}


@pytest.fixture
def eager(tmp_path):
    """Configuration with which BP901 fires on any gain."""
    path = tmp_path / "bplint.toml"
    path.write_text("[rules.BP901]\ngain = 1.0\nmargin = 10000.0\n")
    return {"config": str(path)}


def test_a_finding_carries_what_repairs_it_and_bp901_does_not_repeat_it(eager):
    found = suggestions(PLATEAU, **eager)
    verdicts = {s.name: s.verdict for s in found["BP101"]}
    assert [name for name, verdict in verdicts.items() if verdict is VERIFIED] == ["u1-mixed", "z2-2-mixed", "z2-mixed"]
    assert all(verdicts[name] is REFUTED for name in ("z2", "z2-2", "u1")), "no Gaussian state has the least energy"
    for suggestion in found["BP101"]:
        before, after = suggestion.effect.reaches
        assert suggestion.effect.parameters[0] == 144
        if suggestion.verdict is VERIFIED:
            assert suggestion.effect.dla in [(4095, 2046), (4095, 919)]
            assert suggestion.edits
            assert suggestion.circuit() == apply(PLATEAU, suggestion.edits)
            assert (
                pickle.loads(pickle.dumps(suggestion)) == suggestion == plain_data.loads(plain_data.dumps(suggestion))
            )
            assert after > 0.998
        elif after is not None:
            assert after < before - 2e-3
    assert "BP901" not in found
    assert suggestions(PLATEAU, ignore=("BP1",), **eager)["BP901"] == found["BP101"]
    assert not any(suggestions(PLATEAU, suggest=False).values())


def test_what_a_comment_hides(eager):
    """Who hides BP101 has been told; a comment that hides BP901 is used, whether or not BP101 says the same."""
    hidden = "// bplint: ignore-file[BP101,BP103]\n" + PLATEAU
    found = suggestions(hidden, **eager)
    assert not {"BP101", "BP103", "BP901", "BP002"} & found.keys()
    found = suggestions("// bplint: ignore-file[BP901]\n" + PLATEAU, **eager)
    assert not {"BP901", "BP002"} & found.keys()


def test_a_source_that_cannot_be_edited_says_so():
    one = case(layers=8)
    ask = Ask(one, known={"symmetry": Symmetries((), (), (ISING,))})
    ((found,), _) = verify.suggest(one, ask, [finding()], [RULES["BP901"]])
    assert found.suggestions[0].verdict is VERIFIED
    why = "only OpenQASM is written, and circuits that are handed to bplint in Python"
    assert (found.suggestions[0].edits, found.suggestions[0].unwritten) == ((), why)
    with pytest.raises(UsageError, match=f"^{found.suggestions[0].name} cannot be written: {why}$"):
        found.suggestions[0].circuit()


def test_what_was_refuted_has_no_edits_and_one_text_is_written_once(monkeypatch):
    one = read(PLATEAU)
    calls = []
    real = editing.edits_of
    monkeypatch.setattr(editing, "edits_of", lambda *a: calls.append(a[0]) or real(*a))
    rules = [RULES[code]._replace(check=lambda case, ask: ()) for code in ("BP101", "BP301")]
    found, _ = verify.suggest(one, Ask(one), [finding("BP101"), finding("BP301")], rules, Text(PLATEAU))
    assert len(calls) == len(set(calls)) > 0
    assert all(not s.edits for f in found for s in f.suggestions if s.verdict is REFUTED)


def test_a_verified_change_promises_what_a_lint_of_it_finds():
    """Candidates are drawn from a few hundred starts, and the largest of many estimates is too large."""
    loss = " + ".join([f"Z{a} Z{b}" for a in range(5) for b in range(a)] + [f"0.8*X{q}" for q in range(5)])
    of_text = read(hardware_efficient(5, 8, loss))
    (one,) = verify.wanted(of_text, Ask(of_text), "dn")
    assert one.suggestion.verdict is VERIFIED
    changed = one.measured.change.case(of_text)
    linted = Ask(changed)(gradient)
    assert one.suggestion.effect.signal[1] == linted.signal != one.measured.after.signal
    assert linted.lower == linted.upper


def test_the_start_that_is_found_is_the_one_that_is_suggested():
    parity = "Z0 Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 Z9 Z10 Z11 Z12 Z13 Z14 Z15"
    text = f"OPENQASM 3.0;\n{INCLUDE}// bplint: observable = {parity}\ninput array[float[64], 16] t;\nqubit[16] q;\n"
    text += "".join(f"ry(t[{q}]) q[{q}];\n" for q in range(16))
    report = lint_text(text, Settings(select=("BP701",)))
    (found,) = report.findings
    suggestion = next(s for s in found.suggestions if s.name == "small-angles")
    assert suggestion.verdict is UNVERIFIED, "training it takes too long"
    assert suggestion.title == near_zero(found.hit.evidence["width"]).title

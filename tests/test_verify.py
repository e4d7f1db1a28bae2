"""Suggestions: what is verified, refuted or left open, in which order, and with which reason."""

import pytest

from bplint import verify
from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.symmetry import Prior, Symmetries
from bplint.config import Settings
from bplint.failure import PartKind
from bplint.finding import Hit, Kind, Severity, Verdict, sign
from bplint.ir.observable import parse
from bplint.plugins import load
from bplint.repair import Change, near_zero, symmetry_priors
from bplint.repair.editing import Text
from bplint.repair.measure import Measured, State, measure
from bplint.rewrite import equivariant, without
from bplint.rule import Undecided, rule
from bplint.run import lint_text
from repairs import INCLUDE, hardware_efficient, ising, read
from rewriting import X, Z, parity, total

VERIFIED, REFUTED, UNVERIFIED = Verdict.VERIFIED, Verdict.REFUTED, Verdict.UNVERIFIED
ISING = Prior("z2", "Z_2", "the parity", "", charges=(parity(4, X),), start=tuple(("h", (q,)) for q in range(4)))
UNTOLD = "is found on the changed circuit could not be told"
BEFORE = State(9, 255, gradient=0.020, signal=0.010, lower=0.009, upper=0.011)
AFTER = State(9, 28, gradient=0.60, signal=0.30, lower=0.28, upper=0.32)


RULES = {rule.code: rule for rule in load().rules}


def finding(code="BP901"):
    return sign(Hit(""), code=code, name="", severity=RULES[code].severity, path="", case_id="")


def fires(code, severity=Severity.WARNING, error=None, **declared):
    """A rule that always fires, or that cannot tell."""

    def check(case, ask):
        if error:
            raise error
        yield Hit("here")

    return rule(code, "always", severity, kind=Kind.EXACT, since="0.1", **declared)(check)


def mended_by(*repairs, code="XY001", silent=True, **declared):
    """A rule with these repairs that finds nothing on the changed circuit."""
    made = fires(code, repairs=repairs, **declared)
    return made._replace(check=lambda case, ask: ()) if silent else made


def case(n=4, layers=3, observable=None, **more):
    return read(hardware_efficient(n, layers, observable or ising(n), **more))


def judge(one, ask, signed, rules):
    judged, faults = verify.judge(one, ask, signed, rules)
    assert not faults
    return judged


def told(judged):
    return [(j.suggestion.name, j.suggestion.verdict, j.suggestion.reason) for j in judged]


def judged(one, *priors):
    """(name, verdict, reason) of what these priors come to, as repairs of BP901."""
    ask = Ask(one, known={"symmetry": Symmetries((), (), priors)} if priors else {})
    return told(judge(one, ask, finding(), [RULES["BP901"]]))


def of(monkeypatch, *measured, by=None, rules=()):
    """The same for changes measured already, of one repair, for the finding of a rule."""
    by = by or mended_by()
    known = {one.change: one for one in measured}
    monkeypatch.setattr(verify, "until_enough", lambda ask, changes: [known[change] for change in changes])
    by = by._replace(repairs=(lambda case, ask, hit: [one.change for one in measured],))
    one, signed = case(), sign(Hit(""), code=by.code, name="", severity=by.severity, path="", case_id="")
    return told(judge(one, Ask(one), signed, [by, *rules]))


def measured(name, after=AFTER, before=BEFORE, *, group="Z_2", promise=("", "")):
    from bplint.analyses.symmetry.check_prior import Promise

    prior = Prior(name, group, "the parity", "") if group else None
    return Measured(Change(name, name, prior=prior), before, after, Ask(case()), Promise(*promise) if group else None)


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


def test_what_is_promised_has_to_be_kept(monkeypatch):
    found = of(
        monkeypatch, measured("a", promise=("a is not kept", "")), measured("b", promise=("", "too many qubits"))
    )
    assert found == [("b", UNVERIFIED, "too many qubits"), ("a", REFUTED, "a is not kept")]


@pytest.mark.parametrize("code", ["BP101", "BP103"])
def test_silence_about_an_unknown_algebra_is_no_proof(code):
    """Eight parameters on eight qubits each: the algebra is large or not, and the rule says that it cannot tell."""
    text = hardware_efficient(8, 4, "Z0")
    for k in range(64):
        text = text.replace(f"(t[{k}])", f"(t[{k // 8}])")
    after = read(text)
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
    one = case(layers=8)
    ask = Ask(one, known={"symmetry": Symmetries((), (), (ISING,))})

    def odd(case, ask, hit):
        yield Change("odd", "do nothing", without(case.circuit, []))
        yield near_zero(0.1)

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


# Adversaries


def test_a_sector_without_the_optimum_is_refuted():
    one = case(observable="Z0 + Z1 + Z2 + Z3 + 0.3*X0 X1 + 0.3*Y0 Y1")
    empty = Prior("u1", "U(1)", "the number", "0 of 4 qubits set", charges=(total(4, Z),))
    filled = empty._replace(start=tuple(("x", (q,)) for q in range(4)), sector="4 of 4 qubits set")
    ((_, verdict, reason),) = judged(one, empty)
    assert verdict is REFUTED
    assert reason.startswith("the sector holds no minimum of the loss")
    ((_, verdict, reason),) = judged(one, filled)
    assert "sector" not in reason, "it holds the optimum; that nothing moves there is another matter"


def test_a_start_between_sectors_is_refuted():
    start = (("h", (0,)),)
    ((_, verdict, reason),) = judged(case(), Prior("u1", "U(1)", "the number", "", charges=(total(4, Z),), start=start))
    assert verdict is REFUTED
    assert "start" in reason


def test_doctored_rewrites_fail(monkeypatch):
    """One that keeps a generator it had to drop; one that changes the weights of the loss."""
    one = case(layers=8)
    honest = equivariant(one.circuit, ISING, one.context.observable)
    touched = min(honest.changes)
    changes = {k: v for k, v in honest.changes.items() if k != touched}
    other = parse(ising(4, field=0.9), 4)
    for change, word in [
        (Change("z2", "", honest._replace(changes=changes), ISING), "does not keep the parity"),
        (Change("z2", "", honest, ISING, observable=other), "the loss is another"),
        (Change("z2", "", None, ISING, observable=other), "the loss is another"),
    ]:
        ((_, verdict, reason),) = of(monkeypatch, measure(one, Ask(one), change))
        assert verdict is REFUTED
        assert word in reason


def test_nothing_left_to_train_is_not_verified(monkeypatch):
    one = case(n=2)
    trained = [k for k, name in enumerate(one.circuit.gates.name.tolist()) if one.circuit.gates.names[name] != "cz"]
    change = Change("all", "", without(one.circuit, trained), ISING._replace(charges=(parity(2, X),), start=()))
    ((_, verdict, reason),) = of(monkeypatch, measure(one, Ask(one), change))
    assert verdict is not VERIFIED
    assert reason


def test_a_prior_that_leaves_no_signal_is_not_verified():
    """Z charges on every qubit: only RZ is left, which |0> does not see."""
    charges = tuple(((1 << 4 + q, 1.0),) for q in range(4))
    ((_, verdict, reason),) = judged(
        case(observable="Z0 Z1 + Z2 + Z3"), Prior("z2", "Z_2^4", "all bits", "", charges=charges)
    )
    assert verdict is not VERIFIED
    assert reason


@pytest.mark.parametrize(
    ("observable", "head"),
    [
        ("projector(0..n-1)", ""),
        ("", ""),  # assumed
        ("Z0 + Z1", "// bplint: noise = depolarizing:0.01\n"),
        ("Z0 + Z1", "// bplint: init = normal:0.1\n"),
        ("Z0 + Z1", "// bplint: data = t[[]0], t[[]3]\n"),
        ("Z0 + Z1", "// bplint: shots = 1\n"),
    ],
)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_unusual_contexts(n, observable, head):
    observable = observable if n > 1 else observable.replace(" + Z1", "")
    one = read(hardware_efficient(n, 3, observable, head=head))
    for code in ("BP901", "BP101", "BP201", "BP301", "BP103"):
        for found in judge(one, Ask(one), finding(code), load().rules):
            suggestion, change = found.suggestion, found.measured.change
            assert bool(suggestion.reason) == (suggestion.verdict is not VERIFIED)
            if found.measured.ask is None or change.rewrite is None:
                continue
            after = found.measured.changed
            data = [p.name for p in one.circuit.parameters if p.role == "data"]
            driven = after.circuit.driven([p.name in data for p in after.circuit.parameters])
            before = one.circuit.driven([p.name in data for p in one.circuit.parameters])
            assert driven.sum() == before.sum(), "data is never dropped"


def test_tied_and_shared_circuits_and_those_without_layers():
    tied = hardware_efficient(4, 3, ising(4))
    for k in range(24):
        tied = tied.replace(f"(t[{k}])", f"(t[{k // 4}])")
    bare = "".join(f"{gate};\n" for gate in ("ry(a) q[0]", "ry(a) q[1]", "cz q[0], q[1]", "ry(a) q[0]"))
    head = f"OPENQASM 3.0;\n{INCLUDE}// bplint: observable = Z0 Z1 + X0 + X1\ninput float a;\nqubit[2] q;\n"
    for text in (tied, head + bare):
        one = read(text)
        for code in ("BP901", "BP301"):
            for found in judge(one, Ask(one), finding(code), load().rules):
                assert bool(found.suggestion.reason) == (found.suggestion.verdict is not VERIFIED)


# Findings


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
    assert [name for name, verdict in verdicts.items() if verdict is VERIFIED] == ["z2-2-mixed", "z2-mixed"]
    assert all(verdicts[name] is REFUTED for name in ("z2", "z2-2", "u1")), "no Gaussian state has the least energy"
    for suggestion in found["BP101"]:
        before, after = suggestion.effect.reaches
        assert suggestion.effect.parameters[0] == 144
        if suggestion.verdict is VERIFIED:
            assert suggestion.effect.dla == (4095, 2046)
            assert suggestion.edits
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
    assert (found.suggestions[0].edits, found.suggestions[0].unwritten) == ((), "only OpenQASM is written")


def test_what_was_refuted_has_no_edits_and_one_text_is_written_once(monkeypatch):
    one = read(PLATEAU)
    calls = []
    real = verify.edits_of
    monkeypatch.setattr(verify, "edits_of", lambda *a: calls.append(a[0]) or real(*a))
    rules = [RULES[code]._replace(check=lambda case, ask: ()) for code in ("BP101", "BP301")]
    found, _ = verify.suggest(one, Ask(one), [finding("BP101"), finding("BP301")], rules, Text(PLATEAU))
    assert len(calls) == len(set(calls)) > 0
    assert all(not s.edits for f in found for s in f.suggestions if s.verdict is REFUTED)


def test_the_start_that_is_found_is_the_one_that_is_suggested():
    parity = "Z0 Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 Z9 Z10 Z11 Z12 Z13 Z14 Z15"
    text = f"OPENQASM 3.0;\n{INCLUDE}// bplint: observable = {parity}\ninput array[float[64], 16] t;\nqubit[16] q;\n"
    text += "".join(f"ry(t[{q}]) q[{q}];\n" for q in range(16))
    report = lint_text(text, Settings(select=("BP701",)))
    (found,) = report.findings
    (suggestion,) = found.suggestions
    assert (suggestion.name, suggestion.verdict) == ("small-angles", VERIFIED)
    assert suggestion.title == near_zero(found.hit.evidence["width"]).title


# Strangers


def test_a_strangers_offer_yields_to_a_finding_that_carries_its_repair():
    one = case(layers=8)

    def narrow(case, ask, hit):
        yield near_zero(0.1)

    def none(case, ask, hit):
        yield from ()

    def left(*rules, hidden=frozenset()):
        found = [sign(Hit(""), code=r.code, name="", severity=r.severity, path="", case_id="") for r in rules]
        visible = [f for f in found if f.code not in hidden]
        return [f.code for f in verify.suggest(one, Ask(one), visible, rules, hidden=hidden)[0]]

    offer = mended_by(narrow, code="XY009", offer=True)
    assert left(mended_by(narrow), offer) == ["XY001"]
    assert left(mended_by(narrow, silent=False), offer) == ["XY001", "XY009"], "it repairs nothing there"
    assert left(mended_by(none), offer) == ["XY001", "XY009"]
    assert left(mended_by(narrow), offer, hidden={"XY001"}) == [], "who hides it has been told"
    assert left(mended_by(narrow, code="XY008", offer=True), offer) == ["XY008", "XY009"]


def test_two_repairs_may_give_one_name_to_two_changes():
    text = hardware_efficient(4, 8, ising(4))
    one = read(text)

    def narrow(width):
        def repair(case, ask, hit):
            yield near_zero(width)

        return repair

    rules = [mended_by(narrow(0.1), code="XY001"), mended_by(narrow(0.2), code="XY002")]
    found = [sign(Hit(""), code=r.code, name="", severity=r.severity, path="", case_id="") for r in rules]
    said = [f.suggestions[0].edits[0].new for f in verify.suggest(one, Ask(one), found, rules, Text(text))[0]]
    assert [line.strip() for line in said] == ["// bplint: init = range:0.1", "// bplint: init = range:0.2"]


def test_a_repair_that_fails_is_named_and_leaves_the_others():
    def narrow(case, ask, hit):
        yield near_zero(0.1)

    def breaks(case, ask, hit):
        yield near_zero(0.2)
        raise ValueError("no such layer")

    def says(case, ask, hit):
        yield "use fewer layers"

    def returns(case, ask, hit):
        return None

    one = case(layers=8)
    by = mended_by(breaks, says, returns, narrow)
    signed = sign(Hit(""), code="XY001", name="", severity=by.severity, path="", case_id="")
    (found, _), faults = verify.suggest(one, Ask(one), [signed, signed], [by])
    assert [s.title for s in found.suggestions] == [near_zero(width).title for width in (0.2, 0.1)]
    assert [(f.part, f.name, f.module, f.lines[-1]) for f in faults] == [
        (PartKind.REPAIR, "XY001", __name__, "ValueError: no such layer"),
        (PartKind.REPAIR, "XY001", __name__, "want Change objects from a repair, got str"),
        (PartKind.REPAIR, "XY001", __name__, "TypeError: 'NoneType' object is not iterable"),
    ]
    report = lint_text(hardware_efficient(4, 8, ising(4)), rules=[mended_by(breaks, silent=False)])
    assert [f.code for f in report.findings] == ["XY001"]
    assert [f.title for f in report.circuits[0].failures] == ["repair of XY001 of plugin tests failed"]

"""Suggestions that must not be verified: wrong sectors, doctored rewrites, repairs of strangers."""

import pytest

from bplint import verify
from bplint.analyses.ask import Ask
from bplint.analyses.symmetry import Prior
from bplint.failure import PartKind
from bplint.finding import Hit, sign
from bplint.ir.observable import parse
from bplint.plugins import load
from bplint.repairs import Change, near_zero
from bplint.repairs.editing import Text
from bplint.repairs.measure import measure
from bplint.rewrite import equivariant, without
from bplint.run import lint_text
from judging import ISING, REFUTED, VERIFIED, case, finding, judge, judged, mended_by, of
from repair_texts import INCLUDE, hardware_efficient, ising, read
from rewriting import X, Z, parity, total


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
            assert sum(driven) == sum(before), "data is never dropped"


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


def test_a_strangers_offer_yields_to_a_finding_that_carries_its_repair():
    one = read(hardware_efficient(4, 8, "Z0 Z1 + Z1 Z2 + Z2 Z3", head="// bplint: shots = 300\n"))

    def narrow(case, ask, hit):
        yield near_zero(0.3)

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
        (PartKind.REPAIR, "XY001", mended_by.__module__, "ValueError: no such layer"),
        (PartKind.REPAIR, "XY001", mended_by.__module__, "want Change objects from a repair, got str"),
        (PartKind.REPAIR, "XY001", mended_by.__module__, "TypeError: 'NoneType' object is not iterable"),
    ]
    report = lint_text(hardware_efficient(4, 8, ising(4)), rules=[mended_by(breaks, silent=False)])
    assert [f.code for f in report.findings] == ["XY001"]
    assert [f.title for f in report.circuits[0].failures] == ["repair of XY001 of plugin judging failed"]

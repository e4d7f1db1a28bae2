"""Suggestions as they are judged: planted symmetries, made-up measurements, rules that fire as told."""

from bplint import verify
from bplint.analyses.ask import Ask
from bplint.analyses.symmetry import Prior, Symmetries
from bplint.finding import Hit, Kind, Severity, Verdict, sign
from bplint.plugins import load
from bplint.repairs import Change
from bplint.repairs.measure import Measured, State
from bplint.rule import rule
from repair_texts import hardware_efficient, ising, read
from rewriting import X, parity

VERIFIED, REFUTED, UNVERIFIED = Verdict.VERIFIED, Verdict.REFUTED, Verdict.UNVERIFIED


ISING = Prior("z2", "Z_2", "the parity", "", charges=(parity(4, X),), start=tuple(("h", (q,)) for q in range(4)))


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

"""The test kit on rules with repairs: one has to be verified, none may fail."""

import sys
from types import ModuleType

import pytest

from bplint.finding import Hit, Kind, Severity
from bplint.repairs import near_zero
from bplint.rule import Example, rule
from bplint.testing import checks
from repair_texts import hardware_efficient

CUT = "Z0 Z1 + Z1 Z2 + Z2 Z3"


def helps(case, ask, hit):
    yield near_zero(0.3)


def does_nothing(case, ask, hit):
    yield from ()


def fails(case, ask, hit):
    yield near_zero(0.3)
    raise LookupError("no layer")


@pytest.mark.parametrize(
    ("repairs", "complaint"),
    [
        ((does_nothing, helps), None),
        ((does_nothing,), "XY001: no repair is verified on a bad example"),
        ((fails, helps), "XY001: a repair fails on the bad example: it starts anywhere: LookupError: no layer"),
    ],
)
def test_a_repair_exists_only_where_an_example_proves_it(monkeypatch, repairs, complaint):
    module = ModuleType("xy001_anywhere")
    module.BAD = (Example("it starts anywhere", hardware_efficient(4, 8, CUT, head="// bplint: shots = 300\n")),)
    monkeypatch.setitem(sys.modules, module.__name__, module)

    def check(case, ask):
        if case.context.init.is_uniform:
            yield Hit("It starts anywhere.")

    check.__module__ = module.__name__
    made = rule("XY001", "anywhere", Severity.WARNING, kind=Kind.EXACT, since="1.0", repairs=repairs)(check)
    (mended,) = [check for check in checks([made]) if check.title == "XY001 is mended"]
    if complaint is None:
        mended()
        return
    with pytest.raises(AssertionError, match=complaint):
        mended()

"""BP802 beyond its examples: silences, what stays open, and the repair with its numbers."""

import pytest

from bplint.config import Settings
from bplint.finding import Verdict
from bplint.run import lint_text
from bplint_rules.bp802_narrow_bandwidth import BAD


def linted(text, **settings):
    (report,) = lint_text(text, Settings(select=("BP802",), **settings)).circuits
    return report


def generator(n, loss, more="", head=""):
    return (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: loss = {loss}\n// bplint: target = {"0" * n}\n{head}'
        f"input array[float, {2 * n}] t;\nqubit[{n}] q;\n" + "".join(f"ry(t[{q}]) q[{q}];\n" for q in range(n)) + more
    )


def test_the_wider_kernel_is_measured():
    (finding,) = linted(BAD[0].source).findings
    (wider,) = finding.suggestions
    before, after = wider.effect.signal
    assert wider.verdict is Verdict.VERIFIED
    assert before == pytest.approx(2.43e-7, rel=0.01)
    assert after == pytest.approx(6.02e-4, rel=0.01)
    assert any("loss = mmd:16" in edit.new for edit in wider.edits)


@pytest.mark.parametrize(
    "text",
    [generator(5, "mmd:0.1"), generator(64, "mmd:16"), generator(8, "mmd:1"), generator(20, "mmd:5")],
)
def test_silences(text):
    report = linted(text)
    assert report.findings == ()
    assert report.untold == ()


def test_a_bracket_around_the_noise_leaves_it_open():
    chain = "".join(f"cz q[{q}], q[{q + 1}];\n" for q in range(15))
    chain += "".join(f"ry(t[{16 + q}]) q[{q}];\n" for q in range(16))
    report = linted(generator(16, "mmd:0.4", chain), budget=3)
    assert report.findings == ()
    assert [untold.code for untold in report.untold] == ["BP802"]


def test_noise_leaves_it_open():
    report = linted(generator(20, "mmd:1", head="// bplint: noise = depolarizing:0.01\n"))
    assert [untold.code for untold in report.untold] == ["BP802"]

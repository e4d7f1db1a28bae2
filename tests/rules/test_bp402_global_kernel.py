"""BP402 beyond its examples: silences, rows, and repairs with their numbers."""

import numpy as np
import pytest

from bplint.config import Settings
from bplint.finding import Verdict
from bplint.run import lint_text
from bplint_rules.bp402_global_kernel import BAD


def linted(text, **settings):
    (report,) = lint_text(text, Settings(select=("BP402",), **settings)).circuits
    return report


def embedding(n, head, gate="ry", more=""):
    return (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: data = x*\n{head}\ninput array[float, {n}] x;\nqubit[{n}] q;\n'
        + "".join(f"{gate}(x[{q}]) q[{q}];\n" for q in range(n))
        + more
    )


def test_the_bandwidth_and_the_projected_kernel_are_measured():
    (finding,) = linted(BAD[0].source).findings
    verdicts = {s.name: s for s in finding.suggestions}
    assert {s.verdict for s in verdicts.values()} == {Verdict.VERIFIED}
    narrow, qubits = verdicts["bandwidth"], verdicts["projected"]
    before, after = narrow.effect.signal
    assert before == pytest.approx(2**-20)
    assert after * 10_000 >= 100
    assert any("data-law = range:" in edit.new for edit in narrow.edits)
    assert any("loss = kernel:projected" in edit.new for edit in qubits.edits)


def test_rows_are_scaled_in_the_circuit():
    points = np.random.default_rng(0).uniform(-3, 3, (6, 20)).round(3).tolist()
    rows = "; ".join(",".join(map(str, point)) for point in points)
    report = linted(embedding(20, f"// bplint: dataset = {rows}\n// bplint: loss = kernel"))
    (finding,) = report.findings
    assert "will be the identity" in finding.hit.message
    (narrow,) = [s for s in finding.suggestions if s.name == "bandwidth"]
    assert narrow.verdict is Verdict.VERIFIED
    assert any("* x[0]" in edit.new or "*x[0]" in edit.new for edit in narrow.edits)


@pytest.mark.parametrize(
    "text",
    [
        embedding(5, "// bplint: loss = kernel"),
        embedding(20, "// bplint: loss = linear", more="ry(0.3) q[0];\n"),
        embedding(20, "// bplint: loss = kernel:projected"),
        embedding(12, "// bplint: loss = kernel"),
    ],
)
def test_silences(text):
    assert linted(text).findings == ()


def test_single_qubits_that_look_alike():
    (finding,) = linted(embedding(8, "// bplint: loss = kernel:projected\n// bplint: data-law = range:0.001")).findings
    assert "single qubits are nearly the same" in finding.hit.message


def test_noise_leaves_it_open():
    report = linted(embedding(20, "// bplint: loss = kernel\n// bplint: noise = depolarizing:0.01"))
    assert report.findings == ()
    assert [untold.code for untold in report.untold] == ["BP402"]

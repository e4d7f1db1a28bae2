"""BP305 on products of rotations, whose largest signal for a parity of k qubits is E[sin²] E[cos²]^(k-1) = 2^-k."""

import pytest

from bplint.config import Settings
from bplint.run import lint_text

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {}\ninput array[float[64], 6] a;\nqubit[6] q;\n'
ROTATIONS = "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(6))


def product(k):
    return HEAD.format(" ".join(f"Z{i}" for i in range(k))) + ROTATIONS


def found(before, after):
    report = lint_text(after, Settings(select=("BP305",), suggest=False), before=before)
    assert not report.failures
    return report.findings


@pytest.mark.parametrize(
    ("before", "after", "fires"), [(1, 3, True), (2, 4, True), (1, 2, False), (3, 3, False), (3, 1, False)]
)
def test_more_than_half_of_the_signal_has_to_go(before, after, fires):
    hits = found(product(before), product(after))
    assert len(hits) == fires
    for finding in hits:
        numbers = [finding.hit.evidence[when]["signal"] for when in ("before", "after")]
        assert numbers == pytest.approx([2.0**-before, 2.0**-after], rel=0.1)
        assert finding.hit.proof.endswith("parameters 6 → 6")


def test_an_algebra_that_was_exponential_already_did_not_grow():
    gates = "".join(f"rz(a[{i + 18}]) q[{i}];\nry(a[{i}]) q[{i}];\n" for i in range(6))
    deep = HEAD.format("Z0").replace("6] a", "60] a") + "".join(
        gates.replace("a[", f"a[{layer} + ") + "".join(f"cz q[{i}], q[{i + 1}];\n" for i in range(5))
        for layer in (0, 6, 12)
    )
    assert found(deep, deep + "rz(a[59]) q[0];\n") == []
    (finding,) = found(product(1), deep)
    assert finding.hit.message.endswith("The loss sees an algebra of exponential type, and saw none before.")

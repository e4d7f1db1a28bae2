"""One loop over every rule: page, names, examples."""

from pathlib import Path

import pytest

from bplint.config import Settings
from bplint.explain import CATALOGUE, catalogue
from bplint.finding import Severity
from bplint.plugins import load
from bplint.run import lint_text
from bplint.testing import checks

RULES = load().rules
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("check", checks(RULES), ids=str)
def test_what_holds_for_every_rule(check):
    check()


def test_the_catalogue_is_current():
    there = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / CATALOGUE).iterdir()}
    assert there == catalogue(RULES), "run: python -m bplint.explain"


def test_a_signal_at_the_noise_is_undecided_and_says_so():
    """A deep circuit whose largest signal is about 0.0074, the noise of 135 shots, and no time to tell."""
    n, layers = 10, 30
    gates = [
        "".join(f"ry(t[{2 * (layer * n + q)}]) q[{q}]; rz(t[{2 * (layer * n + q) + 1}]) q[{q}];\n" for q in range(n))
        + "".join(f"cz q[{q}], q[{q + 1}];\n" for q in range(n - 1))
        for layer in range(layers)
    ]
    text = (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n// bplint: shots = 135\n'
        f"input array[float, {2 * n * layers}] t;\nqubit[{n}] q;\n{''.join(gates)}"
    )
    (finding,) = lint_text(text, Settings(budget=1e-9, select=("BP301",))).findings
    assert (finding.code, finding.severity) == ("BP301", Severity.NOTE)
    assert "is not settled: the largest signal is about" in finding.hit.message
    assert "the plan ended after" in finding.hit.proof


def test_the_law_and_the_noise_are_named_as_evidence():
    text = (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n// bplint: shots = 10\n'
        "// bplint: init = range:0.1\n// bplint: noise = bitflip:0.01\ninput float a;\nqubit[1] q;\nry(a) q[0];\n"
    )
    (finding,) = lint_text(text, Settings(select=("BP301",))).findings
    assert "over starts range:0.1 with noise bitflip:0.01" in finding.hit.proof


def test_noise_that_proves_nothing_and_noise_that_does():
    """Bit flips spare X, so only the measurement tells; depolarizing noise spares nothing."""
    found = {}
    for noise in ("bitflip:0.1", "depolarizing:0.1"):
        text = (
            'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n'
            f"// bplint: noise = {noise}\ninput array[float, 60] t;\nqubit[1] q;\n"
            + "".join(f"ry(t[{k}]) q[0]; rx(t[{k + 1}]) q[0];\n" for k in range(0, 60, 2))
        )
        (finding,) = lint_text(text, Settings(select=("BP601",))).findings
        found[noise] = finding.hit.evidence["proved"]
    assert found == {"bitflip:0.1": False, "depolarizing:0.1": True}

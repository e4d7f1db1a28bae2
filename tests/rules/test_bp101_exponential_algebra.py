"""BP101: how far the circuit is from the limit that it speaks of."""

import pytest

from bplint.analyses.ask import Ask
from bplint.finding import Severity
from bplint_rules.bp101_exponential_algebra import check
from cases import case
from samples import circuit


@pytest.mark.parametrize(("layers", "cone", "severity"), [(1, 1, Severity.NOTE), (3, 5, Severity.NOTE), (4, 7, None)])
def test_where_the_loss_sees_few_qubits_it_is_a_note(layers, cone, severity):
    """Z5 on a path of 12 qubits; each layer but the last takes it one neighbour further on either side."""
    n = 12
    gates = [
        gate
        for layer in range(layers)
        for gate in (
            *((name, [q], f"{name}{layer}_{q}") for name in ("rx", "ry") for q in range(n)),
            *(("rzz", [q, q + 1], f"z{layer}_{q}") for q in range(n - 1)),
        )
    ]
    k = case(circuit(n, gates), "Z5")
    (hit,) = check.check(k, Ask(k))
    assert (hit.evidence["light_cone"], hit.evidence["algebra"]) == (cone, "su(4096)")
    assert hit.severity == severity
    assert (f"sees at most {cone} of 12 qubits" in hit.message) == (severity is Severity.NOTE)

"""BP102: how far the circuit is from the limit that it speaks of."""

import pytest

from bplint.analyses.ask import Ask
from bplint.finding import Severity
from bplint_rules.bp102_large_module import check
from cases import case
from samples import circuit


@pytest.mark.parametrize(("layers", "cone", "severity"), [(1, 1, Severity.NOTE), (2, 3, Severity.NOTE), (4, 7, None)])
def test_where_the_loss_sees_few_qubits_it_is_a_note(layers, cone, severity):
    """Z0 on an Ising ring of 12 qubits; each layer but the last takes it one neighbour further on either side."""
    n = 12
    gates = [
        gate
        for layer in range(layers)
        for gate in (
            *(("rx", [q], f"x{layer}_{q}") for q in range(n)),
            *(("rzz", [q, (q + 1) % n], f"z{layer}_{q}") for q in range(n)),
        )
    ]
    k = case(circuit(n, gates), "Z0")
    (hit,) = check.check(k, Ask(k))
    assert hit.evidence["light_cone"] == cone
    assert hit.severity == severity
    assert (f"It sees at most {cone} of 12 qubits" in hit.message) == (severity is Severity.NOTE)

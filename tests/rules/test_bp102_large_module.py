"""BP102: how far the circuit is from the limit that it speaks of."""

import pytest

from ansatze import RING_WITH_A_CHORD, chord_qaoa
from bplint.analyses.ask import Ask
from bplint.finding import Severity
from bplint.rule import Undecided
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
    k = case(circuit(n, gates), "Z0", shots=10)
    (hit,) = check.check(k, Ask(k))
    assert hit.evidence["light_cone"] == cone
    assert hit.severity == severity
    assert (f"It sees at most {cone} of 12 qubits" in hit.message) == (severity is Severity.NOTE)


@pytest.mark.parametrize(("shots", "severity"), [(1_000, None), (100_000, Severity.NOTE)])
def test_where_the_signal_is_healthy_it_speaks_of_depth(shots, severity):
    """Z5 behind a ladder of CX is the parity of six qubits: 2^-6."""
    gates = [("ry", [q], f"a{q}") for q in range(6)] + [("cx", [q, q + 1]) for q in range(5)]
    k = case(circuit(6, gates), "Z5", shots=shots)
    (hit,) = check.check(k, Ask(k))
    assert hit.severity is severity
    assert ("nothing to mend at this depth" in hit.help[0]) == (severity is not None)


def test_tied_rotations_leave_it_undecided_but_minor_where_it_could_not_warn():
    seen = " + ".join(f"Z{i} Z{j}" for i, j in RING_WITH_A_CHORD)
    cases = [case(circuit(8, chord_qaoa()), o, shots=s) for o, s in ((seen, 10), (seen, 10_000_000), ("Z0", 10))]
    for k, minor in zip(cases, (False, True, True), strict=True):  # the last loss is zero for all angles
        with pytest.raises(Undecided, match="what becomes of the loss") as found:
            list(check.check(k, Ask(k)))
        assert found.value.minor is minor

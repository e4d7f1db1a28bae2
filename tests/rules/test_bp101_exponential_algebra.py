"""BP101: how far the circuit is from the limit that it speaks of."""

import pytest

from ansatze import RING_WITH_A_CHORD, chord_qaoa
from bplint.analyses import gradient
from bplint.analyses.ask import Ask
from bplint.analyses.family import AskOf, Family, Member
from bplint.finding import Severity
from bplint.ir.law import parse_init
from bplint.rule import Undecided
from bplint_rules.bp101_exponential_algebra import check
from cases import case
from samples import circuit


@pytest.mark.parametrize(("layers", "cone", "severity"), [(1, 1, Severity.NOTE), (3, 5, Severity.NOTE), (4, 7, None)])
def test_where_the_loss_sees_few_qubits_it_is_a_note(layers, cone, severity):
    """Z5 on a path of 12 qubits; each layer but the last takes it one neighbour further on either side. With ten shots no
    signal is healthy."""
    n = 12
    gates = [
        gate
        for layer in range(layers)
        for gate in (
            *((name, [q], f"{name}{layer}_{q}") for name in ("rx", "ry") for q in range(n)),
            *(("rzz", [q, q + 1], f"z{layer}_{q}") for q in range(n - 1)),
        )
    ]
    k = case(circuit(n, gates), "Z5", shots=10)
    (hit,) = check.check(k, Ask(k))
    assert (hit.evidence["light_cone"], hit.evidence["algebra"]) == (cone, "su(4096)")
    assert hit.severity == severity
    assert (f"sees at most {cone} of 12 qubits" in hit.message) == (severity is Severity.NOTE)


def hea(n, layers=4):
    """RX, RY and ZZ on a path."""
    return circuit(
        n,
        [
            gate
            for layer in range(layers)
            for gate in (
                *((name, [q], f"{name}{layer}_{q}") for name in ("rx", "ry") for q in range(n)),
                *(("rzz", [q, q + 1], f"z{layer}_{q}") for q in range(n - 1)),
            )
        ],
    )


def matchgates(n):
    gates = [("rz", [q], f"z{q}") for q in range(n)]
    return circuit(n, gates + [("rxx", [q, q + 1], f"x{q}") for q in range(n - 1)])


def apart(n):
    """Blocks of three qubits with everything in them."""
    return circuit(
        n,
        [
            gate
            for first in range(0, n, 3)
            for gate in (
                *((name, [q], f"{name}{q}") for name in ("rx", "rz") for q in range(first, first + 3)),
                *(("rzz", [q, q + 1], f"zz{q}") for q in (first, first + 1)),
            )
        ],
    )


def star(n):
    """2^(n-2) copies of so(3): an exponential dimension, and nothing that grows."""
    return circuit(n, [("rx", [0], "x"), *(("rzz", [0, q], f"z{q}") for q in range(1, n))])


def growth(make, observable, sizes, shots=10):
    members = tuple(Member(n, case(make(n), observable, shots=shots)) for n in sizes)
    return list(check.family(Family("f", members), AskOf({m.size: Ask(m.case) for m in members})))


def test_growth_of_a_family_is_proved_by_a_form():
    (hit,) = growth(hea, "Z0", (3, 4, 5, 6))
    assert hit.evidence["form"] == ["4^n - 1"]
    assert hit.evidence["log2_dimensions"] == pytest.approx([6, 8, 10, 12], abs=0.03)
    assert hit.severity is None


@pytest.mark.parametrize(
    ("make", "observable", "sizes"),
    [
        (hea, "Z0", (4, 5, 6)),
        (hea, "Z0", (2, 3, 4, 5)),
        (matchgates, "Z0", (4, 6, 8, 10, 12)),
        (apart, "Z0", (3, 6, 9, 12)),
        (star, "Z0", (3, 4, 5, 6, 7)),
        (lambda n: hea(6), "Z0", (3, 4, 5, 6)),
        (lambda n: circuit(n, [("rx", [q], "a") for q in range(n)]), "Z0", (3, 4, 5, 6)),
        (lambda n: circuit(n, [("rz", [q], f"t{q}") for q in range(n)]), "Z0", (3, 4, 5, 6)),
    ],
    ids=["too few", "too small", "free fermions", "blocks apart", "copies of so(3)", "one width", "tied", "not seen"],
)
def test_without_proof_nothing_is_said_of_the_family(make, observable, sizes):
    assert not growth(make, observable, sizes)


def test_a_shallow_family_is_a_note():
    (hit,) = growth(lambda n: hea(n, 1), "Z0", (6, 7, 8, 9))
    assert hit.severity is Severity.NOTE


@pytest.mark.parametrize(
    "fixed", [[("t", [q]) for q in range(6)], [("rx", [2], 0.4)], [("rzz", [0, 1], 0.3), ("t", [5])]]
)
def test_the_place_is_that_of_the_first_trained_rotation(fixed):
    trained = [
        g for layer in range(4) for q in range(6) for g in (("ry", [q], f"y{layer}_{q}"), ("rx", [q], f"x{layer}_{q}"))
    ]
    ladder = [("cz", [q, q + 1]) for q in range(5)]
    gates = [*fixed, *trained[:12], *ladder, *trained[12:24], *ladder, *trained[24:36], *ladder, *trained[36:]]
    k = case(circuit(6, gates), "Z0")
    (hit,) = check.check(k, Ask(k))
    assert hit.span == k.circuit.span(len(fixed))
    assert hit.span != k.circuit.span(0)


@pytest.mark.parametrize("shots", [200, 2_000, 100_000])
def test_where_the_signal_is_a_hundred_times_the_noise_it_is_a_note_about_depth(shots):
    """The largest signal of four layers on 6 qubits is about 0.1."""
    k = case(hea(6), "Z0", shots=shots)
    ask = Ask(k)
    (hit,) = check.check(k, ask)
    healthy = ask(gradient).lower * shots >= 100
    assert healthy == (shots > 200)
    assert hit.severity is (Severity.NOTE if healthy else None)
    assert ("at this depth the largest signal is still at least" in hit.message) == healthy
    assert ("nothing to mend at this depth" in hit.help[0]) == healthy
    assert ("near the identity" in hit.help[0]) != healthy


def test_a_healthy_family_is_a_note():
    assert [h.severity for h in growth(hea, "Z0", (3, 4, 5, 6), shots=100_000)] == [Severity.NOTE]


@pytest.mark.parametrize("law", ["normal:0.05", "range:0.3", "normal:2"])
def test_a_declared_start_is_not_told_to_start_near_the_identity(law):
    k = case(hea(6), "Z0", shots=10)
    k = k._replace(context=k.context._replace(init=parse_init(law)))
    (hit,) = check.check(k, Ask(k))
    assert law in hit.message
    assert "identity" not in hit.help[0]


def test_tied_rotations_leave_it_undecided_but_minor_where_it_could_not_warn():
    seen = " + ".join(f"Z{i} Z{j}" for i, j in RING_WITH_A_CHORD)
    cases = [case(circuit(8, chord_qaoa()), o, shots=s) for o, s in ((seen, 10), (seen, 10_000_000), ("Z0", 10))]
    for k, minor in zip(cases, (False, True, True), strict=True):  # the last loss is zero for all angles
        with pytest.raises(Undecided, match="the dimension of its algebra") as found:
            list(check.check(k, Ask(k)))
        assert found.value.minor is minor

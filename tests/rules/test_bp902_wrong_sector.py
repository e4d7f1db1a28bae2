"""BP902 against matrices: what is kept, what the loss sees of it, and whether an optimum is missed."""

import re
from dataclasses import replace

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.symmetry.conserved_sector import reached
from bplint.analyses.symmetry.listing import listed_prior
from bplint.analyses.symmetry.prior import Prior
from bplint.finding import Severity
from bplint.ir.pauli import x_part
from bplint_rules.bp902_wrong_sector import check
from cases import case
from models import HYDROGEN, cut, exchange, path
from samples import circuit, gate, label_matrix, pick, unitary_of


def hits(c, observable, **options):
    k = case(c, observable, **options)
    return list(check.check(k, Ask(k)))


def severity(found):
    return [hit.severity or Severity.WARNING for hit in found]


def hops(edges):
    return [g for k, (a, b) in enumerate(edges) for g in (("rxx", [a, b], f"t{k}"), ("ryy", [a, b], f"t{k}"))]


def parities(n):
    """Turns about Z and pair turns: the parity of the set qubits is kept, their number is not."""
    return [("rz", [q], f"z{q}") for q in range(n)] + [("rxx", list(edge), f"x{edge}") for edge in path(n)]


def random_circuit(rng, n):
    """Often with something that it keeps."""
    kinds = [("rxx", "rz", "rzz"), ("rx", "rzz"), ("rz", "rzz"), ("rx", "rz", "rzz")]
    rotations = kinds[rng.integers(len(kinds))]
    gates = [("h", [q]) for q in range(n)] if rng.random() < 0.3 else []
    gates += [(str(rng.choice(["x", "s", "z"])), pick(rng, n, 1)) for _ in range(rng.integers(3))]
    for k in range(rng.integers(1, 7)):
        kind = rng.random()
        if kind < 0.3:
            pair, sign = pick(rng, n, 2), float(rng.choice([1, -1]))
            gates += [("rxx", pair, f"t{k}"), ("ryy", pair, (sign, f"t{k}"))]
        elif kind < 0.95:
            name = str(rng.choice(rotations))
            gates.append((name, pick(rng, n, gate(name).n_qubits), f"t{k}"))
        else:
            name = str(rng.choice(["cz", "cx", "swap"]))
            gates.append((name, pick(rng, n, gate(name).n_qubits)))
    return circuit(n, [*gates, ("rz", [0], "t9")])


def random_observable(rng, n):
    terms = []
    for _ in range(rng.integers(1, 6)):
        weight = round(float(rng.normal()), 2) or 1.0
        if rng.random() < 0.8:
            a, b = pick(rng, n, 2)
            terms += [f"{weight}*{letters}{a} {letters}{b}" for letters in ("XY" if rng.random() < 0.7 else "Z")]
        else:
            terms.append(f"{weight}*{rng.choice(list('XYZ'))}{rng.integers(n)}")
    return " + ".join(terms).replace("+ -", "- ")


def matrix(terms, n, constant=0.0):
    return sum((c * label_matrix(s, n) for s, c in terms), constant * np.eye(2**n, dtype=complex))


def basis(sector):
    """Vectors that span the sector."""
    vectors = np.eye(2**sector.n_qubits, dtype=complex)
    for charge, value in sector.charges:
        inside = vectors.conj().T @ matrix(charge, sector.n_qubits) @ vectors
        values, turned = np.linalg.eigh(inside)
        vectors = vectors @ turned[:, np.abs(values - value) < 1e-6]
    return vectors


def words(kept, n):
    charge, value = kept
    return f"{listed_prior(Prior('', '', '', '', (charge,)), n)[0]} at {value:g}"


def ends(m):
    return np.linalg.eigvalsh(m)[[0, -1]]


def test_every_state_lies_in_the_sector_and_what_is_found_is_missed():
    counts = {"nothing": 0, "kept": 0, Severity.NOTE: 0, Severity.WARNING: 0}
    for seed in range(600):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(2, 5))
        k = case(random_circuit(rng, n), random_observable(rng, n))
        if not k.context.observable.terms:
            continue
        found, hit = Ask(k)(reached), hits(k.circuit, k.context.observable.text)
        if found is None:
            assert not hit
            counts["nothing"] += 1
            continue
        counts["kept"] += 1
        whole = matrix(k.context.observable.terms, n, k.context.observable.constant)
        seen = matrix(found.observable.terms, n, found.observable.constant)
        inside = basis(found.sector)
        losses = []
        for _ in range(4):
            state = unitary_of(k.circuit, {p.name: rng.uniform(0, 7) for p in k.circuit.parameters})[:, 0]
            assert np.linalg.norm(inside.conj().T @ state) == pytest.approx(1)
            losses.append((state.conj() @ whole @ state).real)
            assert (state.conj() @ seen @ state).real == pytest.approx(losses[-1])
        for charge, _ in found.sector.charges:
            np.testing.assert_allclose(matrix(charge, n) @ seen, seen @ matrix(charge, n), atol=1e-9)
        (low, high), (least, largest) = ends(inside.conj().T @ seen @ inside), ends(seen)
        gap = 2e-3 * sum(abs(c) for _, c in found.observable.terms)
        misses = [low - least > gap, largest - high > gap]
        constraint = found.is_prepared and not any(x_part(s, n) for s, _ in found.observable.terms)
        if np.ptp(losses) > 1e-6:
            assert bool(hit) == (misses[0] and not constraint), seed
        for h in hit:
            counts[h.severity or Severity.WARNING] += 1
            assert np.ptp(losses) > 1e-9
            assert (h.severity is None) == (all(misses) and not found.is_prepared)
            named = [kept for kept in found.sector.charges if words(kept, n) == h.evidence["kept"]]
            told = basis(found.sector._replace(charges=tuple(named or found.sector.charges)))
            lows, highs = ends(told.conj().T @ seen @ told)
            assert lows - least > gap / 2
            assert largest - highs > gap / 2 or not all(misses)
            if "basis state" in h.proof:
                assert h.evidence["missed"] <= lows - least + 1e-9
            else:
                assert h.evidence["missed"] == pytest.approx(lows - least)
                assert float(h.proof.split()[2]) == pytest.approx(lows, rel=1e-5, abs=1e-8)
            assert "-0 " not in h.proof
    assert min(counts.values()) >= 3, counts


def test_one_x_gate_mends_the_parity():
    """The exchange chain on six qubits has both optima at three set qubits."""
    loss = exchange(path(6), 0.5)
    assert severity(hits(circuit(6, parities(6)), loss)) == [Severity.WARNING]
    assert not hits(circuit(6, [("x", [2]), *parities(6)]), loss)
    assert severity(hits(circuit(6, [("x", [2]), ("x", [3]), *parities(6)]), loss)) == [Severity.NOTE]


def test_ancillas_are_named_as_such_and_no_gate_on_them_is_advised():
    """A qubit that is reset is an ancilla before: where the gate has to stand is not told by the number."""
    one = case(circuit(6, parities(6)), exchange(path(6), 0.5))
    (plain,) = check.check(one, Ask(one))
    assert "X gate on qubit 0" in plain.help[0]
    one = one._replace(circuit=replace(one.circuit, ancillas=2))
    (hit,) = check.check(one, Ask(one))
    assert hit.message == plain.message.replace("Z4", "Za0").replace("Z5", "Za1") != plain.message
    assert "by an X gate on a qubit;" in hit.help[0]


def test_the_filling_of_a_chain_is_a_note():
    (hit,) = hits(circuit(4, [("x", [0]), *hops([*path(4), *path(4)])]), exchange(path(4), 0.5))
    assert hit.severity is Severity.NOTE
    assert hit.evidence["kept"] == "Z0 + Z1 + Z2 + Z3 at 2"
    assert not hits(circuit(4, [("x", [0]), ("x", [2]), *hops([*path(4), *path(4)])]), exchange(path(4), 0.5))


def test_electrons_and_constraints_are_left_alone():
    """Two electrons of hydrogen are where its least energy is; a diagonal loss behind a mixer is a constraint."""
    singles = [*hops([(0, 2), (1, 3)]), ("rzz", [0, 1], "a"), ("rxx", [0, 2], "b"), ("ryy", [0, 2], "b")]
    assert not hits(circuit(4, [("x", [0]), ("x", [1]), *singles]), HYDROGEN)
    assert not hits(circuit(4, [("x", [1]), *hops(path(4))]), cut(path(4)) + " + 2*Z0")


def test_what_never_moves_is_no_symmetry():
    """Z2 is 1 and X3 is 0 for all angles: neither is a sector, and what is left of the loss has its optimum."""
    c = circuit(4, [("ry", [0], "a"), ("rz", [2], "b")])
    assert not hits(c, "Z0 Z2 + Z2 + X3")


def test_the_other_direction_is_a_note():
    """Three spins in a field: X0 X1 X2 is 1, and the field draws to -1; the largest loss is there."""
    ring = [("rzz", [a, b], "z") for a, b in ((0, 1), (1, 2), (0, 2))] + [("rx", [q], "x") for q in range(3)]
    start = [("h", [q]) for q in range(3)]
    loss = "X0 + X1 + X2 - Z0 Z1 - Z1 Z2 - Z0 Z2"
    (hit,) = hits(circuit(3, [*start, *ring]), loss)
    assert (hit.severity, hit.evidence["maximum"]) == (Severity.NOTE, True)
    assert not hits(
        circuit(3, [*start, *ring]), loss.replace("-", "+").replace("X0 +", "-X0 -").replace("- X1 +", "- X1 -")
    )
    assert not hits(circuit(3, [("x", [q]) for q in range(3)] + start + ring), loss)


def test_sectors_as_good_as_degenerate_are_alike():
    """The two parities of an ordered chain differ by less than a thousandth of its range."""
    gates = (
        [("h", [q]) for q in range(5)] + [("rzz", list(e), "z") for e in path(5)] + [("rx", [q], "x") for q in range(5)]
    )
    loss = cut(path(5)).replace("1*", "-1*", 1).replace("+ 1*", "- 1*") + "".join(f" + 0.3*X{q}" for q in range(5))
    c = circuit(5, gates)
    k = case(c, loss)
    assert not list(check.check(k, Ask(k)))
    (hit,) = check.check(k, Ask(k), gap=0.0)
    assert 0 < hit.evidence["missed"] < 2e-3 * 5.5


def test_a_loss_that_nobody_declared_and_data_are_not_optimised():
    loss = exchange(path(6), 0.5)
    c = circuit(6, parities(6))
    assert hits(c, loss)
    assert not hits(c, loss, source="assumed")
    assert not hits(c, loss, data=["z0"])


def test_a_constant_loss_is_left_to_bp104():
    """X0 X1 + Y0 Y1 cancels between |00> and |11>, and hopping does nothing to |00>."""
    assert not hits(circuit(2, [("ry", [0], "a"), ("cx", [0, 1])]), "X0 X1 + Y0 Y1")
    assert not hits(circuit(4, hops(path(4))), exchange(path(4), 0.5))


def test_a_thousand_qubits():
    """Pairs made and unmade keep Σ (-1)^q Z_q at 0; the path is cut best where it is ±1,000."""
    n = 1000
    gates = [g for a, b in path(n) for g in (("rxx", [a, b], f"t{a}"), ("ryy", [a, b], (-1.0, f"t{a}")))]
    k = case(circuit(n, gates), cut(path(n)))
    (hit,) = check.check(k, Ask(k), gap=0.0)
    assert (hit.severity, hit.evidence["missed"], hit.evidence["maximum"]) == (Severity.NOTE, 2, True)
    assert hit.evidence["kept"].endswith("- Z999 at 0")


EXCITATION = "0.2*Z0 + 0.2*Z1 - 0.3*Z2 - 0.3*Z3 + 0.15*X0 X1 Y2 Y3 + 0.15*Y0 X1 X2 Y3"


@pytest.mark.parametrize(
    ("observable", "proof"),
    [
        (EXCITATION, "exact; minimum: -0.6 in the sector, -1 without it"),
        (EXCITATION + " + 0.6", "exact; minimum: 0 in the sector, -0.4 without it"),
        (EXCITATION + " + 1", "exact; minimum: 0.4 in the sector, 0 without it"),
        (EXCITATION.replace("0.2", "0.4"), "exact; minimum: -0.8 in the sector, -1.4 without it"),
    ],
)
def test_the_number_belongs_to_the_sector_that_is_named(observable, proof):
    """One excitation of four qubits, of X0 Y1 X2 X3's kind: the state stays in the span of 1010 and 0101."""
    into = [("h", [q]) for q in (1, 2, 3)]
    ladder = [("cx", [q, q + 1]) for q in range(3)]
    gates = [("x", [0]), ("x", [2]), ("sx", [0]), *into, *ladder, ("rz", [3], "t"), *ladder[::-1], ("sxdg", [0]), *into]
    (hit,) = hits(circuit(4, gates), observable)
    assert (hit.proof, hit.evidence["kept"]) == (proof, "Z1 Z3 at 1")


@pytest.mark.parametrize(
    ("before", "gates", "observable"),
    [
        ([], parities(6), exchange(path(6), 0.5)),
        ([("x", [1]), ("x", [4])], parities(6), exchange(path(6), 0.5)),
        (
            [("h", [q]) for q in range(3)],
            [("rzz", [0, 1], "z"), ("rzz", [1, 2], "z"), *(("rx", [q], "x") for q in range(3))],
            "X0 + X1 + X2 - Z0 Z1 - Z1 Z2 - Z0 Z2",
        ),
        (
            [("h", [0]), ("cx", [0, 1])],
            [("rzz", [0, 1], "z"), ("rxx", [0, 1], "x"), ("ry", [2], "y"), ("cz", [1, 2])],
            "X0 X1 + Z0 Z1 + 0.2*Z2 Z0",
        ),
    ],
)
def test_the_gate_that_is_advised_leads_to_the_optimum(before, gates, observable):
    n = 1 + max(q for _, qubits, *_ in gates for q in qubits)
    found = hits(circuit(n, [*before, *gates]), observable)
    for hit in found:
        qubit = int(re.search(r"an X gate on qubit (\d+) before all others", hit.help[0])[1])
        assert not hits(circuit(n, [("x", [qubit]), *before, *gates]), observable)
    assert len(found) == 1

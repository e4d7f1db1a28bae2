"""What circuits keep, by hand; the same against matrices for random circuits is in rules/test_bp902_wrong_sector."""

import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.symmetry.conserved_sector import reached
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label, to_label
from cases import case
from models import path
from samples import circuit


def asked(gates, observable, n):
    return Ask(case(circuit(n, gates), observable))(reached)


def kept(found):
    n = found.sector.n_qubits
    return [({to_label(s, n): c for s, c in charge}, value) for charge, value in found.sector.charges]


PLUS = [("h", [q]) for q in range(3)]
ALTERNATING = [("rzz", list(e), f"z{e}") for e in path(3)] + [("rx", [q], f"x{q}") for q in range(3)]
HOPS = [g for a, b in path(3) for g in (("rxx", [a, b], f"t{a}"), ("ryy", [a, b], f"t{a}"))]
CUT = "Z0 Z1 + Z1 Z2"


@pytest.mark.parametrize(
    ("start", "value"), [([], 1.0), ([("x", [0])], -1.0), ([("z", [0])], 1.0), ([("x", [0]), ("x", [2])], 1.0)]
)
def test_the_start_fixes_the_value(start, value):
    found = asked(start + PLUS + ALTERNATING, CUT, 3)
    assert kept(found) == [({"XXX": 1.0}, value)]
    assert found.is_prepared == any(name == "x" for name, _ in start)


def test_a_charge_and_its_parity():
    found = asked([("x", [1]), *HOPS], CUT, 3)
    assert kept(found) == [({"ZII": 1.0, "IZI": 1.0, "IIZ": 1.0}, 1.0), ({"ZZZ": 1.0}, -1.0)]
    assert found.is_prepared


def test_what_the_observable_lacks_is_left_out():
    assert asked(PLUS + ALTERNATING, "Z0", 3) is None
    assert asked(ALTERNATING, CUT, 3) is None, "|000> has no parity of X"


def test_letters_of_qubits_that_never_move_become_numbers():
    """Qubit 2 is |1>, so Z2 is -1 and X2 is 0; the pair keeps Z0 Z1."""
    gates = [("x", [2]), ("ry", [0], "a"), ("cx", [0, 1]), ("rz", [2], "b")]
    found = asked(gates, "X0 X1 + Z0 Z2 + 3*X2 + 2*Z2 + 5", 3)
    assert kept(found) == [({"ZZI": 1.0}, 1.0)]
    expected = parse("X0 X1 - Z0 + 3", 3)
    assert (found.observable.terms, found.observable.constant) == (expected.terms, expected.constant)
    assert asked(gates, "X2 + 2*Z2", 3) is None


def test_cliffords_carry_the_charge_along():
    """Hopping, then CX on (0, 1): Z1 has become Z0 Z1."""
    found = asked([*HOPS, ("cx", [0, 1])], "Z0 Z1 + Z2", 3)
    assert kept(found)[0] == ({"ZII": 1.0, "ZZI": 1.0, "IIZ": 1.0}, 3.0)
    assert from_label("IZZ") in [charge[0][0] for charge, _ in found.sector.charges if len(charge) == 1]

"""Sentences: every analysis has one, and says how well it is known."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.dla import dla
from bplint.analyses.dla.structure import structure
from bplint.analyses.entanglement import entanglement
from cases import case
from samples import circuit


def said(c, observable):
    return dict(Ask(case(c, observable))(entanglement).sentences())


def test_entanglement_is_two_lines():
    c = circuit(4, [("ry", [q], f"a{q}") for q in range(4)] + [("cx", [q, q + 1]) for q in range(3)])
    found = said(c, "Z1 Z2")
    assert found["cuts"] == (
        "at most 1 ebit between the first k qubits and the rest, whatever the angles (bounded: minimum cuts)"
    )
    assert found["purity"].startswith("on average a qubit 0.")
    assert "(mixed 0.5, random state 0.588)" in found["purity"]
    assert found["purity"].endswith("with certainty 1 - 1e-6")


def test_a_product_is_pure_exactly():
    found = said(circuit(2, [("ry", [0], "a")]), "Z0")
    assert found == {
        "cuts": "0 ebits: no gate entangles one qubit with another",
        "purity": "1 (exact): no gate entangles what the loss sees with the rest",
    }


def test_cuts_are_known_where_purities_are_not():
    layer = [*(("ry", [q], "a") for q in range(40)), *(("rzz", [q, q + 1], "t") for q in range(39))]
    assert list(said(circuit(40, 4 * layer), "X0")) == ["cuts"]


def qaoa(n):
    """On a ring, from |0…0⟩."""
    return circuit(n, [("rzz", [q, (q + 1) % n], "g") for q in range(n)] + [("rx", [q], "b") for q in range(n)])


def algebra(c):
    return dict(Ask(case(c, "Z0"))(dla).sentences())["dla"]


@pytest.mark.parametrize(
    ("c", "words"),
    [
        (qaoa(6), "5 su(2) + 2 u(1), dim 17, exact"),
        (circuit(3, [("rx", [q], f"x{q}") for q in range(3)] + [("rz", [0], "z")]), "su(2) + 2 u(1), dim 5, exact"),
        (circuit(4, [(g, [q], f"{g}{q}") for g in ("rx", "rz") for q in range(4)]), "4 su(2), dim 12, exact"),
        (circuit(2, [("h", [0])]), "nothing, dim 0, exact"),
    ],
    ids=["tied", "strings", "copies", "none"],
)
def test_the_algebra_reads_as_a_person_would_write_it(c, words):
    assert algebra(c) == words


def test_what_else_is_known_of_an_exact_algebra_comes_after_its_name():
    # Strings of the ring apart make so(2n), n = 6, once for each parity of its fermions.
    tied, strings = (dict(Ask(case(c, "Z0"))(dla).sentences()) for c in (qaoa(6), circuit(1, [("rx", [0], "a")])))
    assert tied["closure"] == "linear, symmetric under D_6; its strings apart have dimension 132"
    assert strings["class"] == "abelian; dimension 1 when repeated for ever"


def test_a_bounded_algebra_has_the_reason():
    c = circuit(1, [("rx", [0], "a"), ("rz", [0], "x"), ("rx", [0], "b")])
    found = Ask(case(c, "Z0", data=("x",)))(dla)
    assert dict(found.sentences()) == {"dla": f"at most su(2), dim 1 … 3, bounded: {found.reason}"}


def test_an_estimated_algebra_says_so():
    c = circuit(1, [("rx", [0], "a"), ("rz", [0], 0.7), ("rx", [0], "b")])
    assert algebra(c).startswith("dim 3, estimated in floating point (surely 1 … 3): ")


def structured(c, observable):
    return dict(Ask(case(c, observable), thorough=True)(structure).sentences())["structure"]


def test_the_structure_says_where_loss_and_start_lie():
    assert structured(qaoa(4), "Z0 Z1") == "3 su(2) + 2 u(1) (exact), neither loss nor start in it"
    assert structured(qaoa(4), "Z0 Z1 + Z1 Z2 + Z2 Z3 + Z3 Z0").startswith(
        "3 su(2) + 2 u(1) (exact), loss in it: ever more layers of its generators bring the variance of the loss to "
    )
    fixed = circuit(1, [("rx", [0], np.pi / 4), ("rx", [0], "a"), ("rz", [0], "b")])
    assert structured(fixed, "Z0") == "su(2) (exact), loss and start in it"
    full = circuit(
        8,
        [(g, [q], f"{g}{q}") for g in ("rx", "rz") for q in range(8)]
        + [("cz", [q, q + 1]) for q in range(7)]
        + [("ry", [q], f"y{q}") for q in range(8)],
    )
    assert structured(full, "Z0").endswith("(exact)")

"""Sentences: every analysis has one, and says how well it is known."""

from bplint.analyses.ask import Ask
from bplint.analyses.entanglement import entanglement
from bplint.report.numbers import sentences
from cases import case
from samples import circuit


def said(c, observable):
    return dict(sentences("entanglement", Ask(case(c, observable))(entanglement)))


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
    tied = circuit(12, [("h", [q]) for q in range(12)] + [("rzz", [q, q + 1], "t") for q in range(11)])
    assert list(said(tied, "X0")) == ["cuts"]

"""The report of symmetries."""

import json

from bplint.analyses.ask import Ask
from bplint.analyses.symmetry import listing, symmetry
from bplint.bounds import Status
from cases import case
from models import asked, exchange, hardware_efficient, ising, path, ring
from samples import circuit


def test_observable_and_ansatz_in_words():
    n = 4
    c = circuit(n, [("rx", [q], "a") for q in range(n)] + [("rzz", list(edge), "b") for edge in ring(n)])
    found = Ask(case(c, "Z0 Z1 + Z1 Z2 + Z2 Z3 + Z3 Z0"))(symmetry)
    assert found.status is Status.EXACT
    assert [(s.group, s.generators) for s in found.ansatz] == [
        ("Z_2", ("X0 X1 X2 X3",)),
        ("D_4", ("(0 1 2 3)", "(0 3)(1 2)")),
        ("S_2 × S_2", ("(0 2)", "(1 3)")),
    ]
    assert ("Z_2^5", ("Z0", "Z1", "Z2", "Z3", "X0 X1 X2 X3")) in [(s.group, s.generators) for s in found.observable]
    assert json.loads(json.dumps(found.as_json()))["ansatz"][0] == {"group": "Z_2", "generators": ["X0 X1 X2 X3"]}


def test_total_spin_and_charges():
    found = Ask(asked(exchange(path(4), 1), 4))(symmetry)
    assert ("SU(2)", ("X0 + X1 + X2 + X3", "Y0 + Y1 + Y2 + Y3", "Z0 + Z1 + Z2 + Z3")) in found.observable
    shown = found.as_json()["shared_broken"]
    assert [entry["group"] for entry in shown][:2] == ["Z_2", "Z_2"]
    assert {"name", "group", "keeps", "sector"} == set(shown[0])


def test_quadratic_forms_of_real_and_odd_circuits():
    real = circuit(
        3, [("ry", [q], f"a{q}") for q in range(3)] + [("cz", list(e)) for e in ring(3)] + [("ry", [1], "b")]
    )
    found = Ask(case(real, "Z0"))(symmetry)
    assert ("quadratic form", ("an odd number of Y in every axis",)) in found.ansatz
    found = Ask(case(hardware_efficient(4), "Z0"))(symmetry)
    assert ("quadratic form", ("an odd number of letters in every axis",)) in found.ansatz


def test_a_large_ansatz_is_not_searched_for_permutations(monkeypatch):
    monkeypatch.setattr(listing, "_WORK", 100)
    n = 8
    found = Ask(asked(ising(ring(n), n), n))(symmetry)
    assert found.status is Status.BOUNDED
    assert "permutations" in found.as_json()["reason"]
    assert [s.group for s in found.observable] == ["Z_2", f"D_{n}"]

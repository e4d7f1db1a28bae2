"""The generators to blame: leaving each out, and no other, makes free fermions of what the loss sees."""

import pytest

from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.dla import components_seen, dla
from bplint.analyses.dla.culprit import culprits, kind_of
from bplint.analyses.views import framed
from cases import case
from samples import circuit


def chain(n, layer, *more):
    """One layer of the transverse-field Ising path."""
    return (
        [("rx", [q], f"b{layer}_{q}") for q in range(n)]
        + [("rzz", [q, q + 1], f"g{layer}_{q}") for q in range(n - 1)]
        + list(more)
    )


def asked(n, gates, observable="Z0 Z1"):
    known = case(circuit(n, gates), observable)
    return known, Ask(known)


def is_free_without(known, ask, rotations):
    algebra = ask(dla, without=frozenset(rotations)).algebra
    return all(c.free_fermion for c in components_seen(known, ask, algebra))


@pytest.mark.parametrize("field", [2, 3])
def test_one_longitudinal_field_in_the_bulk_is_the_culprit(field):
    """Brute force: every rotation is left out in turn; only with the field's left out are there free fermions."""
    n = 6
    known, ask = asked(n, [*chain(n, 0), ("rz", [field], "h"), *chain(n, 1)])
    count = len(ask(framed).axes)
    alone = [frozenset({i}) for i in range(count) if is_free_without(known, ask, {i})]
    assert list(culprits(known, ask)) == alone
    (only,) = alone
    assert kind_of(known, ask(framed).operations[next(iter(only))]) == ("rz", 2)


def test_all_gates_of_a_kind_are_one_candidate():
    n = 6
    fields = [("rz", [q], f"h{q}") for q in range(1, n - 1)]
    known, ask = asked(n, [*chain(n, 0), *fields, *chain(n, 1)])
    (found,) = culprits(known, ask)
    assert {kind_of(known, ask(framed).operations[i])[0] for i in found} == {"rz"}
    assert len(found) == len(fields)
    assert is_free_without(known, ask, found)
    assert not is_free_without(known, ask, set(found) - {min(found)})


@pytest.mark.parametrize(
    ("n", "gates"),
    [
        (6, chain(6, 0)),  # free already
        (5, [*chain(5, 0), ("rz", [2], "h"), *chain(5, 1)]),  # nothing is exponential at one small size
        (6, [("rx", [q], f"x{q}") for q in range(6)] + [("rz", [q], f"z{q}") for q in range(6)]),  # small blocks
    ],
)
def test_nobody_is_to_blame(n, gates):
    assert culprits(*asked(n, gates)) == ()


def test_data_is_no_culprit():
    n = 6
    known = case(circuit(n, [*chain(n, 0), ("rz", [3], "h"), *chain(n, 1)]), "Z0 Z1", data=("h",))
    assert culprits(known, Ask(known)) == ()


def test_letters_of_a_one_qubit_gate_are_kinds_of_their_own():
    known, _ = asked(1, [("u", [0], "a", "b", "c")], "Z0")
    kinds = [kind_of(known, k) for k in range(len(known.circuit)) if known.circuit.code[k] == 0]
    assert kinds == [("u", 2), ("u", 3), ("u", 2)]
    known, _ = asked(2, [("rzz", [0, 1], "a")], "Z0")
    assert kind_of(known, 0) == ("rzz", 0)


@pytest.mark.parametrize(("work", "known"), [(0, False), (20, False), (1 << 12, True)])
def test_trying_candidates_ends_where_the_work_does(work, known):
    case_, ask = asked(6, [*chain(6, 0), ("rz", [2], "h"), *chain(6, 1)])
    if known:
        assert len(culprits(case_, ask, work=work)) == 1
        return
    with pytest.raises(BudgetError, match="takes more work than is allowed"):
        culprits(case_, ask, work=work)


def test_other_algebras_are_not_kept():
    """One for each of many candidates would fill the memory."""
    _, ask = asked(6, [*chain(6, 0), ("rz", [2], "h"), *chain(6, 1)])
    assert ask(culprits)
    assert [key for key in ask._answers if key[0] is dla] == [(dla,)]

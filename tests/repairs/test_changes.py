"""Candidates: what is changed, what is said about it, and what is not offered."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import gradient
from bplint.analyses.symmetry import Prior, Symmetries, symmetry
from bplint.finding import Hit
from bplint.ir.observable import parse
from bplint.repairs import changes
from bplint.rewrite import depth, equivariant, rewritten, shallower
from repair_texts import hardware_efficient, ising, read
from rewriting import X, parity, total
from samples import label_matrix

HIT = Hit("")


def asked(case, *priors):
    """Answers about a case that takes these priors for those found."""
    return Ask(case, known={"symmetry": Symmetries((), (), priors)} if priors else {})


def test_priors_become_circuits_in_their_order():
    case = read(hardware_efficient(4, 3, ising(4)))
    found = list(changes.equivariants(case, Ask(case)))
    assert found[0].name == "z2"
    for change in found:
        mixed = change.name.endswith(changes.MIXED)
        assert change.title == f"keep {change.prior.words}{', with all kinds of entanglers' * mixed}"
        assert change.richer_than == change.prior.name * mixed
        assert change.keeps == change.prior.sector
        assert "kept" in change.loses
        after = change.case(case)
        assert after.context == case.context
        assert after.circuit.n_qubits == 4
        assert len(after.circuit.parameters) >= len(case.circuit.parameters)


def test_the_priors_of_several_findings_are_made_once(monkeypatch):
    case = read(hardware_efficient(4, 3, ising(4)))
    ask, made = Ask(case), []
    monkeypatch.setattr("bplint.rewrite.equivariant", lambda *a, **k: made.append(a[1].name) or equivariant(*a, **k))
    first, second = (list(changes.symmetry_priors(case, ask, Hit(message))) for message in ("one", "other"))
    assert first == second == list(changes.equivariants(case, Ask(case)))
    assert [hash(change) for change in first] == [hash(change) for change in second]
    assert len(made) == 2 * 2 * len(ask(symmetry).priors), (
        "plain and mixed: once for the two findings, once for the other Ask"
    )


def test_an_assumed_loss_has_no_symmetry_to_keep():
    case = read(hardware_efficient(4, 3, ising(4)))
    assumed = case._replace(context=case.context._replace(observable_source="assumed"))
    assert list(changes.equivariants(assumed, Ask(assumed)))
    assert not list(changes.symmetry_priors(assumed, Ask(assumed), HIT))


def test_two_priors_that_lead_to_one_circuit_are_one_change():
    case = read(hardware_efficient(3, 2, ising(3)))
    prior = Prior("z2", "Z_2", "the parity", "", charges=(parity(3, X),))
    found = list(changes.equivariants(case, asked(case, prior, prior._replace(name="z2-2"))))
    assert [c.name for c in found] == ["z2", "z2-mixed"]


def test_every_prior_that_is_listed_can_be_had_by_its_name():
    """Also one that leads to the circuit of another, as free fermions may to that of a parity."""
    case = read(hardware_efficient(3, 2, ising(3)))
    prior = Prior("z2", "Z_2", "the parity", "", charges=(parity(3, X),))
    listed = [prior, prior._replace(name="fermions"), prior._replace(name="z2-2")]
    for one in listed:
        (change,) = changes.equivariants(case, asked(case, *listed), one.name)
        assert (change.name, change.prior, change.rewrite is None) == (one.name, one, False)
    assert not list(changes.equivariants(case, asked(case, *listed), "u1"))


def test_a_circuit_that_cannot_be_rewritten_says_why_and_data_stays():
    text = hardware_efficient(3, 2, ising(3), head="// bplint: data = t[[]1]\n")
    case = read(text)
    found = list(changes.equivariants(case, asked(case, Prior("u1", "U(1)", "the number", "", charges=(total(3, 2),)))))
    (change,) = found
    assert change.rewrite is None
    assert "data" in change.refused


def test_large_circuits_are_not_rewritten_on_trial(monkeypatch):
    case = read(hardware_efficient(3, 4, ising(3)))
    monkeypatch.setattr(changes, "OPERATIONS", len(case.circuit) - 1)
    assert not list(changes.equivariants(case, Ask(case)))
    assert not list(changes.fewer_layers(case, Ask(case), HIT))


@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_qubits(n):
    case = read(hardware_efficient(n, 3, ising(n)))
    for change in changes.equivariants(case, Ask(case)):
        assert change.refused or change.case(case).circuit.n_qubits == n


@pytest.mark.parametrize(("projector", "near"), [("projector(0..n-1)", "mean(Z)"), ("projector(0, 2, 3)", "0.333")])
def test_a_projector_becomes_the_mean_of_its_qubits(projector, near):
    case = read(hardware_efficient(4, 1, projector))
    (change,) = changes.local_loss(case, Ask(case), HIT)
    observable = change.case(case).context.observable
    assert observable.text.startswith(near)
    assert parse(observable.text, 4)._replace(text="") == observable._replace(text="")
    # |0…0> is a largest eigenvector, and every other one has the projector's qubits in |0> too
    dense = np.diag(sum(c * label_matrix(s, 4) for s, c in observable.terms)).real
    kept = case.context.observable.projector
    best = [b for b in range(16) if not any(b >> (3 - q) & 1 for q in kept)]
    assert np.flatnonzero(np.isclose(dense, dense.max())).tolist() == best


def test_a_sum_has_no_other_loss():
    case = read(hardware_efficient(3, 1, "Z0 Z1 Z2"))
    assert not list(changes.local_loss(case, Ask(case), HIT))


def test_a_narrow_start():
    case = read(hardware_efficient(3, 1, "Z0"))
    change = changes.near_zero(0.05)
    assert change.title == "start within ±0.05"
    assert str(change.case(case).context.init) == "range:0.05"
    assert change.case(case).circuit is case.circuit


def test_the_most_layers_that_show():
    """Against all depths, one by one."""
    case = read(hardware_efficient(6, 8, "Z0", head="// bplint: shots = 6\n"))
    assert depth(case.circuit) == 8
    (change,) = changes.fewer_layers(case, Ask(case), HIT)
    threshold = 1 / 6
    shows = []
    for layers in range(1, 8):
        rewrite = shallower(case.circuit, layers)
        trial = case._replace(circuit=rewritten(case.circuit, rewrite))
        shows.append(Ask(trial)(gradient, quick=True).lower > threshold)
    most = shows.index(False) if False in shows else 7
    assert 0 < most < 7
    assert shows == [True] * most + [False] * (7 - most)
    assert change.title == f"use {most} layers instead of 8"
    assert depth(change.case(case).circuit) == most


@pytest.mark.parametrize(
    "text",
    [
        hardware_efficient(3, 1, "Z0"),
        "OPENQASM 3.0;\nqubit[2] q;\n",
        'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float a;\nqubit q;\nrx(a) q;\n',
    ],
)
def test_no_layer_to_leave_out(text):
    case = read(text)
    assert not list(changes.fewer_layers(case, Ask(case), HIT))


def test_the_culprit_is_left_out():
    case = read(hardware_efficient(8, 4, "Z0"))
    (change,) = changes.without_culprit(case, Ask(case), HIT)
    after = change.case(case).circuit
    names = {after.gates.names[k] for k in after.gates.name.tolist()}
    assert names in ({"ry", "cz"}, {"rz", "cz"})
    assert change.title == "leave out 32 gates"

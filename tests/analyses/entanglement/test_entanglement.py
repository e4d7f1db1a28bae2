"""The analysis: which regions it measures, by which method, and what it says where it cannot."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.entanglement import LEVEL, entanglement
from bplint.analyses.entanglement.purity import page_purity
from bplint.bounds import Status
from bplint.ir.law import parse_init
from bplint.ir.noise import parse_noise
from cases import case
from samples import circuit


def layers(n, depth, *, entangle=True):
    gates = []
    for layer in range(depth):
        gates += [(r, [q], f"{r}{layer}.{q}") for r in ("ry", "rz") for q in range(n)]
        gates += [("cz", [q, q + 1]) for q in range(n - 1)] if entangle else []
    return circuit(n, gates)


def ask(c, observable, **more):
    found = case(c, observable)
    return Ask(found._replace(context=found.context._replace(**more)))(entanglement)


def test_a_product_circuit_is_pure_exactly_even_with_tied_angles():
    found = ask(circuit(5, [("ry", [q], "t") for q in range(5)]), "mean(Z)")
    assert (found.status, found.method, found.samples) == (Status.EXACT, "links", 0)
    assert {r.purity for r in found.regions} == {1.0}
    assert [a.bound for a in found.averages] == [1.0, 1.0]
    assert found.cuts.bounds == (0, 0, 0, 0)


def test_regions_lie_on_the_light_cone_of_the_loss():
    found = ask(layers(9, 2), "Z4")
    assert found.cone == (3, 4, 5)
    assert [r.qubits for r in found.regions] == [(3,), (4,), (5,), (3, 4), (4, 5)]
    assert [(a.size, a.regions) for a in found.averages] == [(1, 3), (2, 2)]
    assert [(a.size, a.regions) for a in found.of_loss] == [(1, 1)]


def test_pairs_that_share_a_gate_and_terms_of_the_loss_are_regions():
    gates = [("rx", [q], f"a{q}") for q in range(6)] + [("rxx", [0, 5], "b"), ("rxx", [2, 4], "c")]
    found = ask(circuit(6, gates), "Z0 Z5 + Z1 Z4 + Z2")
    pairs = [r.qubits for r in found.regions if len(r.qubits) == 2]
    assert pairs == [(0, 1), (0, 5), (1, 2), (2, 4), (4, 5), (1, 4)]
    assert [(a.size, a.regions) for a in found.of_loss] == [(1, 1), (2, 2)]
    assert [r.purity for r in found.regions if r.qubits in ((1,), (0, 5), (2, 4))] == [1.0] * 3


def test_of_many_regions_some_are_measured(monkeypatch):
    monkeypatch.setattr(sys.modules[entanglement.__module__], "REGION_LIMIT", 4)
    found = ask(layers(10, 6), "mean(Z)")
    assert [r.qubits for r in found.regions] == [(0,), (2,), (5,), (7,), (0, 1), (2, 3), (4, 5), (6, 7)]
    assert len(found.cuts.bounds) == 9


def test_a_deep_circuit_is_as_mixed_as_a_random_state_within_its_bounds():
    found = ask(layers(6, 60), "Z2 Z3")
    for a in (*found.averages, *found.of_loss):
        assert a.value == pytest.approx(page_purity(a.size, 6), rel=0.03)
        assert page_purity(a.size, 6) < a.bound
        assert a.interval[0] < a.value < a.interval[1] < a.bound


def test_tied_angles_are_drawn_as_states_where_few_can_be_reached():
    def ring(n):
        gates = [("h", [q]) for q in range(n)]
        return circuit(
            n, gates + [("rzz", [q, (q + 1) % n], "c") for q in range(n)] + [("rx", [q], "b") for q in range(n)]
        )

    for n in (6, 11):
        found = ask(ring(n), "Z0 Z1")
        assert (found.status, found.method) == (Status.ESTIMATED, "state-vector")
        # One ZZ layer of a ring leaves (1 + cos⁴ c)/2 of one qubit, on average 11/16; RX turns it only.
        assert found.averages[0].interval[0] < 11 / 16 < found.averages[0].interval[1]
    wide = ask(ring(18), "Z0 Z1")
    assert (wide.status, wide.regions, len(wide.cuts.bounds)) == (Status.INCONCLUSIVE, (), 17)
    assert wide.reason.endswith("basis states can be reached: purities there take too long")
    assert wide.as_json()["cut_bound"] == list(wide.cuts.bounds)


def test_a_small_start_entangles_less():
    c = layers(8, 12)
    uniform, small = (ask(c, "Z4", init=parse_init(text)) for text in ("uniform", "normal:0.05"))
    assert small.status is Status.ESTIMATED
    assert small.averages[0].interval[0] > uniform.averages[0].interval[1] + 0.2


def test_too_many_operations_and_angles_without_a_law_are_inconclusive(monkeypatch):
    c = layers(4, 3)
    monkeypatch.setattr(sys.modules[entanglement.__module__], "OPERATION_LIMIT", 10)
    assert "33 operations" in ask(c, "Z1").reason
    monkeypatch.undo()
    parameters = (c.parameters[0]._replace(sources=("x", "y")), *c.parameters[1:])
    found = case(c, "Z1")
    opaque = found._replace(circuit=replace(found.circuit, parameters=parameters))
    assert "not affine" in Ask(opaque)(entanglement).reason


def test_the_bounds_of_all_averages_share_the_level():
    found = ask(layers(6, 3), "Z2 + Z3 Z4")
    again = ask(layers(6, 3), "Z2 + Z3 Z4")
    assert found == again
    assert len(found.averages) + len(found.of_loss) == 4
    assert LEVEL == 1e-6
    assert found != ask(layers(6, 3), "Z2 + Z3 Z4", seed=1)


def test_json_is_whole_and_modest():
    document = ask(layers(40, 4), "mean(Z)").as_json()
    assert len(json.dumps(document)) < 12_000
    assert document["method"] == "pauli-path"
    assert document["cut_minimal"] == 39
    assert document["page"] == {"1": pytest.approx(0.5), "2": pytest.approx(0.25)}
    assert {"qubits", "value", "interval"} == set(document["purity"][0])
    assert [(a["qubits"], a["of_loss"]) for a in document["average"]] == [(1, False), (2, False), (1, True)]
    assert np.shape(document["cut_bound"]) == (39,)


@pytest.mark.parametrize("depth", [0, 2])
def test_purities_without_the_declared_noise_say_so(depth):
    noisy, read = (
        ask(layers(4, 2, entangle=depth > 0), "Z1", noise=parse_noise(n)) for n in ("damping:0.1", "readout:0.1")
    )
    assert noisy.as_json()["without_noise"] is True
    assert "without the declared noise" in dict(noisy.sentences())["purity"]
    assert "without_noise" not in read.as_json()  # it is the loss that the readout changes, not the state

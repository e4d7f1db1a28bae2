"""Circuits that were green, absurd or a crash once (``fixtures/cases``): each gives its right value now."""

import json

import pytest

from bplint.config import Settings
from bplint.report import json as machine
from bplint.run import lint_text, profile_job, report
from bplint.sources.collect import InputSource
from paths import FIXTURES
from pauli_grid import grid_truth

CASES = FIXTURES / "cases"


def linted(name, *select, **settings):
    text = (CASES / f"{name}.qasm").read_text(encoding="utf-8")
    return lint_text(text, Settings(select=select, suggest=False, **settings), name=f"{name}.qasm")


def profiled(name):
    job, file = profile_job(Settings(isolated=True, budget=5.0)), f"{name}.qasm"
    text = (CASES / file).read_text(encoding="utf-8")
    return report(job, [job.run(InputSource("-", file), text)], [job.configurations.of(file)], 0.0)


def found(done):
    """Findings that are decided, by code."""
    assert not done.failures
    return {f.code: f for f in done.findings if not f.hit.undecided}


def document(done):
    (circuit,) = json.loads(machine.write(done, 0))["circuits"]
    return circuit


def gradient(name, *select):
    return document(linted(name, *(select or ("BP301",))))["analyses"]["gradient"]


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("one_symbol_among_numbers_n4", 9.632265e-4),  # 4 · 2.408066e-4, parameter shifts averaged over 8 points
        ("tutorial_8", 7.350124e-5),  # state vectors at 9 angles
        ("scale_dead_op", 0.125),  # that of cos² a: the dead ry(200*a) does not count
    ],
)
def test_a_signal_is_the_one_by_hand(name, signal):
    done = linted(name, "BP301")
    measured = document(done)["analyses"]["gradient"]
    assert measured["status"] == "exact"
    assert measured["signal"] == pytest.approx(signal, rel=1e-6)
    assert ("BP301" in found(done)) is (signal < 1e-4)


def test_a_product_of_overlaps_shows_within_certain_bounds():
    """Each of ten parameters has the signal (1/8)(3/8)^4: the average of a product of cos²(d/2)."""
    done = linted("swap_test_n11", "BP301")
    measured, truth = document(done)["analyses"]["gradient"], (1 / 8) * (3 / 8) ** 4
    assert 1e-4 < measured["signal_lower"] <= truth <= measured["signal_upper"] <= 1
    assert all(row["interval"][0] <= truth <= row["interval"][1] for row in measured["parameters"])
    assert "BP301" not in found(done)


def test_literals_leave_no_impossible_variance():
    measured = document(linted("fixed_literals5", "BP301", "BP104"))["analyses"]["gradient"]
    assert measured["signal_upper"] <= 1
    assert measured["signal_lower"] > 1e-4


@pytest.mark.parametrize(
    ("name", "value"),
    [("wstate7_meanz", "0.714286"), ("qaoa_z_loss_n12", "0"), ("rounding_signal_3", "0.333333")],
)
def test_a_constant_loss_is_an_error_and_no_signal(name, value):
    said = found(linted(name, "BP104", "BP301"))
    assert set(said) == {"BP104"}
    assert said["BP104"].severity.label == "error"
    assert f"⟩ is {value} for all angles" in said["BP104"].hit.message


def test_what_kills_a_rotation_is_named():
    whole = found(linted("dead_at_the_start", "BP104"))["BP104"].hit
    assert "the start is an eigenstate of every rotation" in whole.message
    one = found(linted("dead_at_the_start_203", "BP203"))["BP203"].hit
    assert one.evidence["parameters"] == ["t"]
    assert "every state that reaches its rotation is an eigenstate" in one.message


def test_the_line_that_confirms_keeps_the_tying():
    done = linted("qaoa_graph_confirm", "BP004", "BP101")
    (line,) = (text for text in found(done)["BP004"].hit.help if "trainable = " in text)
    assert line.endswith("trainable = tied-literals")
    text = (CASES / "qaoa_graph_confirm.qasm").read_text(encoding="utf-8")
    again = lint_text(
        f"{text}\n// bplint: trainable = tied-literals\n", Settings(select=("BP004", "BP101"), suggest=False)
    )
    assert document(again)["n_parameters"] == document(done)["n_parameters"] == 8
    assert "BP101" not in found(again)


@pytest.mark.parametrize("name", ["def_creg_crash", "opaque_unused", "barrier_trailing_comma"])
def test_what_others_read_is_read(name):
    assert "BP001" not in found(linted(name, "BP004", "BP104"))


def test_names_that_are_no_range_are_listed():
    hit = found(linted("bp203_range_names", "BP203"))["BP203"].hit
    assert "(w[1], w[2], w[4], w[5])" in hit.message


def test_a_sector_is_told_with_its_own_minimum():
    """-0.6 where Z1 Z3 = 1, by diagonalisation."""
    hit = found(linted("bp902_sector_value", "BP902"))["BP902"].hit
    assert "Z1 Z3 at 1" in hit.message
    assert "minimum: -0.6 in the sector" in hit.proof


def test_a_flat_start_is_not_told_to_start_near_the_identity():
    hit = found(linted("bp301_saddle_start", "BP301"))["BP301"].hit
    assert "from random angles the largest signal is above" in hit.message
    assert not any("near the identity" in text for text in hit.help)


def test_a_single_letter_is_not_told_to_be_one():
    hit = found(linted("bp201_help_single_z", "BP201"))["BP201"].hit
    assert not any("mean(Z)" in text or "one- and two-qubit terms" in text for text in hit.help)


def test_the_algebra_is_told_at_a_trained_rotation():
    assert found(linted("bp101_points_at_fixed", "BP101"))["BP101"].span.line == 9


def test_a_fault_of_the_assumed_loss_is_told_as_such():
    (circuit,) = linted("qaoa_assumed_loss", "BP104").circuits
    (hit,) = [f.hit for f in circuit.findings if f.code == "BP104"]
    assert "The assumed loss" in hit.message
    assert hit.undecided
    assert "// bplint: observable = Z" in hit.help[0]


@pytest.mark.parametrize("name", ["damping_dead_forward", "damping_dead_backward", "damping_c7"])
def test_damping_wakes_what_an_eigenstate_would_leave_dead(name):
    done = linted(name, "BP104", "BP203", "BP301")
    (entry,) = done.circuits
    context, circuit = entry.case.context, entry.case.circuit
    truth = grid_truth(circuit, context.observable, context.init, context.noise)
    rows = {row["name"]: row for row in document(done)["analyses"]["gradient"]["parameters"]}
    for parameter, (_, square) in truth.slopes.items():
        assert rows[parameter]["second_moment"] == pytest.approx(square, rel=1e-9, abs=1e-15)
        assert rows[parameter]["dead"] is (square < 1e-15)
    assert max(square for _, square in truth.slopes.values()) > 5e-4
    assert "BP104" not in found(done)
    if name == "damping_dead_forward":
        assert rows["a"]["second_moment"] == pytest.approx(4.05e-3)


def test_the_deep_limit_under_noise_is_that_with_noise():
    deep = document(profiled("noisy_deep"))["analyses"]["deep_limit"]
    assert (deep["status"], deep["mean"], deep["variance"]) == ("exact", 0.0, 0.0)


@pytest.mark.parametrize("name", ["bell", "crash_ccx_noparam", "crash_structure", "fixed_none"])
def test_nothing_to_train_is_skipped_and_said(name):
    for done in (linted(name), profiled(name)):
        assert not done.failures
        assert document(done)["analyses"]["gradient"] == {
            "status": "skipped",
            "reason": "no trainable parameter was found",
        }
        assert done.exit_code(fail_on_incomplete=True) == 4


@pytest.mark.parametrize("name", ["crash_weak_slopes", "crash_weak_slopes_2", "crash_zero_bound"])
def test_odd_programs_are_answered(name):
    for done in (linted(name), profiled(name)):
        assert not done.failures
        assert document(done)["analyses"]["gradient"]["status"] in ("exact", "estimated", "bounded")


def test_the_mean_of_nothing_is_refused():
    said = found(linted("crash_mean_of_nothing"))
    assert set(said) == {"BP001"}
    assert "want mean(X), mean(Y) or mean(Z)" in said["BP001"].hit.message


@pytest.mark.slow
def test_tied_plateaus_and_health_of_ten_and_more_qubits():
    """S = 3.2e-3 without the range of the tied generator, 2.8e-5 with it; the hardware-efficient circuit shows."""
    plateau = gradient("sk12_p12")
    assert 1e-5 < plateau["signal"] < 8e-5
    healthy = linted("tied_hea13", "BP301")
    assert "BP301" not in found(healthy)
    assert document(healthy)["analyses"]["gradient"]["signal_lower"] > 1e-4

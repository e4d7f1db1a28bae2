"""Advice is never against itself: not what is so already, not what leaves the signal below the noise, no shots where none do."""

import pytest

from bplint.config import Settings
from bplint.run import lint_text

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def program(observable, init, body, n, parameters):
    return (
        f"{HEAD}// bplint: observable = {observable}\n// bplint: init = {init}\n"
        f"input array[float[64], {parameters}] w;\nqubit[{n}] q;\n{body}\n"
    )


def ladder(n, layers, gate="ry"):
    lines = []
    for layer in range(layers):
        lines += [f"{gate}(w[{layer * n + q}]) q[{q}];" for q in range(n)]
        lines += [f"cx q[{q}], q[{q + 1}];" for q in range(n - 1)]
    return "\n".join(lines)


RING = "h q;\n" + "\n".join(f"rzz(w[0]) q[{q}], q[{(q + 1) % 6}];" for q in range(6)) + "\nrx(w[1]) q;"

FLAT_STARTS = {
    "range, QAOA of a ring": program(" + ".join(f"Z{q} Z{(q + 1) % 6}" for q in range(6)), "range:1e-6", RING, 6, 2),
    "normal, products of RY": program("Z0 Z1 Z2", "normal:1e-7", "ry(w[0]) q[0]; ry(w[1]) q[1]; ry(w[2]) q[2];", 3, 3),
    "range, a ladder": program("mean(Z)", "range:1e-6", ladder(4, 2), 4, 8),
    "a parity about its maximum": program("Z0 Z1 Z2 Z3 Z4 Z5", "normal:1e-6", ladder(6, 1, "rx"), 6, 6),
}

PLATEAUS = {
    "a projector on 14 qubits": program("projector(0..n-1)", "uniform", ladder(14, 1), 14, 14),
    "a parity of 16": program("Z" * 16, "uniform", "".join(f"ry(w[{q}]) q[{q}];\n" for q in range(16)), 16, 16),
    "a tiny term beside one that does not move": program(
        "Z0 + 1e-6*Z1", "uniform", "rz(w[0]) q[0]; ry(w[1]) q[1];", 2, 2
    ),
    "noise that hides it": program(
        "Z0", "uniform\n// bplint: noise = depolarizing:0.3", "ry(w[0]) q[0];\n" + "cx q[0], q[1];\n" * 30, 2, 1
    ),
}

DEAD = {
    "rotations that the loss does not see": program("Z0", "uniform", "rz(w[0]) q[0]; rx(w[1]) q[1];", 2, 2),
    "a start that is an eigenstate": program("Z0", "uniform", "h q; rx(w[0]) q[0]; rx(w[1]) q[1];", 2, 2),
    "a parity that is kept": program("Z0", "uniform", "h q; rzz(w[0]) q[0], q[1]; rx(w[1]) q;", 2, 2),
    "a charge that is kept": program("Z0 Z1", "uniform", "x q[0]; rxx(w[0]) q[0], q[1]; ryy(w[0]) q[0], q[1];", 2, 1),
}


def advised(text):
    """(entry, decided findings, their help) of a program."""
    (entry,) = lint_text(text, Settings(budget=5.0)).circuits
    findings = [f for f in entry.findings if not f.hit.undecided]
    words = [text for f in findings for text in f.hit.help]
    return entry, findings, words


def shown(findings):
    return [s for f in findings for s in f.suggestions if s.verdict != "refuted"]


@pytest.mark.parametrize("name", FLAT_STARTS)
def test_a_start_near_zero_is_not_told_to_start_near_zero(name):
    _, findings, words = advised(FLAT_STARTS[name])
    assert "BP301" in {f.code for f in findings}
    said = [*words, *(s.title for s in shown(findings))]
    assert not [text for text in said if "near the identity" in text or "small" in text]
    assert "small-angles" not in {s.name for s in shown(findings)}


@pytest.mark.parametrize("name", [*FLAT_STARTS, *PLATEAUS])
def test_a_repair_lifts_the_signal_above_the_noise(name):
    entry, findings, _ = advised((FLAT_STARTS | PLATEAUS)[name])
    for suggestion in shown(findings):
        before, after = suggestion.effect.signal
        if suggestion.verdict == "verified" and before < 1 / entry.case.context.shots:
            assert after > 1 / entry.case.context.shots, suggestion.title


@pytest.mark.parametrize("name", DEAD)
def test_no_number_of_shots_is_asked_for_where_none_would_do(name):
    _, findings, words = advised(DEAD[name])
    assert "BP104" in {f.code for f in findings}
    assert not {"BP301", "BP302", "BP304"} & {f.code for f in findings}
    assert not [text for text in words if "shots" in text]


@pytest.mark.parametrize("name", FLAT_STARTS)
def test_a_flat_start_asks_for_no_shots(name):
    _, findings, words = advised(FLAT_STARTS[name])
    messages = [f.hit.message for f in findings if f.code == "BP301"]
    assert not [text for text in (*messages, *words) if "You would need" in text or "--shots" in text]

"""Numbers that are declared to be one parameter make the circuit that a symbol makes."""

import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.dla import dla
from bplint.config import Settings
from bplint.repairs.read_again import is_same
from bplint.run import lint_text
from repair_texts import read

EDGES = {(0, 1): 1.0, (1, 2): 0.5, (0, 2): 2.0, (2, 3): 0.7}
LOSS = "// bplint: observable = " + " + ".join(f"{w}*Z{a} Z{b}" for (a, b), w in EDGES.items()) + "\n"
GAMMA, BETA = (0.348123, 0.911), (0.207, 1.377)


def qaoa(gamma, beta, head):
    """Two layers on a weighted graph; ``gamma`` and ``beta`` write the angles."""
    lines = [f"h q[{q}];" for q in range(4)]
    for layer in range(2):
        for (a, b), weight in EDGES.items():
            lines += [f"cx q[{a}], q[{b}];", f"rz({gamma(layer, weight)}) q[{b}];", f"cx q[{a}], q[{b}];"]
        lines += [f"rx({beta(layer)}) q[{q}];" for q in range(4)]
    return head + "\n".join(lines) + "\n"


def numbers(ties):
    head = f'OPENQASM 2.0;\ninclude "qelib1.inc";\n{LOSS}{ties}qreg q[4];\n'
    return qaoa(lambda layer, weight: f"{GAMMA[layer] * weight:.6f}", lambda layer: f"{BETA[layer]:.6f}", head)


TIES = "".join(
    [f"// bplint: tie = {', '.join(f'{g * w:.6f}' for w in EDGES.values())}\n" for g in GAMMA]
    + [f"/* bplint: tie = {b} */\n" for b in BETA]
)


def test_proportions_are_those_of_the_numbers():
    """Of numbers of six digits, which are exact where they are near a fraction of small ones."""
    head = (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n{LOSS}input array[float[64], 2] g;\ninput array[float[64], 2] b;\n'
        "qubit[4] q;\n"
    )
    symbols = read(qaoa(lambda layer, weight: f"{weight}*g[{layer}]", lambda layer: f"b[{layer}]", head))
    tied = read(numbers(TIES))
    assert is_same(tied, symbols)
    assert Ask(tied)(dla).upper == Ask(symbols)(dla).upper
    assert not is_same(read(numbers("")), symbols)
    assert tied.context.selection.grouped
    assert not tied.context.selection.tied


def test_what_is_tied_is_trained_and_the_rest_is_as_it_was():
    text = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n// bplint: observable = Z0\n{}qreg q[1];\n'
    text += "ry(pi/4) q[0];\nrx(-pi/8) q[0];\nrz(0.3) q[0];\nry(0.3) q[0];\n"
    circuit = read(text.format("// bplint: tie = 0.785398 0.392699\n")).circuit
    assert [operation.terms for operation in circuit.operations] == [
        ((0, 1.0),),
        ((0, -0.5),),
        ((1, 1.0),),
        ((2, 1.0),),
    ]
    both = "// bplint: trainable = tied-literals\n// bplint: tie = 0.785398 0.392699\n"
    assert [operation.terms[0][0] for operation in read(text.format(both)).circuit.operations] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("ties", "line", "message"),
    [
        ("// bplint: tie = 0.3, x\n", 3, "want numbers other than 0 that are tied, got x"),
        ("// bplint: tie = 0\n", 3, "want numbers other than 0 that are tied, got 0"),
        ("// bplint: tie = nan\n", 3, "want numbers other than 0 that are tied, got nan"),
        ("// bplint: tie = 0.3\n// bplint: tie = -0.3 0.4\n", 4, "-0.3 is tied already, in line 3"),
        ("// bplint: tie = 0.31\n", 3, "no angle is 0.31"),
    ],
)
def test_what_cannot_be_tied(ties, line, message):
    text = f'OPENQASM 2.0;\ninclude "qelib1.inc";\n{ties}qreg q[1];\nry(0.3) q[0];\nrx(0.4) q[0];\n'
    (report,) = lint_text(text, Settings(isolated=True)).unreadable
    assert (report.finding.span.line, report.finding.hit.message.rstrip(".")) == (line, message)

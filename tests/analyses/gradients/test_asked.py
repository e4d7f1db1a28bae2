"""What there is to measure: gradients of observables, whose angles have laws."""

import pytest

from bplint.analyses import gradient, loss
from bplint.analyses.ask import Ask
from bplint.analyses.gradients.asked import effort_of, nothing_to_measure, problem_of, unknown_law
from bplint.analyses.views import framed
from bplint.bounds import Status
from repair_texts import read

HEAD = 'OPENQASM 3.0; include "stdgates.inc";\n// bplint: data = x\n'
BODY = "input float[64] x; input float[64] w; qubit[2] q; ry(x * x) q[0]; "


@pytest.mark.parametrize("said", ["loss = kernel", "loss = kernel:projected", "loss = mmd:1", "loss = kl"])
def test_losses_of_states_and_samples_have_no_gradient_of_an_observable(said):
    case = read(HEAD + f"// bplint: {said}\n// bplint: target = 00 11\n" + BODY + "ry(w) q[0];")
    for analysis in (gradient, loss):
        found = Ask(case)(analysis)
        assert found.status is Status.SKIPPED
        assert found.reason


def test_an_expression_of_data_is_known_row_by_row_and_one_that_a_weight_bends_is_not():
    case = read(HEAD + BODY + "ry(w) q[0];")
    assert unknown_law(case, Ask(case), data=False) is None
    assert "x*x is not affine" in unknown_law(case, Ask(case)).reason
    multiple = read(HEAD + BODY + "ry(w * x) q[0];")
    assert unknown_law(multiple, Ask(multiple), data=False) is None
    bent = read(HEAD + BODY + "ry(w * w * x) q[0];")
    assert "(w*w)*x is not affine" in unknown_law(bent, Ask(bent), data=False).reason


def test_the_problem_is_that_of_the_case():
    case = read(HEAD + "// bplint: observable = 2*Z0\n// bplint: shots = 50\n" + BODY + "ry(3 * w) q[0];")
    ask = Ask(case)
    problem = problem_of(case, ask, case.context.init, case.context.noise)
    assert problem.frame is ask(framed)
    assert list(problem.units.values()) == [3.0]
    assert effort_of(case, ask).threshold == 4 / 50
    assert nothing_to_measure(case, ask) is None
    bare = read(HEAD + BODY)
    assert nothing_to_measure(bare, Ask(bare)).status is Status.SKIPPED

"""What rests on a guess."""

import pytest

from bplint.ir.loss_function import parse_loss_function
from cases import case
from samples import circuit


@pytest.mark.parametrize(("source", "assumed"), [("assumed", True), ("option", False), ("comment", False)])
def test_an_assumed_loss_is_a_guess(source, assumed):
    context = case(circuit(1, [("rx", [0], "a")]), "Z0", source=source).context
    assert not context.selection.guessed
    assert context.assumed == assumed


def test_guessed_parameters_are_a_guess_as_well():
    context = case(circuit(1, [("rx", [0], "a")]), "Z0").context
    assert context._replace(selection=context.selection._replace(guessed=True)).assumed


@pytest.mark.parametrize("loss", ["kernel", "kernel:projected", "mmd:2", "kl"])
def test_states_and_samples_are_compared_whatever_is_measured(loss):
    context = case(circuit(1, [("rx", [0], "a")]), "Z0", source="assumed").context
    assert not context._replace(loss=parse_loss_function(loss)).assumed
    assert context._replace(loss=parse_loss_function("mse")).assumed

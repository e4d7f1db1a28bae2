"""Loss functions as they are written, and what is refused."""

import pytest

from bplint.ir.loss_function import LINEAR, LossFunction, LossFunctionError, LossKind, parse_loss_function


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("linear", LINEAR),
        (" mse ", LossFunction(LossKind.MSE)),
        ("hinge", LossFunction(LossKind.HINGE)),
        ("sigmoid:5", LossFunction(LossKind.SIGMOID, 5.0)),
        ("cross-entropy : 1e-3", LossFunction(LossKind.CROSS_ENTROPY, 1e-3)),
        ("cross-entropy", LossFunction(LossKind.CROSS_ENTROPY)),
        ("kernel", LossFunction(LossKind.KERNEL)),
        ("kernel:projected", LossFunction(LossKind.PROJECTED_KERNEL)),
        ("mmd:0.5", LossFunction(LossKind.MMD, 0.5)),
        ("kl", LossFunction(LossKind.KL)),
    ],
)
def test_texts(text, function):
    assert parse_loss_function(text) == function
    assert parse_loss_function(str(function)) == function


@pytest.mark.parametrize(
    "text",
    ["", "log", "MSE", "sigmoid", "sigmoid:", "sigmoid:0", "sigmoid:-1", "sigmoid:nan", "sigmoid:inf", "mmd", "mmd:x",
     "cross-entropy:0", "cross-entropy:0.6", "kernel:fidelity", "mse:2", "linear, mse"],
)  # fmt: skip
def test_what_is_no_loss_function_is_refused_in_a_sentence(text):
    with pytest.raises(LossFunctionError, match=r"want .*, got"):
        parse_loss_function(text)


def test_a_loss_is_of_rows_of_kernels_or_of_samples():
    for kind in LossKind:
        one = LossFunction(kind)
        assert one.of_rows + one.is_kernel + one.of_samples == 1

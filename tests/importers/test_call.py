"""What a circuit that is a function is called with."""

import pytest

from bplint.importers.call import Call


def test_nothing_given_is_empty_and_patterns_of_data_are_no_argument():
    assert Call().is_empty
    assert Call(data=("x*",)).is_empty


@pytest.mark.parametrize("call", [Call((0.3,)), Call((), {"w": 0.3}), Call(argnums=0)])
def test_arguments_keywords_and_argnum_are_given(call):
    assert not call.is_empty

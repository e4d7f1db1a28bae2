"""Numbers that can be handed on and not looked at."""

import math

import numpy as np
import pytest

from bplint.importers.from_pennylane.untouched import untouched

LOOKS = {
    "sums": lambda x: x + 1,
    "products": lambda x: 2 * x,
    "signs": lambda x: -x,
    "comparisons": lambda x: x > 0,
    "equality": lambda x: x == 0.5,
    "truth": bool,
    "conversion": float,
    "functions": math.sin,
    "NumPy's functions": np.sin,
    "closeness": lambda x: np.isclose(x, 0),
    "sets": lambda x: {x},
}


@pytest.mark.parametrize("look", LOOKS)
def test_whatever_looks_at_one_fails(look):
    (number,) = untouched(np.array([0.5]))
    with pytest.raises((TypeError, AttributeError)):
        LOOKS[look](number)


def test_they_are_indexed_and_handed_on_like_numbers():
    numbers = untouched(np.arange(6.0)).reshape(2, 3)
    assert [one.value for one in numbers[1]] == [3.0, 4.0, 5.0]
    assert numbers.T[2, 0] is numbers[0, 2]

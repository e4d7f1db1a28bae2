"""The test kit of bplint, over the rules of this plugin."""

import pytest
from bplint_example import bplint_rules

from bplint.testing import checks


@pytest.mark.parametrize("check", checks(bplint_rules()), ids=str)
def test_rules(check):
    check()

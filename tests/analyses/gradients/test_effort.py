"""What an engine may spend."""

from bplint.analyses.ask import MINUTE
from bplint.analyses.gradients.effort import Effort


def test_a_share_is_less_work():
    assert Effort().work == MINUTE
    assert Effort().share(2).work == MINUTE // 4

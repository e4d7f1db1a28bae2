"""Work: seconds at one fixed rate, and the clock as the last resort."""

import time

from bplint.analyses.gradients.effort import MINUTE, Effort, operations


def test_seconds_are_work_at_a_fixed_rate():
    assert (operations(60), operations(30), operations(0)) == (MINUTE, MINUTE // 2, 0)
    assert Effort().share(2).work == MINUTE // 4


def test_only_a_deadline_that_has_passed_is_late():
    assert not Effort().late
    assert not Effort(deadline=time.monotonic() + 60).late
    assert Effort(deadline=time.monotonic() - 1).late

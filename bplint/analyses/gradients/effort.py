"""How much an engine may spend, in operations and not in seconds, so that the same input ends the same on every machine."""

from __future__ import annotations

import time
from typing import NamedTuple

MINUTE = 1 << 36
"""Operations a minute: the one rate by which seconds of budget become work.

An operation is about a nanosecond of one core of 2020, on which every engine's price was measured once. The rate is fixed
here and measured nowhere else: a faster machine ends sooner, not elsewhere.
"""

PATIENCE = 10
"""Budgets that may pass on the clock before work is cut short for that alone, the last resort."""


class Effort(NamedTuple):
    """What an engine may spend on one question, and what it need not go beyond.

    It does at most ``work`` operations and keeps at most ``limit`` strings (pairs of strings, states) at a time, if its own
    limit is not lower. Sampling ends once the largest E[(∂l)²] is surely above or below the ``threshold``, which is in these
    units: N(O) / shots; the bounds that tell fail with chance ``level`` each. Equal seeds give equal answers.
    Past the ``deadline`` (``time.monotonic``) it gives up with a reason that says so.
    """

    work: int = MINUTE
    limit: int = 1 << 62
    threshold: float = 0.0
    level: float = 1e-6
    seed: int = 0
    deadline: float | None = None

    @property
    def late(self) -> bool:
        """Whether the clock has run out."""
        return self.deadline is not None and time.monotonic() > self.deadline

    def share(self, halvings: int) -> Effort:
        """The same with so many times half the work."""
        return self._replace(work=self.work >> halvings)


def operations(seconds: float) -> int:
    """The work that a budget of so many seconds stands for."""
    return round(seconds / 60 * MINUTE)

"""How much an engine may spend, in operations and not in seconds, so that the same input ends the same on every machine."""

from __future__ import annotations

from typing import NamedTuple

from bplint.analyses.ask import MINUTE, UNHURRIED, Clock


class Effort(NamedTuple):
    """What an engine may spend on one question, and what it need not go beyond.

    It does at most ``work`` operations and keeps at most ``limit`` strings (pairs of strings, states) at a time, if its own
    limit is not lower. Sampling ends once the largest E[(∂l)²] is surely above or below the ``threshold``, which is in these
    units: N(O) / shots; the bounds that tell fail with chance ``level`` each. Equal seeds give equal answers.
    Loops that can be long ask the ``clock``, the last resort.
    """

    work: int = MINUTE
    limit: int = 1 << 62
    threshold: float = 0.0
    level: float = 1e-6
    seed: int = 0
    clock: Clock = UNHURRIED

    def share(self, halvings: int) -> Effort:
        """The same with so many times half the work."""
        return self._replace(work=self.work >> halvings)

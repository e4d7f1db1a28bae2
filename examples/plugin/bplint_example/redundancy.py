"""How many parameters are too many: an analysis, asked for as ``ask(redundancy)`` and reported under its name."""

from typing import NamedTuple

from bplint.analyses import analysis, dla, reach
from bplint.bounds import Status


class Redundancy(NamedTuple):
    """Live trainable parameters beside the dimension of the algebra, exact or an upper bound."""

    status: Status
    reason: str = ""
    parameters: int = 0
    dimension: int = 0

    @property
    def surplus(self):
        """Parameters that surely add no direction."""
        return max(self.parameters - self.dimension, 0)

    def as_json(self):
        if not self.status.told:
            return {"status": self.status, "reason": self.reason}
        return {
            "status": self.status,
            "parameters": self.parameters,
            "dimension": self.dimension,
            "surplus": self.surplus,
        }

    def sentences(self):
        if self.status.told:
            yield "redundancy", f"{self.surplus:,} of {self.parameters:,} parameters to spare ({self.status})"


@analysis("redundancy", in_profile=True)
def redundancy(case, ask):
    """Parameters beyond the dimension of the algebra (Larocca et al., arXiv:2109.11676, theorem 1)."""
    live = len(ask(reach).live)
    if not live:
        return Redundancy(Status.SKIPPED, "no trainable parameter matters to the loss")
    algebra = ask(dla)
    return Redundancy(algebra.status, algebra.reason, live, algebra.upper)

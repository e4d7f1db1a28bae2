"""The dynamical Lie algebra: how large it is, what it is made of, and which generators make it large."""

from bplint.analyses.dla.dla import components_seen, dla
from bplint.analyses.dla.result import Dla, Parts, is_exponential

__all__ = ["Dla", "Parts", "components_seen", "dla", "is_exponential"]

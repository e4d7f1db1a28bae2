"""Which figure a report gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from bplint.analyses.gradients.gradient import Gradient
from bplint.errors import UsageError
from bplint.pictures.installed import plots
from bplint.runs.entries import CircuitReport, FamilyReport

if TYPE_CHECKING:
    from bplint.pictures.plot import DrawnFigure

MOST = 12
"""Heat maps in one figure."""


def figure(circuits: Sequence[CircuitReport], families: Sequence[FamilyReport], name: str) -> DrawnFigure:
    """The circuit of this name; of a report without a name its families, or else all of its circuits.

    ``UsageError`` where there is nothing to draw, where there are too many, or where matplotlib is not installed.
    """
    drawn = [one for one in circuits if len(one.case.circuit) and name in ("", one.case.id)]
    if families and not name:
        return cast("DrawnFigure", plots().plot_families([(one.family.id, one.curves) for one in families]))
    known = ", ".join(one.case.id for one in circuits[:MOST])
    if not drawn:
        raise UsageError(
            f"no circuit with gates is called {name!r}: want one of {known}" if name else "nothing to draw"
        )
    if len(drawn) > MOST:
        raise UsageError(f"{len(drawn):,} circuits, at most {MOST} fit into a figure: name one, such as {known}")
    measured = [(one.case, one.analyses.get("gradient")) for one in drawn]
    told = [(case, answer if isinstance(answer, Gradient) else None) for case, answer in measured]
    return cast("DrawnFigure", plots().plot_circuits(told))

"""The frame and the generator groups of a case, asked for once."""

from __future__ import annotations

from bplint.analyses.ask import Ask, BudgetError
from bplint.ir.context import Case
from bplint.ir.frame import Frame, FrameTooLarge, frame
from bplint.ir.generators import Generators, generators


def framed(case: Case, ask: Ask) -> Frame:
    """All rotation axes in the frame of the start; ``BudgetError`` beyond the memory allowed."""
    try:
        return frame(case.circuit)
    except FrameTooLarge as error:
        raise BudgetError(str(error)) from error


def generator_groups(case: Case, ask: Ask) -> Generators:
    """The generator groups of the trainable parameters."""
    return generators(case.circuit, ask(framed))

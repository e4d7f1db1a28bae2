"""Asking for an analysis: computed once for each case and arguments, timed, cycles refused.

An analysis is a function ``(case, ask, **arguments) -> result`` that asks for others through ``ask``. Results are frozen
data; those that are reported have a ``status``, and a ``reason`` where they could not tell.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from bplint.bounds import Status
from bplint.errors import BplintError
from bplint.failure import Fault, Part, caught
from bplint.ir.context import Case

T = TypeVar("T")

BUDGET = 60.0
"""Seconds, where nothing else is said."""


class BudgetError(BplintError):
    """An analysis ran out of memory or time that it may use; the message says which budget and what would settle it."""


class FailedError(BudgetError):
    """An analysis that was asked failed: for whoever asks, one more answer that there is not. The fault is on record."""


class Result(Protocol):
    """An answer that is reported under the name of its analysis, see :func:`reported`."""

    @property
    def status(self) -> Status:
        """How well it is known."""

    @property
    def reason(self) -> str:
        """Why it could not tell; empty when it could."""

    def as_json(self) -> dict[str, object]:
        """The answer in the machine output's terms."""


class Unsettled(NamedTuple):
    """The answer of an analysis whose budget ran out, or which failed; ``error`` is what asking for it raises."""

    reason: str
    error: type[BudgetError] = BudgetError
    status: Status = Status.INCONCLUSIVE

    def as_json(self) -> dict[str, object]:
        return {"status": self.status, "reason": self.reason}


R = TypeVar("R", bound=Result)
_REPORTED: dict[str, Callable[..., Result]] = {}


def reported(analysis: Callable[..., R]) -> Callable[..., R]:
    """Mark an analysis whose answer stands in the report under the function's name."""
    _REPORTED[analysis.__name__] = analysis
    return analysis


class Ask:
    """Answers about one case; ``faults`` are those of analyses that failed.

    ``budget`` is in seconds, of a question that can be large, and counts as a fixed amount of work.

    ``deadline`` (``time.monotonic`` seconds) ends the work that can be cut short.

    Without ``thorough``, analyses that may take long stop early at a fixed amount of work, with ``brief`` at a fraction of
    it, as for one of several candidates. ``known`` are :meth:`results` of the same case, which are not computed again.
    """

    def __init__(
        self,
        case: Case,
        *,
        budget: float = BUDGET,
        deadline: float | None = None,
        thorough: bool = False,
        brief: bool = False,
        known: Mapping[str, Result] = MappingProxyType({}),
    ) -> None:
        self.case = case
        self.budget = budget
        self.deadline = deadline
        self.thorough = thorough
        self.brief = brief
        self.seconds: dict[str, float] = {}
        self.faults: list[Fault] = []
        self._answers: dict[tuple[object, ...], object] = {
            (analysis,): known[name] for name, analysis in _REPORTED.items() if name in known
        }
        self._open: list[str] = []

    def __call__(self, analysis: Callable[..., T], **arguments: Any) -> T:
        """The answer of an analysis; ``BudgetError`` when it ran out or failed, which is known from then on."""
        key = (analysis, *sorted(arguments.items()))
        if key in self._answers:
            answer = self._answers[key]
            if isinstance(answer, Unsettled):
                raise answer.error(answer.reason)
            return answer  # type: ignore[return-value]  # the key holds the analysis
        name = analysis.__name__
        if name in self._open:
            raise RuntimeError(f"analyses ask in a circle: {' -> '.join((*self._open, name))}")
        self._open.append(name)
        started = time.perf_counter()
        try:
            answer = self._answers[key] = analysis(self.case, self, **arguments)
            return answer
        except BudgetError as error:
            self._answers[key] = Unsettled(str(error), FailedError if isinstance(error, FailedError) else BudgetError)
            raise
        except Exception as error:
            if arguments and _cannot_be_called(analysis, error, arguments):
                raise  # the fault of whoever asks
            self.faults.append(caught(Part.ANALYSIS, name, analysis.__module__, error))
            self._answers[key] = Unsettled(f"analysis {name} failed", FailedError)
            raise FailedError(f"analysis {name} failed") from error
        finally:
            self._open.pop()
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    def results(self) -> dict[str, Result]:
        """What was asked of this case itself and is reported, by name, sorted."""
        asked = ((name, self._answers.get((analysis,))) for name, analysis in sorted(_REPORTED.items()))
        return {name: cast(Result, answer) for name, answer in asked if answer is not None}


def _cannot_be_called(analysis: Callable[..., object], error: Exception, arguments: Mapping[str, object]) -> bool:
    """Whether a call failed at once, and only because of its arguments."""
    if not isinstance(error, TypeError) or (error.__traceback__ and error.__traceback__.tb_next):
        return False
    from inspect import signature  # for those who fail

    try:
        signature(analysis).bind(None, None)
    except TypeError:
        return False
    return True

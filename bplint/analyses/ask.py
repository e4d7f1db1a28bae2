"""Asking for an analysis: computed once for each case and arguments, timed, cycles refused.

An analysis is a function ``(case, ask, **arguments) -> result`` that asks for others through ``ask``. Results are frozen
data. What is reported is an :class:`Analysis`, made by ``@analysis("name")``; its results are a :class:`Result`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from functools import update_wrapper
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar, cast

from bplint.bounds import Status
from bplint.errors import BplintError
from bplint.failure import Fault, MalformedError, PartKind, caught, not_plain
from bplint.ir.context import Case

T = TypeVar("T")

BUDGET = 60.0
"""Seconds, where nothing else is said."""

MINUTE = 1 << 36
"""Operations a minute: the one rate by which seconds of budget become work, so that equal input ends equally everywhere.

An operation is about a nanosecond of one core of 2020, on which every price was measured once. The rate is fixed here and
measured nowhere else: a faster machine ends sooner, not elsewhere.
"""

PATIENCE, AT_LEAST = 10, 30.0
"""Budgets, and seconds, that may pass on the clock before work is cut short for that alone."""

BRIEF = 4
"""Halvings of the work on one of several candidates."""


class BudgetError(BplintError):
    """An analysis ran out of memory or work that it may use; the message says which budget and what would settle it."""


class Clock:
    """The last resort where work takes far longer than it should: ends it after so many ``seconds`` on the clock.

    What it ended may end elsewhere the next time, so that it is on record in ``stopped``.
    """

    def __init__(self, seconds: float = math.inf) -> None:
        self._seconds, self._end = seconds, time.monotonic() + seconds
        self.stopped = False

    def check(self) -> None:
        """``BudgetError`` where time is up; asked for within every loop that can be long."""
        if time.monotonic() > self._end:
            self.stopped = True
            raise BudgetError(f"stopped by the clock after {self._seconds:g} s: another run may get further")


UNHURRIED = Clock()
"""It never ends."""


class FailedError(BudgetError):
    """An analysis that was asked failed: for whoever asks, one more answer that there is not. The fault is on record."""


class Result(Protocol):
    """An answer that is reported under the name of its analysis: what the result of an :class:`Analysis` must have."""

    @property
    def status(self) -> Status:
        """How well it is known."""

    @property
    def reason(self) -> str:
        """Why it could not tell; empty when it could."""

    def as_json(self) -> dict[str, object]:
        """The answer in the machine output's terms: plain data, with finite numbers."""

    def sentences(self) -> Iterable[tuple[str, str]]:
        """The answer for people, as (label, sentence), each with its certainty; nothing where it could not tell.

        The label, of at most ten characters, is the analysis's name where there is one sentence.
        """


class Unsettled(NamedTuple):
    """The answer of an analysis whose budget ran out, or which failed; ``error`` is what asking for it raises."""

    reason: str
    error: type[BudgetError] = BudgetError
    status: Status = Status.INCONCLUSIVE

    def as_json(self) -> dict[str, object]:
        return {"status": self.status, "reason": self.reason}

    def sentences(self) -> tuple[()]:
        return ()


R = TypeVar("R", bound=Result)


InProfile: TypeAlias = bool | Callable[[Case], bool]
"""Whether an analysis belongs to a profile: of each case, or of those of which this is true."""


class Analysis(Generic[R]):
    """An analysis whose answer stands in the report under its ``name``; called as the function that it is made of.

    What others must not change is asked for without arguments: only that answer is reported. With ``in_profile`` it is
    one of the numbers that ``bplint profile`` shows, or of the cases of which that is true; otherwise it is there where a rule
    asks for it.
    """

    __name__: str
    __qualname__: str

    def __init__(self, name: str, compute: Callable[..., R], in_profile: InProfile) -> None:
        update_wrapper(self, compute)
        self.name = self.__name__ = name
        self.compute = compute
        self.in_profile = in_profile

    def belongs(self, case: Case) -> bool:
        """Whether a profile of this case has it."""
        return self.in_profile(case) if callable(self.in_profile) else self.in_profile

    def __call__(self, case: Case, ask: Ask, **arguments: Any) -> R:
        """Compute it; ask for it instead, as in ``ask(dla)``, so that it is computed once."""
        return self.compute(case, ask, **arguments)

    def __reduce__(self) -> str:
        return self.__qualname__  # between processes it is known by its place, as a function is


def analysis(name: str, *, in_profile: InProfile = False) -> Callable[[Callable[..., R]], Analysis[R]]:
    """Make an :class:`Analysis` of a function ``(case, ask, **arguments) -> result``; no two have one name."""
    return lambda compute: Analysis(name, compute, in_profile)


def malformed(answer: object) -> str:
    """What is wrong with the result of an analysis; empty where nothing is."""
    status, reason = getattr(answer, "status", None), getattr(answer, "reason", None)
    if not isinstance(status, Status) or type(reason) is not str:
        return f"want a result with a Status as status and a string as reason, got {type(answer).__name__}"
    result = cast(Result, answer)
    as_json = result.as_json()
    if not isinstance(as_json, Mapping):
        return f"want a mapping from as_json(), got {type(as_json).__name__}"
    if fault := not_plain(as_json, "as_json()"):
        return fault
    for pair in result.sentences():
        if not (isinstance(pair, tuple) and len(pair) == 2 and all(type(text) is str for text in pair)):
            return f"want pairs of strings (label, sentence) from sentences(), got {pair!r}"
    return ""


class Ask:
    """Answers about one case; ``faults`` are those of analyses that failed.

    ``budget`` is in seconds, of a question that can be large, and counts as a fixed amount of ``work``. Only after many
    times as long the ``clock`` ends it, or another one that is given.

    Without ``thorough``, analyses that may take long stop early at a fixed amount of work, with ``brief`` at a fraction of
    it, as for one of several candidates. ``known`` are :meth:`results` of the same case, which are not computed again.
    ``watch`` is told which analysis begins. Only what is ``reported`` is checked to be what a report can hold.
    """

    def __init__(
        self,
        case: Case,
        *,
        budget: float = BUDGET,
        clock: Clock | None = None,
        thorough: bool = False,
        brief: bool = False,
        known: Mapping[str, Result] = MappingProxyType({}),
        watch: Callable[[str], None] = lambda analysis: None,
        reported: bool = True,
    ) -> None:
        self.case = case
        self.budget = budget
        self.clock = clock or Clock(max(PATIENCE * budget, AT_LEAST))
        self.thorough = thorough
        self.brief = brief
        self.seconds: dict[str, float] = {}
        self.faults: list[Fault] = []
        self._known = known
        self._watch = watch
        self._reported = reported
        self._named: dict[str, Analysis[Any]] = {}
        self._answers: dict[tuple[object, ...], object] = {}
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
        if isinstance(analysis, Analysis):
            self._watch(name)
        started = time.perf_counter()
        try:
            answer = self._answers[key] = self._computed(analysis, arguments)
            return answer
        except BudgetError as error:
            self._answers[key] = Unsettled(str(error), FailedError if isinstance(error, FailedError) else BudgetError)
            raise
        except Exception as error:
            if arguments and _do_not_fit(arguments, analysis):
                raise  # the fault of whoever asks
            self.faults.append(caught(PartKind.ANALYSIS, name, analysis.__module__, error))
            self._answers[key] = Unsettled(f"analysis {name} failed", FailedError)
            raise FailedError(f"analysis {name} failed") from error
        finally:
            self._open.pop()
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    @property
    def work(self) -> int:
        """Operations that a question may take."""
        return round(self.budget / 60 * MINUTE) >> (BRIEF if self.brief else 0)

    def about(self, case: Case, *, brief: bool = False) -> Ask:
        """Answers about another case, such as a candidate, with the same budget and clock."""
        return Ask(case, budget=self.budget, clock=self.clock, brief=brief, watch=self._watch, reported=False)

    def results(self) -> dict[str, Result]:
        """What was asked of this case itself and is reported, by name, sorted."""
        asked = ((name, self._answers.get((analysis,))) for name, analysis in sorted(self._named.items()))
        return {name: cast(Result, answer) for name, answer in asked if answer is not None}

    def _computed(self, analysis: Callable[..., T], arguments: Mapping[str, Any]) -> T:
        """The answer as it comes from the analysis, or from those known; checked where it is reported."""
        if not isinstance(analysis, Analysis):
            return analysis(self.case, self, **arguments)
        first = self._named.setdefault(analysis.name, analysis)
        if first is not analysis:
            homes = f"in {first.__module__} and in {analysis.__module__}"
            raise MalformedError(f"analysis {analysis.name} is provided twice, {homes}")
        if arguments:
            return cast(T, analysis.compute(self.case, self, **arguments))
        known = self._known.get(analysis.name)
        if isinstance(known, Unsettled):
            raise known.error(known.reason)
        if known is not None:
            return cast(T, known)
        answer = analysis.compute(self.case, self)
        if self._reported and (fault := malformed(answer)):
            raise MalformedError(fault)
        return cast(T, answer)


def _do_not_fit(arguments: Mapping[str, object], analysis: Callable[..., object]) -> bool:
    """Whether an analysis that failed cannot be called with these arguments, and can be without."""
    from inspect import signature  # for those who fail

    called = signature(analysis)
    try:
        called.bind(None, None)
    except TypeError:
        return False
    try:
        called.bind(None, None, **arguments)
    except TypeError:
        return True
    return False

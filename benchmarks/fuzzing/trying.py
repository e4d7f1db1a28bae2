"""One input: how it is drawn, tried and judged."""

from __future__ import annotations

import json
import random
import resource
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from bplint.errors import BplintError, SourceError
from bplint.failure import Failure
from bplint.plugins import load
from bplint.runs.run_report import Report, written

SECONDS = 5
"""Of processor time for one input; beyond it counts as a hang."""

MEMORY = 3 << 30
"""Bytes of address space; beyond them it counts as a failure."""


class Sample(NamedTuple):
    """One input as it is saved, and what tries it: ``run`` says ``read`` or ``refused``, with why."""

    text: str | bytes
    run: Callable[[], str]


class Kind(NamedTuple):
    """A kind of input. ``text`` gives the sample of a generator; ``suffix`` is that of the files in which it is saved."""

    name: str
    suffix: str
    sample: Callable[[random.Random], Sample]


class Outcome(NamedTuple):
    """What came of one input. A ``fault`` has its kind in a line and the whole story."""

    said: str
    fault: str = ""
    story: str = ""


def confined() -> None:
    """Confine this process to :data:`MEMORY`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


class Broken(Exception):
    """What no input may bring about."""


def drawn(kind: Kind, seed: int, number: int) -> Sample:
    """An input by its number."""
    return kind.sample(random.Random(f"{seed} {kind.name} {number}"))


def tried(kind: Kind, seed: int, number: int) -> Outcome:
    """Draw and try one input."""
    sample = drawn(kind, seed, number)
    try:
        with alarm(SECONDS):
            return Outcome(sample.run())
    except Exception as error:  # what the fuzzer is there to find
        where = traceback.extract_tb(error.__traceback__)[-1]
        line = f"{type(error).__name__}: {str(error)[:160]}"
        place = "" if isinstance(error, Broken) else f" [{where.filename.rpartition('bplint/')[2]}:{where.lineno}]"
        return Outcome("FAILED", line.split("\n")[0] + place, traceback.format_exc())


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """``TimeoutError`` after so much processor time."""

    def ring(signum: int, frame: object) -> None:
        raise TimeoutError(f"over {seconds:g} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def judged(report: Report, form: str, verbosity: int) -> str:
    """What a report amounts to, after it was written as JSON and in another format. ``Broken`` where a part failed."""
    if report.failures:
        raise Broken("; ".join(map(_failure, report.failures)))
    code = report.exit_code()
    checked_json(written(report, "json", code, verbosity))
    if not written(report, form, code, verbosity).endswith("\n"):
        raise Broken(f"{form} has no last newline")
    if unread := [found.hit.message for entry in report.entries for found in entry.findings if found.code == "BP001"]:
        return f"refused: {unread[0]}"
    return "read"


def checked_json(text: str) -> object:
    """The document. ``Broken`` where it is not JSON or has a number that is not finite."""

    def refuse(word: str) -> object:
        raise Broken(f"{word} in the JSON")

    return json.loads(text, parse_constant=refuse)


def refusals(run: Callable[[], str]) -> Callable[[], str]:
    """The same, where errors that bplint raises on purpose are refusals."""

    def tame() -> str:
        try:
            return run()
        except SourceError as error:
            return f"refused: {error.message}"
        except BplintError as error:
            return f"refused: {error}"

    return tame


def forms() -> list[str]:
    """Every format there is."""
    return sorted(load().reporters)


def _failure(failure: Failure) -> str:
    return f"{failure.title}: {failure.reason} [{' / '.join(line.strip() for line in failure.lines[-6:-1])}]"

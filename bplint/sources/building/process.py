"""The process that runs a Python file: started, listened to, and ended when it takes too long.

Whatever the file does there, its builders that work hand back their circuits: where one ends the process, a new process goes
on behind it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from bplint.sources.building.circuit import Begun, BuildFailed, BuildOrder, Built, Finished

_CHILD = "import sys; path = sys.path[:]; sys.path[:] = sys.argv[1:]; from bplint.sources.building.child import serve; serve(path)"


class BuildOutcome(NamedTuple):
    """What came of one builder at one size: a circuit, or how it failed, with the last that was printed.

    ``begun`` is None where the file did not come as far as a builder.
    """

    begun: Begun | None
    built: Built | None = None
    reason: str = ""
    lines: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()


class BuildOutcomes(NamedTuple):
    """Of all builders of a file; so many were left out by the keyword."""

    outcomes: tuple[BuildOutcome, ...]
    deselected: int


class Processes:
    """Those that are at work, so that somebody else can end them."""

    def __init__(self) -> None:
        self._all: set[_BuilderProcess] = set()
        self._ended = False

    @contextlib.contextmanager
    def start(self, order: BuildOrder, folder: str | None) -> Iterator[_BuilderProcess]:
        """A process for an order, until the block is left."""
        process = _BuilderProcess(order, folder)
        self._all.add(process)
        if self._ended:
            process.kill()
        try:
            yield process
        finally:
            self._all.discard(process)
            process.end()

    def end(self) -> None:
        """End them, and every one that comes."""
        self._ended = True
        for process in list(self._all):
            process.kill()

    @property
    def ended(self) -> bool:
        """Whether nothing is to go on."""
        return self._ended


def run(order: BuildOrder, processes: Processes, folder: str | None = None) -> BuildOutcomes:
    """What the builders of a file make. ``folder`` is the working folder of the process, that of this one if it is not given."""
    finished: list[BuildOutcome] = []
    while True:
        with processes.start(order, folder) as process:
            outcomes, deselected = process.outcomes()
        finished += outcomes
        failed = outcomes[-1].begun if outcomes and outcomes[-1].built is None else None
        if failed is None or processes.ended:  # all is built, or the file itself cannot be run
            return BuildOutcomes(tuple(finished), deselected)
        done = {(begun.builder, begun.size) for outcome in outcomes if (begun := outcome.begun)}
        order = order._replace(done=order.done | done)


class _BuilderProcess:
    def __init__(self, order: BuildOrder, folder: str | None) -> None:
        self._order = order
        self._late = self._garbled = False
        own = [entry for entry in sys.path if entry] + [os.getcwd()] * (sys.path[0] == "")
        environment = {"PYTHONHASHSEED": "0", **os.environ}  # the order of a set is the same in every run
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _CHILD, *own],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment,
            start_new_session=True,  # Ctrl-C is for this process, and what the other one started ends with it
        )
        self._printed = b""
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        with contextlib.suppress(OSError):
            self._stdin.write(pickle.dumps(order))
            self._stdin.close()

    def outcomes(self) -> tuple[list[BuildOutcome], int]:
        """All outcomes until the process ends; the last may be a failure."""
        finished: list[BuildOutcome] = []
        begun: Begun | None = None
        for answer in self._answers():
            if isinstance(answer, Begun):
                begun = answer
            elif isinstance(answer, Built):
                finished.append(BuildOutcome(begun, answer))
                begun = None
            elif isinstance(answer, Finished):
                return finished, answer.deselected
            else:
                reason = "cannot be linted:" if answer.refused else "raised"
                finished.append(BuildOutcome(begun, reason=reason, lines=answer.lines, printed=self._last_printed()))
                return finished, 0
        finished.append(BuildOutcome(begun, reason=self._why(), printed=self._last_printed()))
        return finished, 0

    def end(self) -> None:
        """End the process, and give back what it holds."""
        self.kill()
        self._process.wait()
        self._listener.join(1)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):
                assert stream
                stream.close()

    def _answers(self) -> Iterator[Begun | Built | BuildFailed | Finished]:
        while True:
            timer = threading.Timer(self._order.limits.seconds, self._too_late)
            timer.daemon = True
            timer.start()
            try:
                answer = _Answers(self._stdout).load()
            except (EOFError, OSError):
                return
            except (pickle.UnpicklingError, AttributeError, ImportError, IndexError, TypeError, ValueError):
                self._garbled = True
                return
            finally:
                timer.cancel()
            yield answer

    def _too_late(self) -> None:
        self._late = True
        self.kill()

    def kill(self) -> None:
        """End the process and what it started, at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _why(self) -> str:
        """How the process came to its end, in words."""
        if self._late:
            return f"took longer than {self._order.limits.seconds:g} s"
        if self._garbled:
            return "handed back something that does not pass between processes"
        code = self._process.wait()
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"ended its process by {signal.Signals(-code).name}"
        return f"ended its process with exit code {code}"

    def _listen(self) -> None:
        """Keep the end of what is printed."""
        assert self._process.stderr
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(self._process.stderr.fileno(), 65536):
                self._printed = (self._printed + chunk)[-_KEPT:]

    def _last_printed(self) -> tuple[str, ...]:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        self._listener.join(1)
        lines = self._printed.decode(errors="replace").splitlines()
        return tuple(line.rstrip()[:_LONGEST] for line in lines if line.strip())[-_LINES:]

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin
        return self._process.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout
        return self._process.stdout


class _Answers(pickle.Unpickler):
    """Circuits and what goes with them: an object of the user's would have its module run here."""

    def find_class(self, module: str, name: str) -> Any:
        if module.partition(".")[0] not in ("bplint", "array", "numpy"):
            raise pickle.UnpicklingError(f"{module}.{name} does not pass between processes")
        return super().find_class(module, name)


_KEPT = 10_000
"""Bytes of what is printed."""
_LINES = 5
_LONGEST = 120

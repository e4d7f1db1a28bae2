"""Several processes at the work of one: each takes a source, hands back its entry, and takes the next.

``multiprocessing`` starts Python with ``-c``, which puts the working folder on the path of modules: a file ``pickle.py`` of a
linted repository would run in every process. These are started with ``-P``, have the path of this process without the
working folder, and end with it.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

from bplint.errors import BplintError
from bplint.runs.entries import Entry, Source
from bplint.runs.one_source import Job

_CHILD = (
    "import sys, signal; signal.signal(signal.SIGINT, signal.SIG_IGN); sys.path[:] = sys.argv[1:]; "
    "from bplint.runs.workers import serve; serve()"
)
"""A worker leaves Ctrl-C to the process that started it, which prints what is finished."""


class WorkerLost(Exception):
    """A worker ended in the middle of a source, and so did the next: killed, or out of memory."""


class Workers:
    """The entries of sources, in their order, from ``count`` processes; standard input is read by this one.

    ``make`` makes the job in each process, and passes between processes, as ``job``, the same job here, does not.
    """

    def __init__(self, sources: Sequence[Source], job: Job, make: Callable[[], Job], count: int) -> None:
        self._sources = sources
        self._job = job
        self._make = pickle.dumps(make)
        self._all: list[subprocess.Popen[bytes]] = []
        self._idle: list[subprocess.Popen[bytes]] = []
        self._closed = False
        self._threads = ThreadPoolExecutor(count)  # one waits for each process
        self._futures = [None if s.path == "-" else self._threads.submit(self._answer, s) for s in sources]

    def __iter__(self) -> Iterator[Entry]:
        for source, future in zip(self._sources, self._futures, strict=True):
            self._job.watch(self._job.id_of(source), "")
            yield self._job.run(source) if future is None else self._entry(source, future)

    def finished(self, start: int) -> list[Entry]:
        """The entries that are there already, from the source at ``start`` on."""
        done = (future for future in self._futures[start:] if future and future.done() and not future.exception())
        return [entry for future in done if (entry := future.result())]

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *raised: object) -> None:
        """End the processes, whatever they are at."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._all:
            process.kill()
        self._threads.shutdown()
        for process in self._all:
            process.communicate()

    def _entry(self, source: Source, future: Future[Entry | None]) -> Entry:
        try:
            # What a plugin hands over may not pass between processes: it is made again here.
            return future.result() or self._job.run(source)
        except WorkerLost as error:
            return self._job.failed(source, error)

    def _answer(self, source: Source) -> Entry | None:
        """The entry of a source; where its process is killed, of another process, once: the source need not be to blame."""
        try:
            return self._asked(source)
        except WorkerLost:
            if self._closed:
                raise
            return self._asked(source)

    def _asked(self, source: Source) -> Entry | None:
        """The entry from a process that has nothing to do; None for one that does not pass between processes."""
        try:
            process = self._idle.pop()
        except IndexError:
            process = self._start()
        assert process.stdin
        assert process.stdout
        try:
            _send(process.stdin, pickle.dumps(source))
            answer = pickle.load(process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise WorkerLost(f"the process that looked at it ended with exit code {process.wait()}") from None
        self._idle.append(process)
        if answer is None:
            return None
        try:
            outcome: Entry | BplintError = pickle.loads(answer)
        except Exception:
            return None
        if isinstance(outcome, BplintError):
            raise outcome
        return outcome

    def _start(self) -> subprocess.Popen[bytes]:
        flags = sys.flags
        asked = {
            "I": flags.isolated,
            "E": flags.ignore_environment,
            "s": flags.no_user_site,
            "B": flags.dont_write_bytecode,
        }
        options = ["-P", *(f"-{letter}" for letter, on in asked.items() if on), "-X", f"utf8={flags.utf8_mode}"]
        path = [folder for folder in sys.path if folder]
        command = [sys.executable, *options, "-c", _CHILD, *path]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._all.append(process)
        if self._closed:  # a thread was on its way here
            process.kill()
        assert process.stdin
        process.stdin.write(self._make)  # goes out with the first source
        return process


def serve() -> None:
    """What a worker does: a job comes in, then sources; entries go out, until nothing comes in any more."""
    sys.set_int_max_str_digits(0)  # both as the command line does
    gc.set_threshold(10_000)
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a plugin prints does not stand among the entries
    job: Job = pickle.load(incoming)()
    while True:
        try:
            source: Source = pickle.load(incoming)
        except EOFError:
            return
        _send(outgoing, pickle.dumps(_packed(job, source)))


def _packed(job: Job, source: Source) -> bytes | None:
    """The entry of a source, or the error that ends the run; None where it cannot be packed."""
    outcome: Entry | BplintError
    try:
        outcome = job.run(source)
    except BplintError as error:
        outcome = error
    try:
        return pickle.dumps(outcome)
    except Exception:
        return None


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(data)
    stream.flush()

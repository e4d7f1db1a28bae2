"""What was found of a circuit in an earlier run, kept beside the sources: the same input gives the same report at once.

An entry is JSON, named after everything that its content depends on: the bytes of the source and of what it includes, the
settings in force, the versions and the code of bplint, its plugins and Python. A repository can bring a cache of its own:
nothing in it is run, a damaged entry is as none, and no link in it is followed. Entries are written by rename.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np

from bplint import __version__
from bplint.config.in_force import InForce
from bplint.errors import SourceError
from bplint.files import atomic_write, regular_file
from bplint.files.plain_data import NotPlain, digest, dumps, loads
from bplint.runs.entries import CircuitReport, Source
from bplint.runs.one_source import Job
from bplint.sources.building.circuit import BuiltCircuit
from bplint.sources.included import included

LARGEST = 50_000_000
"""Bytes of an entry."""

MOST = 5_000
"""Entries that a folder keeps, those last used."""


class Cache:
    """The cached reports of the circuits of a job."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._written: set[str] = set()

    def get(self, source: Source) -> CircuitReport | None:
        """The report of a source as an earlier run had it."""
        place = self._place(source)
        if place is None or os.path.islink(place):
            return None
        try:
            data = regular_file.content(place, LARGEST)
            if len(data) > LARGEST:
                return None
            entry = loads(data.decode())
            os.utime(place)
        except (regular_file.NotReadable, NotPlain, UnicodeDecodeError, OSError):
            return None
        named = isinstance(entry, CircuitReport) and entry.case.id == self._job.id_of(source)
        return entry if named else None

    def put(self, source: Source, entry: object) -> None:
        """Keep the report of a source, unless another run may find something else."""
        place = self._place(source)
        if place is None or not isinstance(entry, CircuitReport) or entry.failures or entry.stopped:
            return
        with contextlib.suppress(NotPlain, OSError):
            data = dumps(entry).encode()
            if len(data) <= LARGEST and _prepared(os.path.dirname(place)):
                atomic_write.replace(place, data)
                self._written.add(os.path.dirname(place))

    def prune(self) -> None:
        """Take out what was not used for longest, and what a killed run left, of the folders that were written to."""
        for folder in self._written:
            with contextlib.suppress(OSError):
                _prune(folder)

    def _place(self, source: Source) -> str | None:
        """Where the entry of a source is, if it can have one."""
        if source.path == "-" or (isinstance(source, BuiltCircuit) and source.program is None):
            return None
        settings = self._job.configurations.of(source.name)
        try:
            return os.path.join(self._job.cache_folder(source), f"{self._key(source, settings)}.json")
        except (SourceError, NotPlain, OSError):
            return None

    def _key(self, source: Source, settings: InForce) -> str:
        id = self._job.id_of(source)
        asked = self._job.settings._replace(config=None, diff_base=None, baseline=None)
        configured = {name: stated for name, stated in settings.configured.items() if name not in _ELSEWHERE}
        rules = [(rule.code, rule.severity, rule.worst, dict(rule.options)) for rule in settings.rules]
        analyses = [f"{analysis.__module__}.{analysis.__qualname__}" for analysis in self._job.analyses]
        known: list[tuple[object, ...]] = []
        if self._job.baselines and settings.baseline:
            baseline = self._job.baselines.of(settings.baseline)
            known += sorted((*one, count) for one, count in baseline.items() if one.id == id)
        origins = {code: dict(options) for code, options in settings.options.items()}
        return digest(
            (
                _versions(self._job),
                id,
                source.name,
                _content(source, settings),
                asked,
                self._job.mends,
                configured,
                rules,
                analyses,
                known,
                origins,
            )
        )


def _content(source: Source, settings: InForce) -> object:
    """What a source says, all that it includes, and the data that it is looked at with."""
    if isinstance(source, BuiltCircuit):
        said = [directive.value for directive in source.directives if directive.key in ("dataset", "target")]
        places = (os.path.join(os.path.dirname(source.path), name) for name in said)
        files = [*settings.data_files, *filter(os.path.isfile, places)]
        return source.digest, source.span, source.lines, source.made().circuit.places, _hashes(files)
    data = source.read()
    return _hash(data), _hashes([*included(data, source.path), *settings.data_files])


def _hashes(files: Iterable[str]) -> list[tuple[str, str]]:
    return [(file, _hash(regular_file.content(file, LARGEST))) for file in files]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _versions(job: Job) -> object:
    """Who looks at circuits: versions, and the files of bplint and of its plugins as they are."""
    points = [plugin.point for plugin in job.plugins.plugins]
    modules = sorted({"bplint", *(one.module.partition(".")[0] for one in points)})
    versions = sorted((one.name, one.distribution, one.version) for one in points)
    return sys.version, np.__version__, __version__, versions, [_code(module) for module in modules]


@cache
def _code(module: str) -> str:
    """The size and time of each file of a package."""
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    folder = os.path.dirname(file)
    if os.path.basename(file) != "__init__.py":
        return _hash(repr(list(_stamps([file]))).encode())
    files = (os.path.join(place, name) for place, _, names in sorted(os.walk(folder)) for name in sorted(names))
    return _hash(repr(list(_stamps(name for name in files if name.endswith(".py")))).encode())


def _stamps(files: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    for file in files:
        with contextlib.suppress(OSError):
            told = os.stat(file)
            yield file, told.st_size, told.st_mtime_ns


def _prepared(folder: str) -> bool:
    """Whether the folder is one of ours, made if it is not there; git ignores it, and so do backups."""
    if os.path.islink(folder):
        return False
    os.makedirs(folder, exist_ok=True)
    for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
        if not os.path.lexists(os.path.join(folder, name)):
            atomic_write.replace(os.path.join(folder, name), text.encode())
    return True


def _prune(folder: str) -> None:
    with os.scandir(folder) as listed:
        entries = [(entry.stat(follow_symlinks=False).st_mtime, entry.path, entry.name) for entry in listed]
    kept = sorted((told for told in entries if told[2].endswith(".json")), reverse=True)
    left = [told for told in entries if told[2].startswith(atomic_write.PREFIX) and told[0] < time.time() - _AN_HOUR]
    for _, path, _ in (*kept[MOST:], *left):
        with contextlib.suppress(OSError):
            os.unlink(path)


_ELSEWHERE = ("exclude", "extend-exclude", "targets", "baseline", "cache-dir")
"""Keys that change nothing in what is found of a circuit."""
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is bplint's cache: see https://bford.info/cachedir/\n"
)
_AN_HOUR = 3600

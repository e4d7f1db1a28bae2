"""Which plugins are installed: the entry points in group ``bplint``, with the distribution that each belongs to."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import NamedTuple

GROUP = "bplint"


class EntryPoint(NamedTuple):
    """An entry point, not loaded yet. ``version`` is that of the distribution."""

    name: str
    module: str
    distribution: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} ({self.distribution} {self.version})"


def installed() -> list[EntryPoint]:
    """What is installed, by name; the first distribution of a name on the path wins, as Python's imports do.

    Reads the metadata folders itself: ``importlib.metadata`` loads an e-mail parser and more, a quarter of the time that a
    small file may take. It is asked where the folders hold nothing, as for packages in archives.
    """
    points: dict[tuple[str, str], EntryPoint] = {}
    seen: set[str] = set()
    for folder in sys.path:
        for metadata in _metadata(folder):
            distribution, _, version = os.path.basename(metadata).rpartition(".")[0].partition("-")
            known = distribution.lower().replace("-", "_")
            if known in seen:
                continue
            seen.add(known)
            for name, module in _section(os.path.join(metadata, "entry_points.txt")):
                point = EntryPoint(name, module, distribution.replace("_", "-"), version.partition("-")[0])
                points[name, point.distribution] = point
    if not points:
        from importlib.metadata import entry_points

        for entry in entry_points(group=GROUP):
            name, version = (entry.dist.name, entry.dist.version) if entry.dist else ("unknown", "0")
            points[entry.name, name] = EntryPoint(entry.name, entry.value, name, version)
    return sorted(points.values())


def _metadata(folder: str) -> list[str]:
    """The metadata folders of the packages in one folder of the path, sorted."""
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return []
    return [os.path.join(folder, name) for name in sorted(names) if name.endswith((".dist-info", ".egg-info"))]


def _section(file: str) -> Iterator[tuple[str, str]]:
    """The pairs (name, module) of one file in our group."""
    try:
        with open(file, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
    except OSError:
        return
    inside = False
    for line in lines:
        if line.startswith("["):
            inside = line.strip() == f"[{GROUP}]"
        elif inside and "=" in line:
            name, _, module = line.partition("=")
            yield name.strip(), module.strip()

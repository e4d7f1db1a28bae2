"""Which importer reads a text: by the suffix of its name, and where several have that by how the text begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from bplint.failure import Fault, PartKind, caught
from bplint.importers.program import Importer

BEGINNING = 4096
"""Characters, or bytes of a file, that importers see before they claim it."""

ImportersBySuffix: TypeAlias = Mapping[str, tuple[Importer, ...]]


def candidates(name: str, importers: ImportersBySuffix) -> tuple[Importer, ...]:
    """The importers of the longest suffix that a name has."""
    fitting = [suffix for suffix in importers if name.lower().endswith(suffix)]
    return importers[max(fitting, key=len)] if fitting else ()


def wanted(among: Sequence[Importer], beginning: Callable[[], str]) -> bool:
    """Whether one of them reads a file in a directory; its beginning is asked for where names say too little."""
    if not among or any(importer.claims is None for importer in among):
        return bool(among)
    claiming = _claiming(among, beginning())
    return isinstance(claiming, Fault) or bool(claiming)  # a fault is reported when the file is read


def chosen(among: Sequence[Importer], text: str) -> Importer | Fault:
    """The one that claims the text; else the one that takes all there are, or the first, which says what it wants.

    A fault where one fails to tell, or two claim the text.
    """
    if len(among) == 1:
        return among[0]
    claiming = _claiming(among, text[:BEGINNING])
    if isinstance(claiming, Fault):
        return claiming
    if len(claiming) > 1:
        first, second = claiming[:2]
        said = f"the importers {first.name} and {second.name} both claim this text"
        return Fault(PartKind.IMPORTER, second.name, second.read.__module__, (said,))
    return next(iter((*claiming, *(importer for importer in among if importer.claims is None), *among)))


def _claiming(among: Sequence[Importer], beginning: str) -> list[Importer] | Fault:
    claims = []
    for importer in among:
        try:
            if importer.claims is not None and importer.claims(beginning):
                claims.append(importer)
        except Exception as error:
            return caught(PartKind.IMPORTER, importer.name, importer.read.__module__, error)
    return claims

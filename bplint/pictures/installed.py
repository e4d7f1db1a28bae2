"""What draws figures, where it is installed."""

from __future__ import annotations

from types import ModuleType

from bplint.errors import UsageError


def plots() -> ModuleType:
    """:mod:`bplint.pictures.plot`. ``UsageError`` that says what to install where matplotlib is missing."""
    try:
        from bplint.pictures import plot
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        raise UsageError("plot() needs matplotlib:  pip install 'bplint[plot]'") from error
    return plot

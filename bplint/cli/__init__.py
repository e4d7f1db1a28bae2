"""The command line: ``bplint PATH...`` lints; ``check``, ``profile``, ``fix``, ``sweep``, ``explain``, ``rules``, ``plugins`` and
``server`` are commands."""

from __future__ import annotations

# Each module adds its commands to the group.
from bplint.cli import catalogue, families, measuring, repairing, serving  # noqa: F401
from bplint.cli.group import main

__all__ = ["main"]

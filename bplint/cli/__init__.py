"""The command line: ``bplint PATH...`` lints; ``check``, ``profile``, ``fix``, ``sweep``, ``explain``, ``rules``, ``plugins`` and
``server`` are commands."""

from __future__ import annotations

from bplint.cli.group import main

__all__ = ["main"]

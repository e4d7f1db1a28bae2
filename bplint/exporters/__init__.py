"""Rewritten circuits as objects of the frameworks that they came from, a module each; only it imports its framework."""

from __future__ import annotations

from bplint.exporters.original import Original

__all__ = ["Original"]

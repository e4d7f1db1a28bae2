"""The test kit for what a plugin brings, the same for the built-in parts and for yours.

In a plugin's tests::

    import pytest
    from bplint.testing import Reading, analysis_checks, checks, format_checks, importer_checks
    from my_plugin import bplint_rules, depth, turns, table

    CHECKS = [
        *checks(bplint_rules()),
        *analysis_checks(depth),
        *importer_checks(turns, [Reading("one turn", "rx 0 a", matrix, {"a": 0.3})]),
        *format_checks(table, says=["XX901"]),
    ]

    @pytest.mark.parametrize("check", CHECKS, ids=str)
    def test_parts(check):
        check()

A check raises ``AssertionError`` with a sentence that says what to change. That an analysis is right no kit can tell:
compare it with a second road to the same number.
"""

from __future__ import annotations

from bplint.testing.analyses import analysis_checks
from bplint.testing.check import Check
from bplint.testing.formats import finished, format_checks
from bplint.testing.importers import Reading, importer_checks
from bplint.testing.rules import checks
from bplint.testing.unitary import unitary

__all__ = ["Check", "Reading", "analysis_checks", "checks", "finished", "format_checks", "importer_checks", "unitary"]

"""A bplint plugin: the module that the entry point names says which hooks it was written for, and returns what it brings."""

from bplint_example import redundancy, table, turns
from bplint_example.ex101_more_parameters_than_dimensions import check

BPLINT_API = 1


def bplint_rules():
    """The rules of this plugin."""
    return [check]


def bplint_analyses():
    """Its analyses."""
    return [redundancy.redundancy]


def bplint_importers():
    """Its importers."""
    return [turns.IMPORTER]


def bplint_reporters():
    """Its report formats."""
    return [table.REPORTER]

"""A bplint plugin: the module that the entry point names says which hooks it was written for, and returns its rules."""

from bplint_example.ex101_more_parameters_than_dimensions import check

BPLINT_API = 1


def bplint_rules():
    """The rules of this plugin."""
    return [check]

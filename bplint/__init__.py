"""bplint: a trainability linter for parameterized quantum circuits."""

__all__ = ["__version__"]

__version__ = "0.1.0"

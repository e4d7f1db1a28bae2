"""bplint: a trainability linter for parameterized quantum circuits."""

TYPE_CHECKING = False  # typing's, without loading it
if TYPE_CHECKING:
    from typing import Any

    from bplint.api import assert_trainable, lint, lint_family, profile, repair
    from bplint.family import circuit

__all__ = ["__version__", "assert_trainable", "circuit", "lint", "lint_family", "profile", "repair"]

__version__ = "0.1.0"


def __getattr__(name: str) -> "Any":  # no import of annotations: nothing is loaded before __main__ has seen to the path
    """The public functions, loaded when first used: ``import bplint`` alone costs next to nothing."""
    if name == "circuit":
        from bplint.family import circuit

        return circuit
    if name in ("assert_trainable", "lint", "lint_family", "profile", "repair"):
        from bplint import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

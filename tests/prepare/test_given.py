"""What is in force of what a source may say: the option, else the source, else the default, each with who said it."""

import pytest

from bplint.config import Settings
from bplint.config.in_force import InForce
from bplint.errors import SourceError, Span, UsageError
from bplint.importers.program import Directive
from bplint.prepare.given import given

PLACE = Span(3, 1, 3, 9)


def test_the_option_wins_over_the_source_and_the_source_over_the_default():
    said = [Directive("shots", "50", PLACE, "comment"), Directive("loss", "mse", PLACE, "comment")]
    found = given(said, InForce(Settings(shots=7)))
    assert (found["shots"].value, found["shots"].source) == (7, "option")
    assert (found["loss"].value, found["loss"].source, found["loss"].span) == ("mse", "comment", PLACE)
    assert (found["noise"].value, found["noise"].source) == (None, "default")


def test_a_fault_is_the_sources_or_the_callers():
    found = given([Directive("loss", "mse", PLACE, "comment")], InForce(Settings(dataset="d.csv")))
    assert isinstance(found["loss"].error("no"), SourceError)
    assert isinstance(found["dataset"].error("no"), UsageError)
    assert str(found["dataset"].error("no")) == "--dataset: no"
    for wrong in ("log", "mmd:x"):
        with pytest.raises(SourceError, match="want") as caught:
            given([Directive("loss", wrong, PLACE, "comment")], InForce(Settings()))
        assert caught.value.span == PLACE

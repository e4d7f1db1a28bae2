"""What can go wrong, as types that callers tell apart."""

import pytest

from bplint.errors import BplintError, LimitError, PluginError, SourceError, Span, Unsupported, UsageError


@pytest.mark.parametrize("kind", [SourceError, Unsupported, LimitError])
def test_faults_of_a_source_carry_what_their_message_needs(kind):
    error = kind("too deep", Span(3, 1, 3, 9), hint="unroll it")
    assert (str(error), error.message, error.span, error.hint) == ("too deep", "too deep", (3, 1, 3, 9), "unroll it")
    assert (kind("x").span, kind("x").hint) == (None, None)
    assert isinstance(error, SourceError), "all of them are finding BP001"


@pytest.mark.parametrize("kind", [UsageError, PluginError])
def test_other_faults_are_on_purpose_and_not_of_a_source(kind):
    assert issubclass(kind, BplintError)
    assert not issubclass(kind, SourceError)

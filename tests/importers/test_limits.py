"""A limit that is exceeded is named, with its value."""

import pytest

from bplint.errors import LimitError, Span
from bplint.importers.limits import CIRQ_FILE, DEFAULTS, IN_MEMORY, Limits


@pytest.mark.parametrize("field", Limits._fields)
def test_the_message_names_the_limit_and_its_value(field):
    error = DEFAULTS.exceeded(field, "7 of them", Span(1, 2, 1, 3), hint="fewer")
    assert isinstance(error, LimitError)
    assert str(error) == f"7 of them: the limit `{field}` is {getattr(DEFAULTS, field):,}"
    assert (error.span, error.hint) == ((1, 2, 1, 3), "fewer")


def test_all_limits_are_positive_and_those_of_objects_and_cirq_differ_where_they_say():
    assert all(value > 0 for value in DEFAULTS)
    assert IN_MEMORY._replace(operations=DEFAULTS.operations) == DEFAULTS
    assert IN_MEMORY.operations > DEFAULTS.operations
    assert CIRQ_FILE._replace(digits=DEFAULTS.digits) == DEFAULTS
    assert CIRQ_FILE.digits < DEFAULTS.digits

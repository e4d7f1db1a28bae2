"""Whose fault an exception is: that of a source, or of bplint."""

import json

import pytest

from bplint.errors import LimitError, SourceError, Unsupported, UsageError
from bplint.importers import framework
from bplint.importers.framework import refusal, shown


def raised(call):
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


class Silent:
    def __str__(self):
        raise RecursionError


def deep():
    return deep()


def test_what_others_raise_is_a_fault_of_the_source():
    error = refusal(raised(lambda: json.loads("{")), "Json")
    assert type(error) is SourceError
    assert error.message.startswith("Json refuses it: Expecting property name")
    assert refusal(raised(lambda: json.loads(b"\xff" * 9)), "Json").message.startswith("Json refuses it: 'utf-8' codec")
    assert type(refusal(raised(deep), "Json")) is LimitError


def test_what_bplint_says_stays_as_it_is():
    own = Unsupported("no", hint="yes")
    assert refusal(own, "Cirq") is own
    with pytest.raises(UsageError):
        refusal(UsageError("x"), "Cirq")


def test_a_mistake_of_bplint_is_not_hidden():
    mistake = raised(lambda: framework.quote(None))  # raised by a line of bplint
    with pytest.raises(TypeError):
        refusal(mistake, "Cirq")


def test_what_cannot_print_itself():
    assert shown(Silent()) == "this Silent"
    assert shown("a\nb") == "a b"

"""Plain data, and the last lines of an exception."""

import json
import math
import pickle
from collections import OrderedDict
from enum import IntEnum
from types import MappingProxyType

import numpy as np
import pytest

from bplint.bounds import Status
from bplint.failure import Failure, MalformedError, PartKind, caught, last_lines, not_plain


class Level(IntEnum):
    HIGH = 1


@pytest.mark.parametrize(
    "value",
    [None, True, 3, -2.5, 1 << 70, "text", Status.EXACT, [], (1, (2.0, "x")), {"a": [{"b": None}]}, OrderedDict(a=1)],
)
def test_plain_data_is_what_json_writes(value):
    assert not_plain(value, "it") == ""
    json.dumps(value, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (math.nan, "it: want a finite number, got nan"),
        ({"a": [0, -math.inf]}, "it['a'][1]: want a finite number, got -inf"),
        (np.float64(1), "it: want plain data, got numpy.float64"),
        (np.int64(1), "it: want plain data, got numpy.int64"),
        (np.str_("a"), "it: want plain data, got numpy.str_"),
        (np.bool_(True), "it: want plain data, got numpy.bool"),
        (np.zeros(2), "it: want plain data, got numpy.ndarray"),
        ({"a": {1, 2}}, "it['a']: want plain data, got set"),
        ({1: "a"}, "it: want strings as keys, got int"),
        (Level.HIGH, "it: want plain data, got <Level.HIGH: 1>"),
        (1j, "it: want plain data, got complex"),
        (MappingProxyType({"a": object()}), "it['a']: want plain data, got object"),
    ],
)
def test_what_is_not_plain_is_named_with_its_place(value, said):
    assert not_plain(value, "it") == said


def test_the_last_lines_say_where_and_what_and_nothing_that_varies():
    def inner():
        raise KeyError(object())

    try:
        inner()
    except KeyError as error:
        lines = last_lines(error)
    assert [line.partition(":")[0] for line in lines[:-1]] == ["test_failure.py"] * 2
    assert lines[-2].endswith("in inner: raise KeyError(object())")
    assert lines[-1] == "KeyError: <object object at 0x…>"
    assert last_lines(MalformedError("want this\n got that")) == ("want this got that",)
    assert last_lines(ValueError()) == ("ValueError",)


def test_a_failure_passes_between_processes_and_says_who():
    fault = caught(PartKind.RULE, "XY001", "somewhere", ValueError("no"))
    failure = Failure(fault.part, fault.name, "mine", "mine-dist 1.0", fault.lines, "a.qasm")
    assert pickle.loads(pickle.dumps(failure)) == failure
    assert failure.title == "rule XY001 of plugin mine (mine-dist 1.0) failed"
    assert failure.reason == "ValueError: no"
    assert failure._replace(part=PartKind.PLUGIN).title == "plugin mine (mine-dist 1.0) failed"
    assert "bug" in failure._replace(part=PartKind.ITSELF).title
    json.dumps(failure.as_json())

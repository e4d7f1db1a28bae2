"""Data as JSON: what goes in comes out, the same object stays the same object, and nothing in a file is run."""

import json
import math
from array import array
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from bplint.bounds import Status
from bplint.config import Settings
from bplint.errors import Span
from bplint.files.plain_data import NotPlain, digest, dumps, loads
from bplint.ir.pauli import LinearSpan
from bplint.report.json import write
from bplint.run import lint_text
from paths import FIXTURES


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, -7, 2**53, -(2**4000), 0.1, -0.0, math.inf, "", "é\ud800\u2028",
        (), (1, (2, "x")), [1, [2]], {"a": 1, 2: (3,)},
        frozenset({1, 2**70}), {"b"}, b"\0\xff", complex(1, -0.0), range(1, 9, 2), Status.EXACT, Status, Span(1, 2, 3, 4),
        array("i", [1, -2]), MappingProxyType({"a": 1}),
    ],
    ids=repr,
)  # fmt: skip
def test_values_come_back(value):
    found = loads(dumps(value))
    assert found == value
    assert type(found) is type(value)
    assert repr(found) == repr(value)


def test_nan_comes_back():
    assert math.isnan(loads(dumps(math.nan)))


@pytest.mark.parametrize(
    "values", [np.arange(6, dtype=np.int32).reshape(2, 3), np.zeros(0), np.array([1 + 2j]), np.array([True])]
)
def test_arrays_come_back_and_locked_ones_locked(values):
    locked = values.copy()
    locked.flags.writeable = False
    for one in (values, locked):
        found = loads(dumps(one))
        assert found.dtype == one.dtype
        assert found.flags.writeable == one.flags.writeable
        np.testing.assert_array_equal(found, one)
    assert loads(dumps(np.float64(0.1))) == np.float64(0.1)


def test_one_object_stays_one():
    span = LinearSpan([3, 5])
    first, (second, third) = loads(dumps((span, (span, LinearSpan([3, 5])))))
    assert first is second
    assert first is not third
    assert list(first) == list(span)


def test_equal_values_have_one_digest():
    span = Span(1, 2, 3, 4)
    assert digest((span, span)) == digest((Span(1, 2, 3, 4), Span(1, 2, 3, 4)))
    assert digest((span,)) != digest((Span(1, 2, 3, 5),))
    assert digest({"b", "a", "c"}) == digest({"c", "b", "a"})


@pytest.mark.parametrize(
    "value", [print, lambda: 0, object(), json.JSONDecoder(), json.JSONDecoder, np.array([object()])]
)
def test_what_is_no_data_is_refused(value):
    with pytest.raises(NotPlain):
        dumps(value)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "{}", '{"nosuch":1}', '{"is":"os:system","of":["true"]}', '{"is":"bplint.files.atomic_write:put","of":["x"]}',
        '{"is":"bplint.errors:Span","of":[1]}', '{"is":"bplint.errors:Nosuch","of":[]}', '{"class":"subprocess:Popen"}',
        '{"is":"bplint.ir.circuit:np.ndarray","of":[]}', '{"object":"bplint.errors:SourceError","of":[]}',
        '{"object":"bplint.runs.workers:subprocess.Popen","of":[]}', '{"enum":"bplint.errors:Span","of":1}',
        '{"again":0}', '{"again":-1}',
        '{"enum":"bplint.bounds:Status","of":"nosuch"}',
        '{"array":["|O",[1],"AAAAAAAAAAA=",true]}', '{"array":["<f8",[9],"AA==",true]}',
        '{"is":"bplint.errors:Span","of":[{"again":0},1,1,1]}', '{"is":"bplint..errors:Span","of":[]}', "[" * 100_000,
    ],
    ids=lambda text: text[:60],
)  # fmt: skip
def test_damaged_or_hostile_text_is_refused(text):
    with pytest.raises(NotPlain):
        loads(text)


@pytest.mark.parametrize("name", ["even6", "product14_parity", "qaoa_k6"])
def test_a_report_prints_the_same_when_it_comes_back(name):
    report = lint_text((FIXTURES / "verdicts" / f"{name}.qasm").read_text(), Settings(suggest=False))
    entries = loads(dumps(report.entries))
    assert write(replace(report, entries=entries), 0) == write(report, 0)

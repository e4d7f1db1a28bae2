"""Fingerprints: stable, without places, and the published values of the hash."""

import pytest

from bplint.errors import Span
from bplint.finding import Hit, Severity, _hash, sign


@pytest.mark.parametrize(
    ("data", "value"), [(b"", 0xCBF29CE484222325), (b"a", 0xAF63DC4C8601EC8C), (b"foobar", 0x85944171F73967E8)]
)
def test_published_values_of_fnv_1a(data, value):
    assert _hash(data) == value


def signed(hit, case_id="x.qasm", code="BP101"):
    return sign(hit, code=code, name="n", severity=Severity.NOTE, path="x.qasm", case_id=case_id).fingerprint


def test_a_fingerprint_knows_structure_rule_and_case_and_no_place():
    hit = Hit("message", structure="s", span=Span(1, 1, 1, 2))
    assert signed(hit) == signed(hit._replace(span=Span(9, 1, 9, 2), message="other"))
    others = {
        signed(hit),
        signed(hit, case_id="y.qasm"),
        signed(hit, code="BP102"),
        signed(hit._replace(structure="t")),
    }
    assert len(others) == 4
    assert signed(Hit("one")) != signed(Hit("two"))
    assert len(signed(Hit("\udcff"))) == 16

"""Numbers as people and programs read them."""

import math

import pytest

from bplint.number_format import integer, number, plural, share, whole


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (1.5, "1.5"),
        (0.03, "0.03"),
        (0.01, "0.01"),
        (0.0099, "9.9e-3"),
        (2.7e-5, "2.7e-5"),
        (1e-4, "1e-4"),
        (-2.7e-5, "-2.7e-5"),
        (99.4, "99"),
        (99.6, "100"),
        (-99.5, "-100"),
        (100, "100"),
        (36_800, "37,000"),
        (9.96e14, "1,000,000,000,000,000"),
        (1e15, "1e15"),
        (2.0**-1074, "4.9e-324"),
        (math.inf, "1e308 or more"),
        (-math.inf, "-1e308 or less"),
    ],
)
def test_two_significant_digits(value, written):
    assert number(value) == written


@pytest.mark.parametrize("exponent", range(-12, 13))
def test_what_is_written_is_within_half_a_digit(exponent):
    for mantissa in (1.0, 1.049, 2.5, 9.94):
        value = mantissa * 10.0**exponent
        assert math.isclose(float(number(value).replace(",", "")), value, rel_tol=0.05)


def test_nouns_have_a_plural():
    assert [plural(n, "error") for n in (0, 1, 2, 1_000)] == ["0 errors", "1 error", "2 errors", "1,000 errors"]


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (10**15 - 1, "999,999,999,999,999"), (4**1000 - 1, "about 2^2000"), (2**60, "about 2^60")],
)
def test_integers_too_long_to_read_are_powers(value, written):
    assert whole(value) == written


def test_integers_that_a_double_does_not_hold_are_strings():
    assert integer(2**53 - 1) == 2**53 - 1
    assert integer(2**53) == "9007199254740992"
    assert float(2**53 - 1) != float(2**53 - 2), "so far doubles tell integers apart"


def test_shares_are_cut_so_that_less_than_all_is_never_told_as_all():
    told = {1.0: "1", 0.99999: "0.999", 0.942: "0.942", 0.9419: "0.941", 0.5: "0.5", 0.0: "0", -0.0081: "-0.009"}
    assert {value: share(value) for value in told} == told

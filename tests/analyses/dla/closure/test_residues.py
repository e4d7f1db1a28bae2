"""Residues of cosines obey the relations of cosines, whatever roots were chosen."""

import math
from fractions import Fraction

import pytest

from bplint.analyses.dla.closure.modular import PRIMES
from bplint.analyses.dla.closure.residues import Field, dyadic, rational


@pytest.mark.parametrize("prime", PRIMES)
def test_dyadic_angles_add_up(prime):
    field = Field(prime)
    for i in range(-9000, 9000, 611):
        a, b = i * math.pi / 2**12, (i * i % 777 - 300) * math.pi / 2**9
        (ca, sa), (cb, sb), (cc, sc) = field.turn(a), field.turn(b), field.turn(a + b)
        assert (ca * ca + sa * sa - 1) % prime == 0
        assert (ca * cb - sa * sb - cc) % prime == (sa * cb + ca * sb - sc) % prime == 0
    assert not field.generic


@pytest.mark.parametrize(
    ("angle", "cosine", "sine"), [(0, 1, 0), (1, 0, 1), (2, -1, 0), (3, 0, -1), (-1, 0, -1), (4, 1, 0)]
)
def test_quarter_turns_are_integers(angle, cosine, sine):
    prime = PRIMES[0]
    assert Field(prime).turn(angle * math.pi / 2) == (cosine % prime, sine % prime)


def test_the_square_root_of_two_is_one():
    prime = PRIMES[0]
    cosine, sine = Field(prime).turn(math.pi / 4)
    assert cosine == sine
    assert 2 * cosine**2 % prime == 1


def test_other_angles_are_unknowns_on_the_circle_the_same_each_time():
    prime, field = PRIMES[0], Field(PRIMES[0])
    cosine, sine = field.turn(0.3)
    assert field.generic
    assert (cosine**2 + sine**2) % prime == 1
    assert field.turn(0.3) == field.turn(0.3 + 2 * math.pi) == (cosine, sine)
    assert field.turn(-0.3) == (cosine, -sine % prime)
    assert field.turn(0.31) != (cosine, sine)


def test_numbers():
    prime, field = PRIMES[0], Field(PRIMES[0])
    assert 3 * field.number(-2 / 3) % prime == prime - 2
    assert not field.generic
    assert (field.number(2**-0.5) + field.number(-(2**-0.5))) % prime == 0
    assert field.generic
    assert rational(1 / 3) == Fraction(1, 3)
    assert rational(math.pi / 4) is None
    assert (dyadic(math.pi / 2), dyadic(1.0)) == (2**11, None)


def test_the_prime_must_have_the_roots():
    with pytest.raises(ValueError, match="want a prime that is -1 modulo 8192, got 101"):
        Field(101)

"""Algebras of sums of strings: linear closure, exact modulo a prime or in floating point."""

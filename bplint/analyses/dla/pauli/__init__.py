"""Algebras of Pauli strings: classified exactly at any width."""

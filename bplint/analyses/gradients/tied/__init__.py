"""Moments of losses whose parameters turn many rotations: exactly over a grid of angles, or over random starts."""

STATES, STRINGS, SYMMETRIC = "reachable-states", "visible-strings", "symmetric-states"
"""The names of the ways to evaluate a loss at given angles."""

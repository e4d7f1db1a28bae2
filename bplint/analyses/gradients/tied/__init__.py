"""Moments of losses whose parameters turn many rotations: exactly over a grid of angles, or over random starts."""

STATES, STRINGS = "reachable-states", "visible-strings"
"""The names of both ways to evaluate a loss at given angles."""

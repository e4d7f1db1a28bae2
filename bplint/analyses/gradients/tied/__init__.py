"""Moments of losses whose parameters turn many rotations: exactly over a grid of angles, or over random starts."""

"""Moments of a circuit repeated for ever: orbits of the strings of the loss."""

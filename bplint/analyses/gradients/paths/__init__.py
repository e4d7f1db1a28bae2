"""Pauli paths: sampled backwards from the loss, for rotations whose angles are independent."""

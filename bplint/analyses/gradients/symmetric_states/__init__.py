"""Circuits, losses and starts that are the same under all permutations of the qubits: n + 1 states at most."""

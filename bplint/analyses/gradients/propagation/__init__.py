"""Exact propagation of the Pauli strings of the loss, kept while they are few."""

"""Data sets: the files they are read from, and what they make of a circuit's data parameters."""

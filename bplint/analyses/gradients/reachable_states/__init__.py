"""States on the basis states that a circuit can reach from |0…0>: of particles conserved, of parity even, with spin zero.

No symmetry is named; those that keep the circuit from a basis state make the set small.
"""

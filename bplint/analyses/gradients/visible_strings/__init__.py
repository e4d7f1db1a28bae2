"""The loss as a sum of Pauli strings carried to the start at given angles, without those that |0…0> cannot see."""

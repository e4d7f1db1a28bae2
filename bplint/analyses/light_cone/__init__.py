"""What the loss can see of the circuit: live rotations, locality, mergeable parameters, damping."""

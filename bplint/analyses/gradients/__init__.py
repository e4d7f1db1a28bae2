"""Second moments of the loss and of its gradients: one question, an engine for each kind of circuit."""

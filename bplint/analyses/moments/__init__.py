"""Second moments of the loss and of its gradients."""

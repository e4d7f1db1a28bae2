"""Exact moments on the operator module of the loss, for tied, shared and controlled parameters."""

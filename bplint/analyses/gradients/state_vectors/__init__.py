"""The engine that samples state vectors: for circuits on few qubits whatever their angles share."""

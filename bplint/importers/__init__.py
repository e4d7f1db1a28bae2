"""Readers of circuits: each turns one source into a :class:`~bplint.importers.program.Program`."""

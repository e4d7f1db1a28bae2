"""OpenQASM 2 and 3: text in, :class:`~bplint.importers.program.Program` out."""

from bplint.importers.qasm.flat import read
from bplint.importers.qasm.source import Limits, NotFlat, decode

__all__ = ["Limits", "NotFlat", "decode", "read"]

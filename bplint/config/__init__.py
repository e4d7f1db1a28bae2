"""Settings: what the command line asks for, and what configuration files say of each source.

The closest ``bplint.toml``, or ``pyproject.toml`` with a table ``tool.bplint``, in the folder of a source or above it holds for
that source; files are not merged unless one extends another. For what a circuit file can say itself the command line wins
over the file, the file over configuration, configuration over the defaults.
"""

from bplint.config.settings import Settings

__all__ = ["Settings"]

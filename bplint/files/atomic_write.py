"""A file written at once or not at all: whoever reads it, or kills the run, meets the old bytes or the new ones."""

from __future__ import annotations

import os

PREFIX = ".bplint-"
"""Of a file that is being written."""


def put(place: str, data: bytes) -> None:
    """Put data in a file; links are followed, the mode of a file that is there is kept. ``OSError`` where it cannot be written."""
    path = os.path.realpath(place)
    if os.path.exists(path) and not os.path.isfile(path):  # a device, a pipe: nothing to put in its place
        with open(path, "wb") as file:
            file.write(data)
        return
    replace(path, data)


def replace(path: str, data: bytes) -> None:
    """Put data in a file in place of whatever has its name, a link included. ``OSError`` where it cannot be written."""
    import tempfile

    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=PREFIX)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, os.stat(path).st_mode & 0o7777 if os.path.isfile(path) else 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    """The mode bits that new files do not get; to read it is to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

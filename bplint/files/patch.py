"""A change of a file, shown as a diff."""

from __future__ import annotations

import os
import re


def diff(name: str, before: bytes, after: bytes) -> bytes:
    """The change as a unified diff that ``git apply`` takes, ``name`` from the current folder; empty if there is none."""
    import difflib

    old, new = (re.findall(rb"[^\n]*\n|[^\n]+", data) for data in (before, after))
    lines = difflib.diff_bytes(difflib.unified_diff, old, new, _side("a", name), _side("b", name), lineterm=b"\n")
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _side(prefix: str, name: str) -> bytes:
    """A file name in the head of a diff, quoted as git does where it has quotes or control characters."""
    path = os.fsencode(f"{prefix}/{name}".replace(os.sep, "/"))
    if not re.search(rb'[\x00-\x1f"\\\x7f]', path):
        return path + b"\t" * (b" " in path)
    return b'"' + re.sub(rb'[\x00-\x1f"\\\x7f]', lambda match: b"\\%03o" % match[0][0], path) + b'"'

"""The process that lints one document: its text on standard input, an entry of the machine output a line for each stage.

What needs no measuring comes first, then every finding, then every finding with its suggestions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bplint.config import Settings
from bplint.finding import Kind
from bplint.plugins import load
from bplint.report import jsonl
from bplint.runs.jobs import lint_job
from bplint.sources.collect import InputSource


def stages() -> tuple[Settings, ...]:
    """What is asked for, one after the other."""
    measured = tuple(rule.code for rule in load().rules if rule.kind is not Kind.EXACT)
    return Settings(ignore=measured, suggest=False), Settings(suggest=False), Settings()


def entries(text: str, path: str) -> Iterator[str]:
    """The lines, as they are ready. ``UsageError`` where configuration is at fault."""
    for settings in stages():
        yield jsonl.line(lint_job(settings).run(InputSource(path, path), text))


def main() -> None:
    """``python -m bplint.server.worker PATH``."""
    from bplint.errors import BplintError

    sys.stdin.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    try:
        for line in entries(sys.stdin.read(), sys.argv[1]):
            print(line, end="", flush=True)
    except BplintError as error:
        sys.exit(f"bplint: {error}")


if __name__ == "__main__":
    main()

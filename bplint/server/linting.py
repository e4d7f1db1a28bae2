"""One document through the worker: its entries as they come, until it is cancelled."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeAlias

Entry: TypeAlias = Mapping[str, Any]
"""A line of the format ``jsonl``: a circuit or an unreadable source."""


class Ended(Exception):
    """The worker ended without an entry; the message is what it said last."""


async def linted(text: str, path: str) -> AsyncIterator[Entry]:
    """What is found in a text, better known with each entry. The worker ends with whoever reads. ``Ended`` where it fails."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "bplint.server.worker", path,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=1 << 30,
    )  # fmt: skip
    assert worker.stdin is not None
    assert worker.stdout is not None
    assert worker.stderr is not None
    errors = asyncio.ensure_future(worker.stderr.read())
    try:
        worker.stdin.write(text.encode("utf-8", "replace"))
        worker.stdin.close()
        async for line in worker.stdout:
            yield json.loads(line)
        if await worker.wait():
            said = (await errors).decode("utf-8", "replace").strip().splitlines()
            raise Ended(said[-1] if said else f"the worker ended with {worker.returncode}")
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()
        errors.cancel()

"""The worker as a process: it ends with its reader, and what it says last is told."""

import asyncio
import os

import pytest

from bplint.server.linting import Ended, linted

SLOW = "\n".join(
    [
        "OPENQASM 3.0;",
        'include "stdgates.inc";',
        "// bplint: observable = Z0",
        "qubit[16] q;",
        "input array[float[64], 640] t;",
    ]
    + [f"ry(t[{16 * i + j}]) q[{j}];" for i in range(40) for j in range(16)]
    + ["cx q[0], q[1];"]
)


def children():
    """Processes that this one has started and that have not ended."""
    task = f"/proc/self/task/{os.getpid()}/children"
    with open(task) as file:
        return set(file.read().split())


@pytest.mark.skipif(not os.path.exists(f"/proc/self/task/{os.getpid()}/children"), reason="needs Linux's /proc")
def test_who_stops_reading_ends_the_worker():
    async def first():
        reader = linted(SLOW, "x.qasm")
        entry = await anext(reader)
        during = children()
        await reader.aclose()
        return entry, during

    before = children()
    entry, during = asyncio.run(first())
    assert entry["type"] == "circuit"
    assert during > before
    assert children() == before


def test_a_wrong_configuration_is_what_it_says_last(tmp_path):
    (tmp_path / "bplint.toml").write_text("shotz = 3\n")

    async def read():
        return [entry async for entry in linted("OPENQASM 3.0;\n", str(tmp_path / "x.qasm"))]

    with pytest.raises(Ended, match=r"bplint: .*shotz"):
        asyncio.run(read())

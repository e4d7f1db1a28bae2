"""Files and commands in the documentation, written and run in its order. `python tests/test_docs.py` rewrites the outputs.

A block after ``<!-- file: NAME -->`` is a file, a block after ``<!-- tried: COMMAND -->`` what the command prints beside
these files, a block after ``<!-- output of: COMMAND -->`` what it prints at the root of the repository; timings aside.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from plain_pytest import PLAIN

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"<!-- (file|tried|output of): (.+?) -->\n(```\w*\n)(.*?)(?=```)", re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_outputs_are_what_the_commands_print(page, tmp_path):
    pytest.importorskip("qiskit")
    pytest.importorskip("cirq")
    pytest.importorskip("pennylane")
    text = (ROOT / page).read_text()
    assert text == tried(text, tmp_path), "run: python tests/test_docs.py"


def tried(text, folder):
    """The page with the outputs that its commands have now."""

    def block(match):
        kind, what, fence, content = match.groups()
        if kind == "file":
            (folder / what).write_text(content)
            return match[0]
        return f"<!-- {kind}: {what} -->\n{fence}{printed(what, folder if kind == 'tried' else ROOT)}"

    return BLOCK.sub(block, text)


def printed(command, folder):
    name, *arguments = shlex.split(command)
    module = [] if name == "python" else ["-m", name]
    given = [*arguments, *PLAIN] if name == "pytest" else arguments
    # In CI pytest prints whole messages in its summary; a reader is not in CI.
    outside = {name: value for name, value in os.environ.items() if name not in ("CI", "BUILD_NUMBER")}
    columns = "88" if name == "pytest" else "80"
    environment = outside | {
        "COLUMNS": columns,
        "PYTHONDONTWRITEBYTECODE": "1",
        "NO_COLOR": "1",
        "BPLINT_NO_CACHE": "1",
    }
    done = subprocess.run(
        [sys.executable, *module, *given], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert not done.stderr, done.stderr
    return re.sub(r"in \d+\.\d+( ?)s\b", r"in …\1s", done.stdout)


if __name__ == "__main__":
    for name in PAGES:
        with tempfile.TemporaryDirectory() as place:
            (ROOT / name).write_text(tried((ROOT / name).read_text(), Path(place)))

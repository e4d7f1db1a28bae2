"""The notebook in ``examples/`` runs, and shows what it shows: its outputs are compared with those of a fresh kernel.

``python tests/test_example_notebook.py`` writes them.
"""

import json
import re
import subprocess
import sys

import pytest

from paths import ROOT

NOTEBOOK = ROOT / "examples" / "notebook" / "will_it_train.ipynb"

RUN = """
import sys, nbformat
from nbclient import NotebookClient
book = nbformat.read(sys.argv[1], 4)
NotebookClient(book, timeout=300, kernel_name="python3", record_timing=False).execute()
sys.stdout.write(nbformat.writes(book))
"""


def executed(path):
    """The notebook as a fresh kernel leaves it, in a process of its own: kernels leave sockets behind."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN, str(path)], capture_output=True, text=True, cwd=path.parent
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def outputs(book):
    """Of each cell what it shows, pictures by their kind alone: matplotlib draws them a little differently each year."""
    for cell in book["cells"]:
        for output in cell.get("outputs", ()):
            for kind, data in sorted(output["data"].items()):
                yield kind, "" if kind.startswith("image/") else "".join(data)


@pytest.fixture(scope="module")
def stored():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_it_shows_what_a_fresh_kernel_shows(stored):
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    fresh = executed(NOTEBOOK)
    assert [kind for kind, _ in outputs(fresh)] == [kind for kind, _ in outputs(stored)]
    for (kind, now), (_, then) in zip(outputs(fresh), outputs(stored), strict=True):
        assert now == then, f"{kind}: python tests/test_example_notebook.py writes it again"


def test_it_shows_circuits_curves_figures_and_tables(stored):
    shown = list(outputs(stored))
    pages = [text for kind, text in shown if kind == "text/html"]
    assert sum("<svg" in page for page in pages) == 2
    assert sum("dataframe" in page for page in pages) == 2
    assert [kind for kind, _ in shown].count("image/png") == 2
    assert not [cell for cell in stored["cells"] if cell["cell_type"] == "code" and not cell["source"]]


def test_it_is_small_and_tells_nothing_of_the_machine():
    data = NOTEBOOK.read_bytes()
    assert len(data) < 200_000
    assert not re.search(rb"/home/|/work/|/tmp/|/usr/", data)


if __name__ == "__main__":
    NOTEBOOK.write_text(
        json.dumps(executed(NOTEBOOK), indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )

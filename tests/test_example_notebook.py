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
    book = json.loads(done.stdout)
    for cell in book["cells"]:  # the line of progress, which a fast machine does not show
        if cell["cell_type"] == "code":
            cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
    return book


def outputs(book):
    """The kind of each output and what it shows."""
    for cell in book["cells"]:
        for output in cell.get("outputs", ()):
            yield from ((kind, "".join(data)) for kind, data in sorted(output["data"].items()))


def pages(book):
    """What bplint itself wrote: pandas and matplotlib show the same a little differently each year."""
    return [text for _, text in outputs(book) if 'class="bplint' in text]


@pytest.fixture(scope="module")
def stored():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_it_shows_what_a_fresh_kernel_shows(stored):
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    fresh = executed(NOTEBOOK)
    assert [kind for kind, _ in outputs(fresh)] == [kind for kind, _ in outputs(stored)]
    assert pages(fresh) == pages(stored), "python tests/test_example_notebook.py writes it again"


def test_it_shows_circuits_curves_figures_and_tables(stored):
    shown = list(outputs(stored))
    assert len(pages(stored)) == 2
    assert all("<svg" in page for page in pages(stored))
    assert sum("dataframe" in text for kind, text in shown if kind == "text/html") == 2
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

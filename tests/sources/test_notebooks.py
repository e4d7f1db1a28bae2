"""Notebooks as modules: code stands in the lines of the file, magics are gone, and what is no notebook is refused."""

import ast
import json

import pytest

from bplint.errors import SourceError
from bplint.sources.notebooks import module_of


def notebook(*cells, indent=1, language="python", whole=False):
    """As Jupyter writes it, each line of a cell in a line of its own, unless ``whole``."""
    made = [
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "source": cell if whole else cell.splitlines(keepends=True),
        }
        for cell in cells
    ]
    document = {"cells": made, "metadata": {"kernelspec": {"language": language}}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=indent, ensure_ascii=False).encode()


def test_code_stands_in_the_lines_of_the_file():
    data = notebook("import math\nx = 'é \"q\"'", "def hea(n):\n    return n\n")
    module = module_of(data).decode().split("\n")
    assert ast.parse("\n".join(module))
    for line, code in enumerate(module):
        if code:
            assert json.loads(data.decode().split("\n")[line].strip().rstrip(",")).rstrip("\n") == code
    assert [line for line in module if line] == ["import math", "x = 'é \"q\"'", "def hea(n):", "    return n"]


@pytest.mark.parametrize("options", [{"indent": None}, {"whole": True}])
def test_where_lines_have_no_line_of_their_own_the_code_is_whole(options):
    namespace = {}
    exec(module_of(notebook("x = 1\ny = 2", "z = x + y", **options)), namespace)
    assert namespace["z"] == 3


def test_magics_are_left_out():
    cells = ["%matplotlib inline\nif True:\n    !ls\nx = 7\nx?", "%%bash\nrm -rf /", "y = (x\n% 5)"]
    namespace = {}
    exec(module_of(notebook(*cells)), namespace)
    assert namespace["y"] == 2


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "not a notebook"),
        (b"[]", "want cells"),
        (b"\xff", "not a notebook"),
        (b"[" * 100_000, "not a notebook"),
        (notebook("x", language="julia"), "in 'julia'"),
    ],
)
def test_what_is_no_notebook_is_refused(data, message):
    with pytest.raises(SourceError, match=message):
        module_of(data)


def test_odd_cells_are_passed_over():
    cells = [None, {"cell_type": "code", "source": 7}, {"cell_type": "code", "source": ["x = 1", 3]}]
    assert module_of(json.dumps({"cells": cells}).encode()) == b"x = 1\n"

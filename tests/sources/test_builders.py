"""Builders in Python files, found without running anything, and what the command line says of them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from bplint.errors import LimitError, SourceError, Span, UsageError
from bplint.sources.builders import LIMIT, BuilderFunction, builders
from bplint.sources.collect import collect_python

ANSATZ = """
import bplint
raise RuntimeError("this must not run")

@bplint.circuit(sizes=[4, 6], observable="mean(Z)")
def hea(n): ...

def ansatz_ring(n): ...

def helper(n): ...
"""


@pytest.mark.parametrize(
    ("decorated", "sizes"),
    [
        ("import bplint\n@bplint.circuit(sizes=[4, 6])", (4, 6)),
        ("import bplint as bp\n@bp.circuit(observable='Z0', sizes=(2, 3))", (2, 3)),
        ("from bplint import circuit\n@circuit(sizes=range(4, 9, 2))", (4, 6, 8)),
        ("from bplint.family import circuit as c\n@c(sizes=range(3))", (0, 1, 2)),
        ("try:\n  import bplint\nexcept ImportError:\n  raise\n@other\n@bplint.circuit()", ()),
        ("import bplint\n@bplint.circuit(sizes=SIZES)", ()),
        ("import bplint\n@bplint.circuit(sizes=[2, SIZE])", ()),
        ("import bplint\n@bplint.circuit(sizes=range(4, 9, 0))", ()),
        ("import bplint\n@bplint.circuit(sizes=[True])", ()),
    ],
)
def test_the_decorator_is_known_by_any_name(decorated, sizes):
    (found,) = builders(f"{decorated}\ndef hea(n): ...".encode())
    assert (found.name, found.declared, found.sizes) == ("hea", True, sizes)


@pytest.mark.parametrize(
    "text",
    [
        "from qiskit import circuit\n@circuit()\ndef hea(n): ...",
        "import bplint\n@bplint.lint()\ndef hea(n): ...",
        "import bplint\n@bplint.circuit\ndef hea(n): ...",
        "from .bplint import circuit\n@circuit()\ndef hea(n): ...",
        "def outer():\n  def ansatz_inner(n): ...",
        "import bplint\n@bplint.circuit()\ndef hea(n): ...\ndef hea(n): ...",
    ],
)
def test_what_only_looks_like_a_builder_is_none(text):
    assert builders(text.encode()) == []


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("class A:\n  @bplint.circuit()\n  def hea(self, n): ...", 4),
        ("class A:\n  x = 1\n  @staticmethod\n  @bplint.circuit(sizes=[2])\n  def hea(n): ...", 6),
        ("class A:\n  class B:\n    @bplint.circuit()\n    def hea(n): ...", 5),
        ("if True:\n  class A:\n    @bplint.circuit()\n    def hea(n): ...", 5),
    ],
)
def test_a_decorated_method_is_refused_at_its_place(body, line):
    with pytest.raises(SourceError, match="hea is a method, and builders are functions") as caught:
        builders(f"import bplint\n{body}".encode())
    assert caught.value.span.line == line
    with pytest.raises(UsageError, match=r"hea is a method of A(\.B)?: move it out of the class"):
        exec(f"import bplint\n{body}", {"__name__": "module"})


def test_names_make_builders_too_and_the_last_definition_counts():
    text = b"import bplint\nif True:\n  def ansatz_a(n): ...\ndef ansatz_b(): ...\n@bplint.circuit(sizes=[2])\ndef ansatz_a(n): ..."
    assert builders(text) == [
        BuilderFunction("ansatz_b", 4, False, extent=(4, 4)),
        BuilderFunction("ansatz_a", 6, True, (2,), extent=(5, 6)),
    ]


def test_functions_that_are_named_are_builders_too():
    text = b"def build(): ...\n\ndef helper(n):\n    return n\n"
    assert builders(text) == []
    assert builders(text, {"helper"}) == [BuilderFunction("helper", 3, False, extent=(3, 4))]


def test_ids_are_those_of_pytest():
    assert BuilderFunction("hea", 1, True, (4, 6)).ids("src/a.py") == ["src/a.py::hea[n=4]", "src/a.py::hea[n=6]"]
    assert BuilderFunction("hea", 1, True).ids("src/a.py") == ["src/a.py::hea"]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (b"x = 1\ndef f(:\n", SourceError, "not Python: invalid syntax"),
        (b"x = '\0'", SourceError, "null bytes"),
        (b"# coding: nonsense\n", SourceError, "nonsense"),
        (b"x = '\xff'", SourceError, "not Python"),
        (b"x = " + b"(" * 5000, SourceError, "not Python|nested"),
        (b"x = " + b"-" * 200_000 + b"1", LimitError, "nested too deeply"),
        (b" " * (LIMIT + 1), LimitError, "2,000,000 bytes"),
    ],
)
def test_what_is_not_python_is_refused(text, error, message):
    with pytest.raises(error, match=message):
        builders(text)


def test_other_encodings_and_odd_escapes_are_read():
    assert builders("# coding: latin-1\nx = 'é'\ndef ansatz_é(n): ...".encode("latin-1"))[0].name == "ansatz_é"
    assert builders(b"\xef\xbb\xbfx = '\\q'\ndef ansatz_a(): ...") == [
        BuilderFunction("ansatz_a", 2, False, extent=(2, 2))
    ]
    with pytest.raises(SourceError) as caught:
        builders(b"x = 1\ny = = 2\n")
    assert caught.value.span == Span(2, 5, 2, 6)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("src").mkdir()
    Path("src/ansatz.py").write_text(ANSATZ)
    Path("src/plain.py").write_text("def main(): ...\n")
    Path("one.qasm").write_text("OPENQASM 3.0;\n// bplint: observable = Z0\ninput float a;\nqubit q;\nry(a) q;\n")


def bplint(*arguments, code):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    return result.output


def test_in_directories_only_files_that_may_hold_builders_are_read(folder):
    assert [source.name for source in collect_python([".", "src/plain.py", "src/ansatz.py", "one.qasm"])] == [
        "./src/ansatz.py",
        "src/plain.py",
    ]


def test_collect_only_lists_builders(folder):
    ids = ["src/ansatz.py::hea[n=4]", "src/ansatz.py::hea[n=6]", "src/ansatz.py::ansatz_ring"]
    last = "0 circuits, 3 of builders in Python, which is not run"
    assert bplint("--collect-only", "src", code=0).splitlines() == [*ids, last]
    assert bplint("--collect-only", "src/ansatz.py", code=0).splitlines() == [*ids, last]
    assert bplint("--collect-only", ".", "-k", "hea or one", code=0).splitlines() == [
        "one.qasm",
        "src/ansatz.py::hea[n=4]",
        "src/ansatz.py::hea[n=6]",
        "1 circuit, 2 of builders in Python, which is not run, 1 deselected",
    ]
    assert bplint("--collect-only", "src/plain.py", code=5) == "0 circuits\n"


def test_collect_only_says_which_python_cannot_be_read(folder):
    Path("src/broken.py").write_text("import bplint\ndef f(:\n")
    assert "src/broken.py:2:7: BP001 not Python: invalid syntax" in bplint("--collect-only", "src", code=1)


def test_a_python_file_is_never_clean(folder):
    output = " ".join(bplint("src/ansatz.py", "one.qasm", code=1).split())
    assert "error BP001 unreadable" in output
    assert "this one holds 2 circuit builders (hea, ansatz_ring)" in output
    assert "hint to run it, here or under pytest --bplint: bplint --exec src/ansatz.py" in output
    assert "this one holds no circuit builder" in " ".join(bplint("src/plain.py", code=1).split())
    Path("broken.py").write_text("def f(:\n")
    assert "broken.py:1:7: BP001 error" in bplint("broken.py", "--format", "concise", code=1)


def test_a_directory_with_declared_builders_says_that_they_are_not_run(folder):
    remark = "not run: 1 builder in ./src/ansatz.py; to lint: --exec"
    assert remark in bplint(".", code=0).splitlines()
    assert "not run" not in bplint("one.qasm", code=0) + bplint(".", "--format", "concise", code=0)
    assert "not run: 1 builder in src/ansatz.py" in bplint("src", code=5)

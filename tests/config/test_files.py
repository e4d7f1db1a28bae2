"""Which files are read at all: what is no regular file, may not be read, or has no table of ours."""

import os
import subprocess
import sys

import pytest

from bplint.errors import UsageError
from configured import of, product, put, run


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_what_only_looks_like_a_file(folder):
    for make, message in (
        (lambda path: os.mkdir(path), "cannot be read: Is a directory"),
        (lambda path: os.mkfifo(path), "not a regular file"),
        (lambda path: os.symlink(path, path), "cannot be read: "),
        (lambda path: os.symlink("nowhere", path), "cannot be read: No such file"),
        (lambda path: os.symlink("/dev/zero", path), "not a regular file"),
    ):
        for name in ("bplint.toml", "pyproject.toml"):
            make(name)
            result = run(".")
            assert (result.exit_code, result.output.count("\n")) == (2, 1)
            assert f"bplint: {name}: {message}" in result.output
            os.rename(name, f"old{len(os.listdir())}")
    put({"real/bplint.toml": "shots = 5\n"})
    os.symlink("real/bplint.toml", "bplint.toml")
    assert of("x.qasm").shots == 5


def test_a_file_that_may_not_be_read_is_an_error(folder, monkeypatch):
    put({"bplint.toml": "shots = 5\n"})
    opened = os.open

    def refuse(path, *arguments, **keywords):
        if str(path).endswith("bplint.toml"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **keywords)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UsageError, match=r"bplint.toml: cannot be read: Permission denied"):
        of("x.qasm")


def test_without_our_table_no_toml_parser_is_loaded(folder):
    put({"pyproject.toml": "[tool.black]\n", "x.qasm": product("Z0", 1)})
    code = (
        "import sys; from bplint.cli import main\n"
        "try: main(['x.qasm', '-q', '--select', 'BP203'])\n"
        "except SystemExit: pass\n"
        "sys.exit('tomllib' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)

"""What a source includes, told from its text."""

import os

import pytest

from bplint.sources.included import included


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "inner.inc").write_text('include "deep.inc";')
    (tmp_path / "lib" / "deep.inc").write_text('include "inner.inc"; // round')
    (tmp_path / "secret.txt").write_text("")
    return tmp_path


def test_includes_are_followed_each_once(folder):
    text = b'OPENQASM 3; include "stdgates.inc"; include \'lib/inner.inc\'; include "secret.txt"; include "gone.inc";'
    found = included(text, str(folder / "main.qasm"))
    assert [os.path.relpath(path, folder) for path in found] == ["lib/inner.inc", "lib/deep.inc"]
    assert included(b"x q[0];", str(folder / "main.qasm")) == []


def test_a_folder_of_that_name_is_no_file(folder):
    (folder / "folder.inc").mkdir()
    assert included(b'include "folder.inc";', str(folder / "main.qasm")) == []

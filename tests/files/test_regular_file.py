"""What is read, and what must not hang a run."""

import os

import pytest

from bplint.files.regular_file import NotReadable, content


def test_a_file_is_read_up_to_one_byte_more_than_the_limit(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 10)
    os.symlink(tmp_path / "a", tmp_path / "link")
    assert content(tmp_path / "a", 10) == content(str(tmp_path / "link"), 20) == b"x" * 10
    assert content(tmp_path / "a", 3) == b"xxxx"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "cannot be read: No such file or directory"),
        (os.mkdir, "cannot be read: Is a directory"),
        (os.mkfifo, "not a regular file"),
        (lambda path: os.symlink("/dev/zero", path), "not a regular file"),
        (lambda path: os.symlink("/dev/null", path), "not a regular file"),
        (lambda path: os.symlink(path, path), "cannot be read: Too many levels of symbolic links"),
    ],
)
def test_nothing_else_is_opened(tmp_path, make, reason):
    path = str(tmp_path / "it")
    make(path)
    with pytest.raises(NotReadable, match=f"^{reason}$"):
        content(path, 10)


def test_a_path_that_cannot_be(tmp_path):
    with pytest.raises(NotReadable, match="cannot be read: embedded null"):
        content(f"{tmp_path}/a\0b", 10)

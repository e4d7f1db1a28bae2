"""Files written at once or not at all."""

import os

import pytest

from bplint.files.atomic_write import put


def test_the_mode_and_the_link_of_a_file_stay(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    put(str(link), b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_mode_that_others_have(tmp_path):
    put(str(tmp_path / "mine"), b"")
    (tmp_path / "other").touch()
    assert (tmp_path / "mine").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("at", ["replace", "chmod"])
def test_what_fails_half_way_leaves_the_old_file_alone(tmp_path, monkeypatch, at):
    file = tmp_path / "file"
    file.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, at, full)
    with pytest.raises(OSError, match="No space left"):
        put(str(file), b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert file.read_text() == "old"


def test_there_is_no_folder_to_write_in(tmp_path):
    with pytest.raises(FileNotFoundError):
        put(str(tmp_path / "no" / "file"), b"")
    with pytest.raises(IsADirectoryError):
        put(str(tmp_path), b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device here")
def test_a_device_is_written_to(tmp_path):
    put("/dev/null", b"away")
    with pytest.raises(OSError, match="No space left"):
        put("/dev/full", b"away")
    assert not os.path.isfile("/dev/full")

"""Where data sets are looked for, which files are never opened, and samples as bit strings."""

import os

import numpy as np
import pytest

from bplint.dataset.files import LIMIT, DataFolder, read_samples, read_table
from bplint.dataset.table import TableError


@pytest.fixture
def project(tmp_path):
    """A repository with a circuit in a folder of it, and a file outside."""
    (tmp_path / "outside.csv").write_text("1\n")
    inner = tmp_path / "repository" / "circuits"
    inner.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "repository" / "above.csv").write_text("2\n")
    (inner / "d.csv").write_text("3\n")
    np.save(inner / "d.npy", np.array([[0.0], [1.0]]))
    return inner


def test_names_start_beside_the_circuit_and_end_with_its_repository(project):
    place = DataFolder.beside(str(project / "c.qasm"))
    assert read_table("d.csv", place).values == 3
    assert read_table("../above.csv", place).values == 2
    assert read_table("d.npy", place).values.tolist() == [[0.0], [1.0]]
    for name in ("../../outside.csv", str(project.parent.parent / "outside.csv"), "~/d.csv"):
        with pytest.raises(TableError, match=r"outside of the project|beside this one"):
            read_table(name, place)
    (project / "link.csv").symlink_to(project.parent.parent / "outside.csv")
    with pytest.raises(TableError, match="outside of the project"):
        read_table("link.csv", place)


def test_the_caller_may_name_any_file(project):
    place = DataFolder(str(project), None)
    assert read_table("../../outside.csv", place).values == 1
    assert read_table(str(project.parent.parent / "outside.csv"), place).values == 1


def test_what_is_no_file_to_read_is_refused(project):
    os.mkfifo(project / "fifo.csv")
    (project / "folder.csv").mkdir()
    (project / "large.csv").write_bytes(b"1\n" * (LIMIT // 2 + 1))
    (project / "latin.csv").write_bytes(b"a\n1\n\xff\n")
    place = DataFolder.beside(str(project / "c.qasm"))
    for name, message in (
        ("fifo.csv", "not a regular file"),
        ("folder.csv", r"cannot be read|not a regular file"),
        ("none.csv", "cannot be read: No such file"),
        ("large.csv", "over the limit of 20,000,000 bytes"),
        ("latin.csv", "line 3: not UTF-8"),
        ("d.txt", r"want a file named .csv or .npy"),
        ("d.npz", r"want a file named .csv or .npy"),
    ):
        with pytest.raises(TableError, match=message):
            read_table(name, place)


def test_samples(project):
    place = DataFolder.beside(str(project / "c.qasm"))
    (project / "s.csv").write_text("# of the model\n0,1,1\n\n1 0 0\n")
    assert read_samples("s.csv", place).tolist() == [[0, 1, 1], [1, 0, 0]]
    assert read_samples("d.npy", place).dtype == np.uint8
    np.save(project / "half.npy", np.array([[0.0, 0.5]]))
    for text, message in (
        ("01\n2\n", "line 2: want bits such as 0110, got '2'"),
        ("01\n011\n", "line 2: want 2 bits, as before, got 3"),
        ("\n# none\n", "there are no samples"),
    ):
        (project / "t.txt").write_text(text)
        with pytest.raises(TableError, match=message):
            read_samples("t.txt", place)
    with pytest.raises(TableError, match=r"row 1, column 2: want 0 or 1, got 0.5"):
        read_samples("half.npy", place)

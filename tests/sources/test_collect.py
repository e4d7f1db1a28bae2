"""Which files a run takes, and which importer takes them."""

import os

import pytest

from bplint.errors import SourceError, Unsupported, UsageError
from bplint.importers.program import Importer
from bplint.sources.collect import InputSource, claimed, collect, collect_python


def importer(name, *suffixes, claims=None):
    return {suffix: (Importer(name, suffixes, print, claims),) for suffix in suffixes}


IMPORTERS = {
    **importer("flat", ".q"),
    **importer("data", ".json", claims=lambda beginning: "circuit" in beginning),
    **importer("deep", ".x.json", claims=lambda beginning: beginning.startswith("[")),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {
        "b.q": "", "a.Q": "", "c.txt": "", ".hidden.q": "", "sub/d.q": "", ".git/e.q": "", "build/f.q": "",
        "yes.json": "circuit", "no.json": "package", "late.json": " " * 5000 + "circuit", "y.x.json": "[", "n.x.json": "circuit",
    }  # fmt: skip
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def names(*paths):
    return [source.name for source in collect(paths, IMPORTERS)]


def test_directories_give_what_importers_claim(folder):
    assert names(".") == ["./a.Q", "./b.q", "./y.x.json", "./yes.json", "./sub/d.q"]


def test_files_that_are_named_are_taken_once_whatever_they_are(folder):
    assert names("c.txt", "no.json", "./c.txt", ".hidden.q") == ["c.txt", "no.json", ".hidden.q"]
    with pytest.raises(UsageError, match=r"no such file or directory: none\.q"):
        names("none.q")


def test_the_longest_suffix_finds_the_importer(folder):
    assert [i.name for i in InputSource("y.x.json", "y.x.json").candidates(IMPORTERS)] == ["deep"]
    assert [i.name for i in InputSource("no.json", "no.json").candidates(IMPORTERS)] == ["data"]
    assert [i.name for i in InputSource("-", "z.Q").candidates(IMPORTERS)] == ["flat"]
    assert [i.name for i in InputSource("-", "-").candidates(importer("openqasm", ".qasm"))] == ["openqasm"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("c.txt", "not a circuit that bplint reads: want .q, .json, .x.json, got .txt"),
        ("c", "got no suffix"),
        ("x.qpy", "QPY files are not read"),
    ],
)
def test_what_no_importer_reads(folder, name, message):
    with pytest.raises(Unsupported, match=message):
        InputSource(name, name).candidates(IMPORTERS)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_what_only_looks_like_a_file(folder):
    os.mkfifo("pipe.json")
    os.mkfifo("pipe.py")
    os.symlink("nowhere", "gone.json")
    assert not claimed("pipe.json", IMPORTERS)
    assert not claimed("gone.json", IMPORTERS)
    assert "./pipe.json" not in names(".")
    assert collect_python(["."]) == []
    with pytest.raises(SourceError, match="not a regular file"):
        InputSource("pipe.json", "pipe.json").read()


def test_python_that_speaks_of_builders(folder):
    (folder / "one.py").write_text("def ansatz_x(n): ...")
    (folder / "two.py").write_text("import bplint")
    (folder / "three.py").write_text("import os")
    assert [source.name for source in collect_python([".", "three.py", "b.q"])] == ["./one.py", "./two.py", "three.py"]

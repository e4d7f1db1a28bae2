"""Entry points read from metadata folders, against what importlib.metadata says."""

import sys
from importlib import metadata

import pytest

from bplint.plugins.entry_points import GROUP, installed


def install(folder, distribution, version, text):
    place = folder / f"{distribution}-{version}.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
    if text is not None:
        (place / "entry_points.txt").write_text(text)


def by_importlib():
    return sorted(
        (e.name, e.value, e.dist.name.replace("_", "-"), e.dist.version) for e in metadata.entry_points(group=GROUP)
    )


def test_what_is_installed_here():
    assert [tuple(e) for e in installed()] == by_importlib()
    assert {"builtin", "formats", "openqasm"} <= {e.name for e in installed()}


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path / "first"), str(tmp_path / "second"), str(tmp_path / "absent")])
    return tmp_path


def test_sections_of_other_groups_are_passed_over(path):
    install(
        path / "first",
        "some_plugin",
        "1.2",
        "[console_scripts]\nx = a:b\n\n[bplint]\nmine = some.module\n two=b\n[z]\nq = r\n",
    )
    install(path / "second", "other", "3", None)
    found = installed()
    assert [tuple(e) for e in found] == [
        ("mine", "some.module", "some-plugin", "1.2"),
        ("two", "b", "some-plugin", "1.2"),
    ]
    assert str(found[0]) == "mine (some-plugin 1.2)"


def test_the_first_of_a_name_on_the_path_wins_as_in_importlib(path):
    install(path / "second", "Some_Plugin", "2.0", "[bplint]\nmine = new\n")
    install(path / "first", "some_plugin", "1.0", "[bplint]\nmine = old\n")
    assert [(e.module, e.version) for e in installed()] == [("old", "1.0")]
    assert [row[1] for row in by_importlib()] == ["old"]


def test_two_distributions_may_use_one_name(path):
    install(path / "first", "a", "1", "[bplint]\nmine = x\n")
    install(path / "first", "b", "1", "[bplint]\nmine = y\n")
    assert [(e.name, e.distribution) for e in installed()] == [("mine", "a"), ("mine", "b")]

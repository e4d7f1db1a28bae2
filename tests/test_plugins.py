"""A plugin that fails stops the run with its name; no rules at all is an error, never "clean"."""

import importlib.metadata
import sys

import pytest
from click.testing import CliRunner

from bplint import plugins
from bplint.cli import main
from bplint.errors import PluginError, UsageError
from bplint.plugins import choose, load_rules
from bplint.rule import Rule


@pytest.fixture(autouse=True)
def fresh():
    load_rules.cache_clear()
    yield
    load_rules.cache_clear()


def install(monkeypatch, *found):
    """Entry points that yield these plugin objects."""
    modules = {f"module{i}": plugin for i, plugin in enumerate(found)}

    def load(name):
        if isinstance(modules[name], Exception):
            raise modules[name]
        return modules[name]

    monkeypatch.setattr(plugins, "entry_points", lambda: {f"plugin{i}": f"module{i}" for i in range(len(found))})
    monkeypatch.setattr(plugins, "import_module", load)


class Plugin:
    def __init__(self, *rules):
        self.rules = rules

    @plugins.hookimpl
    def bplint_rules(self):
        return self.rules


def test_built_in_rules_enter_by_entry_point():
    assert {"BP001", "BP101", "BP301"} <= {rule.code for rule in load_rules()}


def test_no_rules_raise(monkeypatch):
    install(monkeypatch)
    with pytest.raises(PluginError, match="no rules were found"):
        load_rules()


def test_a_run_without_rules_exits_3(monkeypatch, tmp_path):
    install(monkeypatch)
    (tmp_path / "x.qasm").write_text("OPENQASM 3.0;\nqubit q;\nU(0.1, 0, 0) q;\n")
    result = CliRunner().invoke(main, [str(tmp_path)])
    assert result.exit_code == 3
    assert "no rules were found" in result.output


def test_a_plugin_that_fails_to_load_is_named(monkeypatch):
    install(monkeypatch, ImportError("no module named nonsense"))
    with pytest.raises(PluginError, match="plugin plugin0 failed to load: ImportError: no module named nonsense"):
        load_rules()


@pytest.mark.parametrize(
    ("provided", "message"),
    [
        (["not a rule"], "plugin0: want Rule objects .* got str"),
        ([Rule("X1", "fine", 1, "exact", "1", None, "os")], "want a code like BP201"),
        ([Rule("XY001", "Not Fine", 1, "exact", "1", None, "os")], "want a code like BP201"),
        ([Rule("XY001", "fine", 1, "exact", "1", None, "os")] * 2, "XY001 exists already"),
    ],
)
def test_nonsense_is_refused_with_the_plugins_name(monkeypatch, provided, message):
    install(monkeypatch, Plugin(*provided))
    with pytest.raises(PluginError, match=message):
        load_rules()


def test_selection_by_code_prefix_and_name():
    rules = load_rules()
    assert [r.code for r in choose(rules, ["BP2"], [])] == ["BP201", "BP203"]
    assert [r.code for r in choose(rules, ["dead-loss", "BP301"], [])] == ["BP104", "BP301"]
    assert "BP301" not in [r.code for r in choose(rules, [], ["BP3"])]
    with pytest.raises(UsageError, match="'BP7'"):
        choose(rules, ["BP7"], [])


def test_entry_points_are_those_that_python_finds(monkeypatch, tmp_path):
    """The same answer as importlib.metadata, also with a second plugin on the path; the first of a name wins."""
    for folder, module in (("first", "one"), ("second", "two")):
        info = tmp_path / folder / "thing-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(
            f"[console_scripts]\nthing = x:y\n\n[bplint]\nthing = {module}\n[other]\nz = w\n"
        )
        monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / folder)])
    found = plugins.entry_points()
    assert found["builtin"] == "bplint_rules"
    assert found["thing"] == "one"
    assert found == {p.name: p.value for p in importlib.metadata.entry_points(group="bplint")}


def test_where_no_folder_holds_any_python_is_asked(monkeypatch):
    monkeypatch.setattr(sys, "path", ["/nowhere"])
    monkeypatch.setattr(
        importlib.metadata, "entry_points", lambda group: [importlib.metadata.EntryPoint("a", "b", group)]
    )
    assert plugins.entry_points() == {"a": "b"}

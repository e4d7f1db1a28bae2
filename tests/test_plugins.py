"""A plugin that fails is named and left out; no rules at all is an error, never "clean"."""

import importlib.metadata
import json
import re
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from bplint import plugins
from bplint.analyses import analysis, locality
from bplint.cli import main
from bplint.errors import PluginError, UsageError
from bplint.finding import Hit, Kind, Severity
from bplint.importers.qasm import bplint_importers
from bplint.plugins import API, Importer, Reporter, choose, load, load_analyses
from bplint.plugins import entry_points as finder
from bplint.plugins.entry_points import EntryPoint
from bplint.rule import Rule, Scope
from bplint.rule import rule as make_rule
from bplint.run import lint_text


@pytest.fixture(autouse=True)
def fresh():
    load.cache_clear()
    load_analyses.cache_clear()
    yield
    load.cache_clear()
    load_analyses.cache_clear()


def install(monkeypatch, *found):
    """Entry points that yield these plugin objects."""
    modules = {f"module{i}": plugin for i, plugin in enumerate(found)}

    def imported(name):
        if isinstance(modules[name], Exception):
            raise modules[name]
        return modules[name]

    points = [EntryPoint(f"plugin{i}", f"module{i}", f"dist{i}", "1.2") for i in range(len(found))]
    monkeypatch.setattr(plugins, "installed", lambda: points)
    monkeypatch.setattr(plugins, "import_module", imported)


def plugin(*rules, **others):
    return SimpleNamespace(BPLINT_API=API, bplint_rules=lambda: rules, **others)


def rule(code="XY001", name="fine"):
    return Rule(code=code, name=name, severity=Severity.NOTE, kind=Kind.EXACT, since="1", module="os")


def test_built_in_parts_enter_by_entry_point():
    found = load()
    assert {"BP001", "BP101", "BP301"} <= {rule.code for rule in found.rules}
    assert {".qasm", ".qasm2", ".qasm3"} <= set(found.importers)
    assert {"full", "concise", "json"} <= set(found.reporters)
    assert found.default_format == "full"


def test_no_rules_raise(monkeypatch):
    install(monkeypatch)
    with pytest.raises(PluginError, match="no rules were found"):
        load()


def test_a_run_without_rules_exits_3(monkeypatch, tmp_path):
    install(monkeypatch)
    (tmp_path / "x.qasm").write_text("OPENQASM 3.0;\nqubit q;\nU(0.1, 0, 0) q;\n")
    result = CliRunner().invoke(main, [str(tmp_path)])
    assert result.exit_code == 3
    assert "no rules were found" in result.output


def failures():
    """What could not be loaded, in one line each."""
    return [f"{f.title}: {f.reason}" for f in (*load().failures, *load_analyses().failures)]


def test_a_plugin_that_fails_to_load_is_named_and_left_out(monkeypatch):
    install(monkeypatch, ImportError("no module named nonsense"), plugin(rule()))
    assert [r.code for r in load().rules] == ["XY001"]
    assert failures() == [
        "plugin plugin0 (dist0 1.2) failed: "
        "plugin plugin0 (dist0 1.2) failed to load: ImportError: no module named nonsense"
    ]


def test_where_no_rule_is_left_the_reason_is_told(monkeypatch):
    install(monkeypatch, ImportError("no module named nonsense"))
    with pytest.raises(PluginError, match=r"no rules were found.*no module named nonsense"):
        load()


@pytest.mark.parametrize(
    ("provided", "message"),
    [
        (plugin("not a rule"), r"plugin0 \(dist0 1.2\): want Rule objects from bplint_rules\(\), got str"),
        (plugin(rule("X1")), "want a code like EX101"),
        (plugin(rule("XY001", "Not Fine")), "want a code like EX101"),
        (plugin(rule()._replace(severity=2)), "want a Severity and a Kind"),
        (plugin(rule()._replace(check="check")), "want a function"),
        (plugin(rule()._replace(family="family")), r"want a function \(family, ask\)"),
        (plugin(rule()._replace(repairs=("fewer layers",))), r"want functions \(case, ask, hit\) as repairs, got str"),
        (plugin(rule()._replace(explains=("dead-loss",))), "want the codes of rules as explains, got 'dead-loss'"),
        (plugin(rule()._replace(worst=3)), "want a Severity as worst"),
        (plugin(rule(), rule()), "XY001 is provided twice, by plugin plugin0 .* and by plugin plugin0"),
        (plugin(rule(), rule("XY002")), "rule fine is provided twice"),
        (plugin(rule(), bplint_analyses=lambda: [len]), "want Analysis objects"),
        (SimpleNamespace(BPLINT_API=API, bplint_rules=lambda: 1 / 0), "failed: ZeroDivisionError"),
        (SimpleNamespace(BPLINT_API=API, bplint_rules=lambda: 7), "failed: TypeError"),
        (SimpleNamespace(BPLINT_API=API, bplint_rule=lambda: ()), "unknown hook 'bplint_rule'"),
        (SimpleNamespace(BPLINT_API=API, bplint_rules=lambda config: ()), "bplint_rules"),
        (
            SimpleNamespace(BPLINT_API=API + 1, bplint_rules=lambda: ()),
            f"written for plugin API {API + 1}, .* has {API}",
        ),
        (SimpleNamespace(bplint_rules=lambda: ()), "written for plugin API None"),
        (plugin(rule(), bplint_importers=lambda: [Importer("x", (".X",), print)]), "want a suffix like .qasm"),
        (plugin(rule(), bplint_importers=lambda: [print]), "want Importer objects"),
        (plugin(rule(), bplint_reporters=lambda: ["html"]), "want Reporter objects"),
    ],
)
def test_nonsense_is_refused_with_the_plugins_name(monkeypatch, provided, message):
    install(monkeypatch, provided, plugin(rule("XY999", "sound")))
    assert "XY999" in [r.code for r in load().rules]
    (told,) = failures()
    assert "plugin0 (dist0 1.2)" in told
    assert re.search(message, told)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({}, "rule XY001"),
        ({"bplint_importers": lambda: [Importer("x", (".x",), print)]}, "importer .x"),
        ({"bplint_reporters": lambda: [Reporter("x", "", print)]}, "format x"),
        ({"bplint_analyses": lambda: [analysis("x")(print)]}, "analysis x"),
    ],
)
def test_two_plugins_that_claim_one_name_are_both_named(monkeypatch, part, message):
    second = plugin(rule() if not part else rule("XY002", "other"), **part)
    install(monkeypatch, plugin(rule(), **part), second)
    (told,) = failures()
    assert f"{message} is provided twice, by plugin plugin0 (dist0 1.2) and by plugin plugin1 (dist1 1.2)" in told


def test_two_plugins_with_one_code_exit_3(monkeypatch, tmp_path):
    built_in = importlib.import_module("bplint.report")
    install(monkeypatch, plugin(rule()), plugin(rule()), built_in)
    result = CliRunner().invoke(main, [str(tmp_path)])
    assert result.exit_code == 3
    assert "plugin0 (dist0 1.2)" in result.output
    assert "plugin1 (dist1 1.2)" in result.output
    assert CliRunner().invoke(main, ["rules"]).exit_code == 3


def test_a_part_of_bplint_stays_where_a_plugin_claims_its_name(monkeypatch):
    mine = plugin(rule(), bplint_reporters=lambda: [Reporter("json", "", print)])
    install(monkeypatch, mine, importlib.import_module("bplint.report"))
    points = [EntryPoint("plugin0", "module0", "dist0", "1.2"), EntryPoint("plugin1", "module1", "bplint", "1.2")]
    monkeypatch.setattr(plugins, "installed", lambda: points)
    assert load().reporters["json"].write is not print
    (told,) = failures()
    assert told.startswith("format json of plugin plugin0 (dist0 1.2) failed")


def test_a_plugin_can_be_left_out(monkeypatch):
    install(monkeypatch, plugin(rule()), plugin(rule("XY002", "other")))
    assert [r.code for r in load().rules] == ["XY001", "XY002"]
    assert [r.code for r in load(("plugin0",)).rules] == ["XY002"]
    with pytest.raises(UsageError, match="no plugin is called 'plugin7'"):
        load(("plugin7",))
    result = CliRunner().invoke(main, ["rules", "-p", "no:plugin1"])
    assert "XY001" in result.output
    assert "XY002" not in result.output
    assert CliRunner().invoke(main, ["rules", "-p", "plugin1"]).exit_code == 2


def test_an_importer_and_a_format_from_a_plugin_are_used(monkeypatch, tmp_path):
    def read(text, *, path, overrides):
        from bplint.importers.qasm import read as openqasm

        return openqasm(text.replace("turn", "rx"))

    mine = plugin(
        bplint_importers=lambda: [Importer("mine", (".turn",), read)],
        bplint_reporters=lambda: [
            Reporter("size", "qubits", lambda report, *_: f"{report.circuits[0].case.circuit.n_qubits}\n")
        ],
    )
    built_in = (
        sys.modules["bplint.report"],
        sys.modules["bplint.importers.qasm"],
        importlib.import_module("bplint_rules"),
    )
    install(monkeypatch, mine, *built_in)
    (tmp_path / "x.turn").write_text('OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q;\nturn(0.1) q[0];\n')
    result = CliRunner().invoke(main, [str(tmp_path), "--format", "size"])
    assert (result.exit_code, result.output) == (0, "3\n")


def test_a_family_rule_of_a_plugin_enters_by_the_same_door(monkeypatch):
    @make_rule("XY001", "wide-member", Severity.NOTE, kind=Kind.EXACT, since="1", scope=Scope.FAMILY)
    def wide(family, ask, *, most: int = 3):
        for member in family.members:
            if ask(locality, of=member).terms[0].light_cone and member.case.circuit.n_qubits > most:
                yield Hit(f"{member.size} is wide.")

    install(monkeypatch, plugin(wide), plugin(bplint_importers=bplint_importers))
    text = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nconst int n = 9;\ninput float a;\nqubit[n] q;\nrx(a) q[0];\n'
    found = lint_text(text, name="wide.qasm", sizes=(2, 3, 4, 5))
    assert [(f.code, f.path, f.hit.message) for f in found.findings] == [
        ("XY001", "wide.qasm", "4 is wide."),
        ("XY001", "wide.qasm", "5 is wide."),
    ]
    (narrow,) = lint_text(text, rules=[wide._replace(options={"most": 4})], sizes=(4, 5)).findings
    assert narrow.hit.message == "5 is wide."
    assert not lint_text(text).findings
    assert not lint_text(text, sizes=(2, 4)).circuits[1].findings


def test_what_a_rule_looks_at_is_listed():
    listed = json.loads(CliRunner().invoke(main, ["rules", "--format", "json"]).output)["rules"]
    scopes = {rule["code"]: rule["scope"] for rule in listed}
    assert (scopes["BP301"], scopes["BP303"], scopes["BP101"]) == (["circuit"], ["family"], ["circuit", "family"])
    assert "warning, error at worst · estimate · family" in CliRunner().invoke(main, ["explain", "BP303"]).output


def test_rules_and_plugins_are_listed_with_their_origin():
    listed = json.loads(CliRunner().invoke(main, ["rules", "--format", "json"]).output)
    first = listed["rules"][0]
    assert (listed["schema"], first["code"], first["plugin"], first["distribution"]) == (
        "bplint/1",
        "BP001",
        "builtin",
        "bplint",
    )
    output = CliRunner().invoke(main, ["plugins"]).output
    assert "bplint_rules" in output
    assert "openqasm importer (.qasm .qasm2 .qasm3)" in output


def test_selection_by_code_prefix_and_name():
    rules = load().rules
    assert [r.code for r in choose(rules, ["BP2"], [])] == ["BP201", "BP202", "BP203", "BP204"]
    assert [r.code for r in choose(rules, ["dead-loss", "BP301"], [])] == ["BP104", "BP301"]
    assert "BP301" not in [r.code for r in choose(rules, [], ["BP3"])]
    with pytest.raises(UsageError, match="'BP77'"):
        choose(rules, ["BP77"], [])


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
    found = {point.name: point for point in finder.installed()}
    assert found["builtin"].module == "bplint_rules"
    assert found["thing"] == EntryPoint("thing", "one", "thing", "1.0")
    assert {(p.name, p.module, p.version) for p in found.values()} == {
        (p.name, p.value, p.dist.version) for p in importlib.metadata.entry_points(group="bplint")
    }


def test_where_no_folder_holds_any_python_is_asked(monkeypatch):
    monkeypatch.setattr(sys, "path", ["/nowhere"])
    monkeypatch.setattr(
        importlib.metadata, "entry_points", lambda group: [importlib.metadata.EntryPoint("a", "b", group)]
    )
    assert finder.installed() == [EntryPoint("a", "b", "unknown", "0")]


def test_a_plugins_option_must_be_of_a_plain_type():
    (rule,) = choose(load().rules, ("BP201",), ())
    assert plugins._fault(rule) is None
    assert (
        plugins._fault(rule._replace(options={"qubits": [1]}))
        == "BP201: option qubits: want a boolean, number or string, got list"
    )


def test_a_plugin_brings_the_format_that_is_shown_where_none_is_asked_for(monkeypatch, tmp_path):
    mine = Reporter("mine", "its own", lambda report, *_: f"{len(report.entries)} read\n", is_default=True)
    install(monkeypatch, plugin(rule(), bplint_importers=bplint_importers, bplint_reporters=lambda: [mine]))
    (tmp_path / "x.qasm").write_text("OPENQASM 3.0;\nqubit[1] q;\n")
    result = CliRunner().invoke(main, [str(tmp_path)])
    assert result.output.startswith("bplint ")
    assert result.output.endswith("\n1 read\n")
    assert str(lint_text("OPENQASM 3.0;\nqubit[1] q;\n")) == "1 read\n"

"""Pages, tables and the catalogue of rules."""

import json
import sys

import pytest

from bplint.errors import UsageError
from bplint.explain import as_json, catalogue, markdown_table, page, plugin_table, table
from bplint.plugins import load, load_analyses
from bplint.rule import Example

PLUGINS = load()
RULES = PLUGINS.rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_found_by_code_and_name(rule):
    text = page(RULES, rule.code)
    assert text == page(RULES, rule.name) == page(RULES, rule.code.lower())
    assert text.startswith(f"# {rule.code} {rule.name}\n")
    assert rule.severity.label in text.splitlines()[2]
    assert text.count("\n## Bad: ") == len(rule.bad)
    assert text.count("\n## Good: ") == len(rule.good)


@pytest.mark.parametrize("wanted", ["", "BP", "BP9999", "global", "Global-Observable"])
def test_nothing_else_is_a_rule(wanted):
    with pytest.raises(UsageError, match="no rule is called"):
        page(RULES, wanted)


def test_long_examples_are_cut_in_the_middle(monkeypatch):
    rule = RULES[-1]
    lines = [f"// line {i}\n" for i in range(21)]
    module = sys.modules[rule.module]
    monkeypatch.setattr(module, "BAD", (Example("long", "".join(lines)),))
    text = page(RULES, rule.code)
    shown = text.partition("## Bad: long")[2]
    assert "… 7 more lines\n" in shown
    assert "// line 9\n… 7" in shown
    assert "// line 17\n" in shown
    assert "// line 16\n" not in shown
    monkeypatch.setattr(module, "BAD", (Example("short", "".join(lines[:20])),))
    whole = page(RULES, rule.code)
    assert "more lines" not in whole.partition("## Bad: short")[2].partition("## ")[0]


def test_tables_have_a_row_for_each_rule():
    assert [line.split()[0] for line in table(PLUGINS).splitlines()] == [r.code for r in RULES]
    assert "  from " not in table(PLUGINS), "all are built in"
    rows = markdown_table(RULES).splitlines()
    assert [row.split(" | ")[0].strip("| ") for row in rows[2:]] == [r.code for r in RULES]
    machine = json.loads(as_json(PLUGINS))["rules"]
    assert [(row["code"], row["severity"], row["plugin"]) for row in machine] == [
        (r.code, r.severity.label, "builtin") for r in RULES
    ]
    assert all(row["summary"].endswith(".") for row in machine)


def test_plugins_are_listed_with_what_they_bring():
    rows = plugin_table(PLUGINS, load_analyses()).splitlines()
    assert len(rows) == len(PLUGINS.plugins)
    assert any(f"{len(RULES)} rules" in row for row in rows)
    assert any("formats full, concise, json" in row for row in rows)


def test_headings_are_one_level_down_in_the_catalogue_but_not_in_code():
    text = catalogue(RULES)
    outside, code = [], False
    for line in text.splitlines():
        code ^= line.startswith("```")
        if not code:
            outside.append(line)
    headings = [line for line in outside if line.startswith("# ")]
    assert headings == ["# Rules"]
    assert [line for line in outside if line.startswith("## ")] == [f"## {r.code} {r.name}" for r in RULES]

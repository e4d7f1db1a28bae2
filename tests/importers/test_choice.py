"""Choosing between importers of one suffix, by what a text begins with; and plugins that share a suffix, in a run."""

import json
import sys
from types import ModuleType

import pytest

from bplint import plugins
from bplint.config import Settings
from bplint.failure import Fault
from bplint.importers import qasm
from bplint.importers.choice import BEGINNING, candidates, chosen, wanted
from bplint.importers.program import Importer
from bplint.plugins.entry_points import EntryPoint
from bplint.run import lint


def importer(name, word=None, suffixes=(".json",)):
    return Importer(name, suffixes, print, None if word is None else lambda beginning: word in beginning)


A, B, REST = importer("a", "alpha"), importer("b", "beta"), importer("rest")
BROKEN = Importer("broken", (".json",), print, lambda beginning: 1 / 0)


@pytest.mark.parametrize(
    ("among", "text", "name"),
    [
        ((A, B), "alpha", "a"),
        ((A, B), "beta", "b"),
        ((REST, B), "beta", "b"),
        ((REST, B), "gamma", "rest"),
        ((A, B), "gamma", "a"),
        ((A,), "gamma", "a"),
        ((A, B), " " * BEGINNING + "beta", "a"),
    ],
)
def test_who_claims_a_text_reads_it(among, text, name):
    assert chosen(among, text).name == name


def test_two_that_claim_one_text_are_a_fault_that_names_both():
    found = chosen((A, B), "alpha beta")
    assert isinstance(found, Fault)
    assert found.lines == ("the importers a and b both claim this text",)


def test_who_fails_to_tell_is_a_fault_of_that_importer():
    found = chosen((A, BROKEN), "alpha")
    assert (found.name, found.lines[-1]) == ("broken", "ZeroDivisionError: division by zero")


def test_a_directory_gives_what_one_of_them_reads():
    assert wanted((A, B), lambda: "beta")
    assert not wanted((A, B), lambda: "gamma")
    assert wanted((A, BROKEN), lambda: "gamma"), "so that the failure is told"
    assert not wanted((), lambda: "alpha")

    def never():
        raise AssertionError

    assert wanted((B, REST), never)


def test_the_longest_suffix_decides():
    deep = importer("deep", suffixes=(".x.json",))
    by_suffix = {".json": (A, B), ".x.json": (deep,)}
    assert candidates("F.X.JSON", by_suffix) == (deep,)
    assert candidates("f.json", by_suffix) == (A, B)
    assert candidates("f.txt", by_suffix) == ()


def test_plugins_share_a_suffix(monkeypatch, tmp_path):
    """Two plugins read .json: each its own, neither what both claim."""

    def reading(word):
        def read(text, *, path, overrides):
            return qasm.read(json.loads(text)[word])

        module = ModuleType(f"reads_{word}")
        module.BPLINT_API = 1
        module.bplint_importers = lambda: [Importer(word, (".json",), read, lambda beginning: f'"{word}"' in beginning)]
        return module

    modules = [sys.modules["bplint.importers.qasm"], __import__("bplint_rules"), reading("alpha"), reading("beta")]
    points = [EntryPoint(m.__name__, m.__name__, "bplint" if i < 2 else m.__name__, "1") for i, m in enumerate(modules)]
    for module in modules:
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(plugins, "installed", lambda: points)
    plugins.load.cache_clear()
    plugins.load_analyses.cache_clear()
    text = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[1] q;\ninput float t;\nrx(t) q[0];\n'
    for name, words in {"a": ["alpha"], "b": ["beta"], "c": ["alpha", "beta"], "d": ["gamma"]}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(dict.fromkeys(words, text)))
    try:
        found = lint([str(tmp_path)], Settings(isolated=True))
    finally:
        plugins.load.cache_clear()
        plugins.load_analyses.cache_clear()
    assert [c.case.path[-6:] for c in found.circuits] == ["a.json", "b.json"]
    (failure,) = found.failures
    assert failure.circuit.endswith("c.json")
    assert failure.title == "importer beta of plugin reads_beta (reads_beta 1) failed"
    assert failure.reason == "the importers alpha and beta both claim this text"
    assert found.exit_code() == 3

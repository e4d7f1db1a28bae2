"""A few inputs of each kind that ``benchmarks/fuzz.py`` throws at bplint: none fails, and programs that should be read are."""

import importlib
import warnings

import pytest

from paths import ROOT

OURS = ("broken-text", "openqasm2", "openqasm3", "configuration", "command-line")
FOREIGN = {"cirq-json": "cirq", "cirq-objects": "cirq", "qiskit-objects": "qiskit"}


@pytest.mark.parametrize("kind", [*OURS, *FOREIGN])
def test_nothing_fails_or_hangs(kind, monkeypatch):
    if kind in FOREIGN:
        pytest.importorskip(FOREIGN[kind])
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    from fuzzing.trying import tried

    inputs = importlib.import_module(f"fuzzing.{kind.replace('-', '_')}").KIND
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcomes = [tried(inputs, 1, number) for number in range(40)]
    assert [(number, o.fault) for number, o in enumerate(outcomes) if o.fault] == []
    read = sum(outcome.said == "read" for outcome in outcomes)
    assert read >= {"openqasm2": 38, "openqasm3": 36, "broken-text": 0}.get(kind, 5)


def test_what_fails_is_a_failure(monkeypatch):
    """Exit 3, an exception, a number that is none, and a hang."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    from fuzzing import trying

    def kind(run):
        return trying.Kind("made-up", ".txt", lambda r: trying.Sample("", run))

    def hang():
        while True:
            pass

    monkeypatch.setattr(trying, "SECONDS", 0.05)
    assert trying.tried(kind(hang), 0, 0).fault.startswith("TimeoutError: over 0.05 s")
    assert trying.tried(kind(lambda: 1 / 0), 0, 0).fault.startswith("ZeroDivisionError")
    assert trying.tried(kind(lambda: trying.checked_json('{"a": NaN}')), 0, 0).fault == "Broken: NaN in the JSON"
    assert trying.tried(kind(lambda: "read"), 0, 0) == trying.Outcome("read")

"""What must hold for every analysis that is reported."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from bplint.analyses.ask import Analysis, Ask, Result
from bplint.config import Settings
from bplint.run import lint_text
from bplint.testing.check import PLAIN, Check

_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0 Z1\n'
_CIRCUITS = PLAIN | {
    "a small circuit": f"{_HEAD}input float a;\ninput float b;\nqubit[2] q;\nrx(a) q[0];\ncx q[0], q[1];\nry(b) q[1];\n"
}


def analysis_checks(analysis: Analysis[Any]) -> list[Check]:
    """Everything that must hold for an analysis but that it is right: its name, and what its results hand over."""
    return list(_checks(analysis))


def _checks(analysis: Analysis[Any]) -> Iterator[Check]:
    yield Check(f"{analysis.name} naming", partial(_naming, analysis))
    yield Check(f"{analysis.name} between processes", partial(_travels, analysis))
    for name, source in _CIRCUITS.items():
        yield Check(f"{analysis.name} of {name}", partial(_result, analysis, source))


def _naming(analysis: Analysis[Any]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", analysis.name), (
        f"want a name like deep_limit, got {analysis.name!r}"
    )
    assert analysis.__doc__, f"{analysis.name}: want a docstring that says what it answers"


def _travels(analysis: Analysis[Any]) -> None:
    """Several processes share a run: the analysis is known there by its place in its module."""
    assert _sent(analysis) is analysis, f"{analysis.name}: want it under the name of its function in its module"


def _sent(value: object) -> object:
    """What arrives in another process; None if that is nothing."""
    try:
        return pickle.loads(pickle.dumps(value))
    except (pickle.PicklingError, AttributeError, TypeError):
        return None


def _result(analysis: Analysis[Any], source: str) -> None:
    first, second = _asked(analysis, source), _asked(analysis, source)
    text = json.dumps(first.as_json(), allow_nan=False)
    assert text == json.dumps(second.as_json(), allow_nan=False), (
        f"{analysis.name}: want the same answer each time: draw from a generator seeded with case.context.seed"
    )
    assert first.as_json().get("status") == first.status, f"{analysis.name}: want the status in as_json()"
    if first.status.told:
        assert list(first.sentences()), f"{analysis.name}: want a sentence for what is {first.status}"
        for label, sentence in first.sentences():
            assert 0 < len(label) <= _LABEL, f"{analysis.name}: want a label of 1 to {_LABEL} characters, got {label!r}"
            assert sentence, f"{analysis.name}: the sentence of {label} is empty"
    else:
        assert first.reason, f"{analysis.name}: want a reason for what is {first.status}"
    assert _sent(first) is not None, f"{analysis.name}: want a result that pickle can send to another process"


def _asked(analysis: Analysis[Any], source: str) -> Result:
    (circuit,) = lint_text(source, Settings(suggest=False), rules=()).circuits
    ask = Ask(circuit.case)
    try:
        answer: Result = ask(analysis)
    except Exception as error:
        told = "; ".join(fault.lines[-1] for fault in ask.faults) or str(error)
        raise AssertionError(f"{analysis.name}: {told}") from error
    return answer


_LABEL = 10

"""Circuits as Cirq writes them, with a few fields lost, exchanged, or of the wrong type."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import cirq

from bplint.config import Settings
from bplint.importers.cirq_json import read
from bplint.run import lint_job, report
from bplint.runs.one_source import Job
from fuzzing.cirq_objects import circuit
from fuzzing.trying import Kind, Sample, forms, judged, refusals

ODD = (
    None,
    True,
    False,
    0,
    1,
    -1,
    2,
    1.5,
    1e300,
    -1e-300,
    10**18,
    "",
    "a",
    "q0",
    "cirq.X",
    [],
    [[]],
    [0],
    [None],
    {},
    {"cirq_type": "complex"},
    {"cirq_type": "complex", "real": 1.0, "imag": 2.0},
    {"cirq_type": "LineQubit", "x": 0},
    {"cirq_type": "LineQid", "x": 0, "dimension": 3},
    {"cirq_type": "NamedQubit", "name": "q"},
    {"cirq_type": "GridQubit", "row": 0, "col": "1"},
    {"cirq_type": "_PauliX"},
    {"cirq_type": "sympy.Symbol", "name": "t"},
    {"cirq_type": "sympy.pi"},
    {"cirq_type": "sympy.Mul", "args": [2, {"cirq_type": "sympy.pi"}]},
    {"cirq_type": "sympy.Pow", "args": [{"cirq_type": "sympy.Symbol", "name": "t"}, 2]},
    {"cirq_type": "sympy.Add", "args": []},
    {"cirq_type": "Moment", "operations": []},
    {"cirq_type": "Circuit", "moments": []},
    {"cirq_type": "Nothing"},
    {"cirq_type": 3},
    {"cirq_type": "Rx", "rads": 0.3},
    {"cirq_type": "XPowGate", "exponent": 0.5, "global_shift": 0.0},
    {"cirq_type": "MeasurementGate"},
    {"cirq_type": "VAL", "key": 1, "val": 3},
    {"cirq_type": "REF", "key": 7},
    {"cirq_type": "Duration", "picos": 3},
)
"""What a field may become."""


def sample(r: random.Random) -> Sample:
    """The text of a circuit, changed in a few places."""
    data = json.loads(_written(r))
    for _ in range(r.choice((0, 1, 1, 1, 2, 3))):
        _change(r, data)
    text = json.dumps(data, indent=r.choice((None, 2)))
    if r.random() < 0.1:
        place = r.randrange(len(text) + 1)
        text = (
            text[:place] + r.choice(("", "\\", '"', "}", "[", "\x00", "é", '\\"' * 50)) + text[place + r.randrange(3) :]
        )
    linted, form = r.random() < 0.15, r.choice(forms())

    def run() -> str:
        program = read(text)
        if not linted:
            return "read"
        job: Job = lint_job(Settings(isolated=True, budget=0.03, suggest=False))
        entry = job.finish(program, job.configurations.of("c.json"), "c.json", text.split("\n"))
        return judged(report(job, [entry], [job.configurations.of("c.json")], 0.0), form, 0)

    return Sample(text, refusals(run))


def _written(r: random.Random) -> str:
    """A circuit that Cirq can write: it knows no functions of symbols."""
    while True:
        try:
            return cirq.to_json(circuit(r))
        except (TypeError, ValueError):
            continue


def _change(r: random.Random, data: Any) -> None:
    places = list(_places(data))
    if not places:
        return
    owner, key = r.choice(places)
    draw = r.random()
    if draw < 0.55:
        owner[key] = json.loads(json.dumps(r.choice(ODD)))
    elif draw < 0.75:
        del owner[key]
    elif draw < 0.9:
        other, from_key = r.choice(places)
        owner[key] = json.loads(json.dumps(other[from_key])) if _has(other, from_key) else None
    else:
        owner[key] = [owner[key]]


def _has(owner: Any, key: Any) -> bool:
    return key in owner if isinstance(owner, dict) else key < len(owner)


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)


KIND = Kind("cirq-json", ".json", sample)

"""Objects through the Python interface, with arguments that people mistake."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

import bplint
from fuzzing import said
from fuzzing.trying import Sample, forms, judged, refusals

ODD: dict[str, tuple[Any, ...]] = {
    "shots": (0, -5, 1.5, "100", True, 10**20, np.int64(100), None, [1]),
    "init": ("normal:", "", "range:-1", 3, "uniform:3", "a=", None, ["uniform"], "normal:1e400"),
    "noise": ("depolarizing:2", "", "nothing", 0.1, "bitflip:0.7", None),
    "trainable": ("auto", "none", ["a"], ("a", "b"), "zz*", 3, [3], "", [""], "[", "rotations", None),
    "data": ("a", ["a"], "x*", ["x", "a"], 3, [None], "**", "[!", ""),
    "select": ("BP301", ["BP1", "BP3"], "nothing", [], 3, [3], "BP"),
    "ignore": ("BP001", ["BP203"], "x", ()),
    "seed": (-1, 1.0, None, 2**70, True, np.int32(4)),
    "config": ("/nonexistent.toml", "", "\0"),
}
"""Values for arguments, right and wrong."""


def through(r: random.Random, build: Callable[[], tuple[Any, Any]]) -> Sample:
    """What tries an object and its loss. Building it is no test of bplint."""
    try:
        circuit, observable = build()
    except Exception as error:  # the framework itself will not have it
        reason = f"refused: not built: {type(error).__name__}"
        return Sample(reason, lambda: reason)
    arguments: dict[str, Any] = {"budget": 0.03, "isolated": True}
    for key in r.sample(list(ODD), r.choice((0, 0, 0, 0, 1, 2))):
        arguments[key] = r.choice(ODD[key])
    arguments["isolated"] = "config" not in arguments
    if r.random() < 0.2:
        arguments["noise"], arguments["init"] = said.noise(r), said.law(r, ())
    form, call = (
        r.choice(forms()),
        r.choice((bplint.lint, bplint.lint, bplint.lint, bplint.profile, bplint.assert_trainable)),
    )
    if call is bplint.profile:
        arguments = {key: value for key, value in arguments.items() if key not in ("select", "ignore")}

    def run() -> str:
        try:
            return judged(call(circuit, observable=observable, **arguments), form, 0)
        except AssertionError as error:
            if call is bplint.assert_trainable and "\n\n" in str(error):
                return "read"
            raise

    return Sample(
        f"{call.__name__}(…, observable={observable!r}, **{arguments!r})\n\n{_shown(circuit)}\n", refusals(run)
    )


def _shown(circuit: Any) -> str:
    try:
        return f"{type(circuit).__name__}: {circuit}"
    except Exception as error:
        return f"{type(circuit).__name__}, which cannot be shown: {type(error).__name__}"

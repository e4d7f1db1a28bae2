"""Configuration files: right ones, with values of the wrong type, unknown keys, and text that is no TOML."""

from __future__ import annotations

import random
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from bplint.config import Settings
from bplint.run import lint
from fuzzing import said
from fuzzing.trying import Kind, Sample, forms, judged, refusals

CIRCUIT = """OPENQASM 3.0;
include "stdgates.inc";
input array[float[64], 3] w;
qubit[2] q;
ry(w[0]) q[0]; ry(w[1]) q[1]; cx q[0], q[1]; rz(w[2]) q[1];
"""
CONTEXT = ("observable", "init", "noise", "shots", "trainable", "data")
PLAIN = (
    *CONTEXT,
    "seed",
    "budget",
    "select",
    "ignore",
    "extend-select",
    "fail-on",
    "require-observable",
    "baseline",
    "exclude",
    "extend-exclude",
    "extend",
    "targets",
    "cache-dir",
    "exec",
    "shot",
)
TABLES = (
    "per-file-ignores",
    "severity",
    "circuits",
    "rules",
    "rules.BP301",
    "circuits.'*.qasm'",
    "circuits.'[!'",
    "rules.nothing",
)
GLOBS = ("'*'", "'*.qasm'", "'**'", "'a/**/b'", "'['", "'!*'", "''", "'\\u0000'", '"\\u0000"', "c")
ODD = (
    "true",
    "false",
    "0",
    "-1",
    "1.5",
    "inf",
    "nan",
    "1e400",
    '""',
    '"a"',
    "[]",
    "[1]",
    '["a"]',
    "{}",
    "{a = 1}",
    "1979-05-27",
    "07:32:00",
    '"\\u0000"',
    '"BP301"',
    '["BP301"]',
    '["BP001"]',
    "99999999999999999999",
    '"*"',
    '["[!"]',
    '"../x.toml"',
    '"bplint.toml"',
    "'''\n\n'''",
    '"\\ud7ff"',
    '"é"',
    "0xFF",
    "[[1], [2]]",
    '"/"',
    '"/dev/null"',
    '"."',
)


def sample(r: random.Random) -> Sample:
    """A configuration file beside a circuit."""
    text = _text(r)
    name = r.choice(("bplint.toml", "bplint.toml", "pyproject.toml"))
    if name == "pyproject.toml":
        text = r.choice(
            ("[tool.bplint]\n", "[project]\nname = 'x'\n[tool.bplint]\n", "[tool]\nbplint = 3\n", "")
        ) + text.replace("\n[", "\n[tool.bplint.")
    named, form = r.random() < 0.3, r.choice(forms())

    def run() -> str:
        folder = _folder()
        for old in ("bplint.toml", "pyproject.toml"):
            (folder / old).unlink(missing_ok=True)
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        path, config = str(folder / "c.qasm"), str(folder / name) if named else None
        return judged(
            lint([path], Settings(config=config, suggest=False, budget=0.03 if r.random() < 0.5 else None)), form, 0
        )

    return Sample(text, refusals(run))


@cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="fuzz")
    _KEPT.append(folder)
    (Path(folder.name) / "c.qasm").write_text(CIRCUIT)
    return Path(folder.name)


_KEPT: list[Any] = []
"""Folders that go when the process does."""


def _text(r: random.Random) -> str:
    lines = [f"{key} = {_value(r, key)}" for key in r.sample(PLAIN, r.choice((0, 1, 2, 3)))]
    for table in r.sample(TABLES, r.choice((0, 0, 1, 2))):
        lines.append(f"[{table}]")
        lines += [_row(r, table) for _ in range(r.randint(0, 2))]
    text = "\n".join(lines) + "\n"
    if r.random() < 0.1:
        place = r.randrange(len(text) + 1)
        text = (
            text[:place]
            + r.choice(("", "=", "[", '"', "\x00", "\r", "#", "\\", "é", "\ufeff", "[[", "."))
            + text[place + r.randrange(4) :]
        )
    return text


def _row(r: random.Random, table: str) -> str:
    if table == "severity":
        level = r.choice(('"error"', '"off"', '"note"', '"warning"', *ODD))
        return f"{r.choice((*said.CODES, 'BP001', 'x'))} = {level}"
    if table == "per-file-ignores":
        codes = r.choice(('["BP2"]', '["BP301"]', *ODD))
        return f"{r.choice(GLOBS)} = {codes}"
    if table == "circuits":
        key = r.choice(CONTEXT)
        return f"{r.choice(GLOBS)} = {{{key} = {_value(r, key)}}}"
    if table.startswith("circuits."):
        key = r.choice(CONTEXT)
        return f"{key} = {_value(r, key)}"
    return f"{r.choice(('BP101', 'BP203', 'depth', 'option'))} = {r.choice(ODD)}"


def _value(r: random.Random, key: str) -> str:
    if r.random() < 0.35:
        return r.choice(ODD)
    right = {
        "observable": lambda: f'"{said.loss(r, 2)}"',
        "init": lambda: f'"{said.law(r, ("w*",))}"',
        "noise": lambda: f'"{said.noise(r)}"',
        "shots": lambda: r.choice(("1", "1000", "10_000")),
        "trainable": lambda: r.choice(('"auto"', '["w*"]', '"none"', '"all"')),
        "data": lambda: r.choice(('["w[[]0]"]', '["x"]', "[]")),
        "seed": lambda: "3",
        "budget": lambda: r.choice(("0.03", "1")),
        "select": lambda: '["BP"]',
        "ignore": lambda: '["BP101"]',
        "extend-select": lambda: '["BP202"]',
        "fail-on": lambda: r.choice(('"note"', '"never"')),
        "require-observable": lambda: r.choice(("true", "false")),
        "baseline": lambda: '"known.json"',
        "exclude": lambda: r.choice(('["old"]', '["*.qasm"]')),
        "extend-exclude": lambda: '["old/**"]',
    }
    return right[key]() if key in right else r.choice(ODD)


KIND = Kind("configuration", ".toml", sample)

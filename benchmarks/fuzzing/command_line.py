"""The command line: every command with its options, right and wrong, on a few circuits; the exit code is what it may be."""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from bplint.cli import main
from fuzzing import openqasm3, said
from fuzzing.trying import Broken, Kind, Sample, checked_json, forms

ODD = (
    "",
    "-1",
    "0",
    "1.5",
    "nan",
    "inf",
    "x",
    "n=2:4",
    "n=4:2",
    "n=2:4:0",
    "a=1",
    "BP301",
    "BP",
    "é",
    "\x1b[31m",
    "[",
    "*",
    "1e999",
    "k=2",
    "n=x",
    "=",
)
EXITS = (0, 1, 2, 4, 5)


def sample(r: random.Random) -> Sample:
    """Arguments, on a circuit of their own."""
    program = openqasm3.Program(r)
    text = program.text()
    arguments = _arguments(r, program)
    given = text if "-" in arguments else None

    def run() -> str:
        with _inside(text):
            done = CliRunner(catch_exceptions=False).invoke(main, arguments, input=given)
        if done.exit_code not in EXITS:
            raise Broken(f"exit {done.exit_code}: {' / '.join(done.output.split(chr(10))[-8:])[:600]}")
        if "json" in arguments and done.exit_code in (0, 1) and _prints_json(arguments):
            checked_json(done.stdout)
        return "read" if done.exit_code != 2 else f"refused: {done.output.strip().split(chr(10))[-1][:120]}"

    return Sample(f"{' '.join(map(repr, arguments))}\n\n{text}", run)


def _prints_json(arguments: list[str]) -> bool:
    """Whether a run with the format json prints nothing else."""
    others = {"--collect-only", "--show-settings", "-h", "--dla", "--write-baseline"}
    return arguments[0] in ("check", "profile") and not others & set(arguments)


def _arguments(r: random.Random, program: openqasm3.Program) -> list[str]:
    command = r.choice(("check", "check", "check", "profile", "fix", "sweep", "rules", "explain", "plugins"))
    if command in ("rules", "plugins"):
        return [command, *r.choice(([], ["--format", "json"], ["--format", "x"], ["-p", "no:x"]))]
    if command == "explain":
        return [command, r.choice((*said.CODES, "x", "", "BP001"))]
    arguments = [
        command,
        *r.choice(
            (["c.qasm"], ["."], ["-"], ["c.qasm", "c.qasm"], ["missing.qasm"]) if r.random() < 0.3 else (["c.qasm"],)
        ),
    ]
    arguments += ["--budget", "0.03", *([] if r.random() < 0.3 else ["--isolated"])]
    for key, value in said.context(r, program.n, program.names).items():
        if r.random() < 0.3:
            arguments += [f"--{key}", value if r.random() < 0.85 else r.choice(ODD)]
    options = {**_SHARED, **_OWN[command]}
    for option in r.sample(list(options), r.choice((0, 1, 2, 3))):
        values = options[option]
        arguments += [option] + ([r.choice(values if r.random() < 0.8 else ODD)] if values else [])
    if command == "sweep" and r.random() < 0.7:
        arguments += ["--set", r.choice(("n=2:4", "n=2:6:2", "k=1:3", "n=1:3"))]
    return arguments


_SHARED = {"--seed": ("0", "5"), "--shots": ("1", "1000"), "-p": ("no:x",), "-h": ()}
_RULES = {
    "--select": ("BP301", "BP2,BP3", "dead-parameter"),
    "--ignore": ("BP301", "BP203"),
    "--extend-select": ("BP101",),
    "--fail-on": ("note", "never", "warning"),
}
_RUN = {
    "--format": (*forms(), "json:out.json", "full:out.txt", "json:missing/out.json"),
    "-k": ("c", "not c", "c and (", "(c or d)"),
    "-j": ("1",),
    "--durations": ("3",),
    "--allow-empty": (),
    "-q": (),
    "-v": (),
    "--set": ("n=2", "n=3", "k=1"),
    "--stdin-filename": ("x.qasm", "x.json", "-"),
}
_OWN: dict[str, dict[str, Any]] = {
    "check": {
        **_RULES,
        **_RUN,
        "--no-suggest": (),
        "--fail-on-incomplete": (),
        "-x": (),
        "--maxfail": ("1",),
        "--collect-only": (),
        "--show-settings": (),
        "--baseline": ("known.json", "c.qasm"),
        "--write-baseline": (),
        "--statistics": (),
    },
    "profile": {**_RUN, "--dla": ()},
    "fix": {
        "--prior": ("local", "small-angles", "fermions", "x", "sn"),
        "--diff": (),
        "-o": ("out.qasm", "-", "missing/out.qasm"),
        "--set": ("n=2",),
        "--select": ("BP203", "BP002"),
    },
    "sweep": {**_RULES, "--set": ("n=2:4", "n=3:3")},
}


@contextlib.contextmanager
def _inside(text: str) -> Iterator[None]:
    """In a folder that has nothing but this circuit."""
    folder, before = _folder(), os.getcwd()
    for old in folder.iterdir():
        if old.is_file():
            old.unlink()
    (folder / "c.qasm").write_text(text)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="fuzz")
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: list[Any] = []
"""Folders that go when the process does."""

KIND = Kind("command-line", ".txt", sample)

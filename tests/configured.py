"""Files of configuration and circuits beside them, and what holds for these."""

import json
from pathlib import Path

from click.testing import CliRunner

from bplint.cli import main
from bplint.config import Settings
from bplint.config.in_force import Configurations
from bplint.plugins import load

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
RULES = load().rules


def product(observable, n=7):
    declared = f"// bplint: observable = {observable}\n" if observable else ""
    return (
        HEAD
        + declared
        + f"input array[float[64], {n}] a;\nqubit[{n}] q;\n"
        + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(n))
    )


def put(files):
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, arguments, input=stdin)


def context(path, *arguments):
    (circuit,) = json.loads(run(path, "--select", "BP003", *arguments, "--format", "json").output)["circuits"]
    return circuit["context"]


def of(path, **settings):
    return Configurations(Settings(**settings), RULES).of(path)


def codes(path, **settings):
    return [rule.code for rule in of(path, **settings).rules]

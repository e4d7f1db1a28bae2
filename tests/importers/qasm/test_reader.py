"""Plain statements, which are read without a tree, come to the same as through the tree."""

import gc
import random
import re
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path

import numpy as np
import openqasm3
import pytest

from bplint.errors import SourceError
from bplint.importers.decoding import decode
from bplint.importers.program import Program
from bplint.importers.qasm import plain, read, reader
from bplint.importers.qasm.grammar import ast, statements
from importers.qasm.programs import program

FIXTURES = Path(__file__).parents[3] / "fixtures" / "circuits" / "qasm3"
BIG = 60_000
"""Bytes from which the reference parser takes too long for a test."""


def assert_same(a, b):
    """Every array, name and place of two circuits."""
    for one, other in ((a, b), (a.angles, b.angles), (a.gates, b.gates)):
        for name in [field.name for field in fields(one)]:
            left, right = getattr(one, name), getattr(other, name)
            if isinstance(left, np.ndarray):
                np.testing.assert_array_equal(left, right, err_msg=name)
            elif name not in ("angles", "gates"):
                assert left == right


def flat_files():
    for path in sorted(FIXTURES.glob("*.qasm")):
        if path.stat().st_size < BIG:
            yield path


def by_the_tree(text):
    """The program, every statement of which goes through the tree."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "CALL", re.compile("(?!)"))
        patch.setattr(statements, "_PLAIN_CALL", re.compile("(?!)"))
        patch.setattr(plain.PlainStatements, "read", lambda self, start: None)
        return read(text)


def outcome(function, text):
    """The program, or what is said of it."""
    try:
        return function(text)
    except SourceError as error:
        return type(error), error.message, error.span


def assert_both_agree(text):
    first, second = outcome(read, text), outcome(by_the_tree, text)
    if not isinstance(first, Program) or not isinstance(second, Program):
        assert first == second
        return
    assert_same(first.circuit, second.circuit)
    assert (first.directives, first.notes, first.roles) == (second.directives, second.notes, second.roles)


@pytest.mark.parametrize("path", [*flat_files()], ids=lambda path: path.stem)
def test_both_ways_agree_on_a_fixture(path):
    assert_both_agree(decode(path.read_bytes()))


class Generator:
    """Random flat programs: gates of both kinds of names, definitions, expressions, slices, broadcasts, comments."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.definitions = {}

    def text(self):
        rng = self.rng
        lines = ["OPENQASM 3.0;", 'include "stdgates.inc";', "input float[64] a;", "input array[float[64], 3] w;"]
        lines += ["const int n = 3;", "const float f = 0.375;", "qubit[n] q;", "qubit[3] r;", "qubit s;", "bit[3] c;"]
        lines += [self.definition(i) for i in range(rng.randrange(3))]
        lines += [self.statement() for _ in range(rng.randrange(1, 25))]
        return "\n".join(lines + rng.choice([[], ["c = measure q;"], ["measure s;"], ["measure r -> c;"]])) + "\n"

    def expression(self, names, depth=0):
        rng = self.rng
        if depth > 2 or rng.random() < 0.4:
            return rng.choice([*names, "pi", "2", "0.5", "1.25e-1", "0.123456789012", "f", "n", "π"])
        a, b = self.expression(names, depth + 1), self.expression(names, depth + 1)
        number = rng.choice(["2", "0.5", "3", "-1.5", "n"])
        return rng.choice(
            [
                f"({a} + {b})",
                f"{a} - {b}",
                f"-{a}",
                f"{a}*{number}",
                f"{a}/{number}",
                f"sin({a})",
                f"{a}*({b})",
                f"cos({a} - 1)",
            ]
        )

    def definition(self, i):
        rng = self.rng
        names, qubits = ["x", "y"][: rng.randrange(3)], ["u", "v"][: rng.randrange(1, 3)]
        body = " ".join(self.call(names, qubits) for _ in range(rng.randrange(4)))
        angles = f"({', '.join(names)})" if names else ""
        head = f"gate g{i}{angles} {', '.join(qubits)}"
        self.definitions[f"g{i}"] = len(names), len(qubits)
        return f"{head} {{ {body} }}"

    def call(self, names, qubits):
        rng = self.rng
        options = {"h": (0, 1), "rx": (1, 1), "U": (3, 1), "cx": (0, 2), "crz": (1, 2), "id": (0, 1), "p": (1, 1)}
        options |= {"ecr": (0, 2), "rzz": (1, 2), "cu3": (3, 2)} | self.definitions
        name, (n_angles, n_qubits) = rng.choice([item for item in options.items() if item[1][1] <= len(qubits)])
        angles = f"({', '.join(self.expression(names) for _ in range(n_angles))})" if n_angles else ""
        return f"{name}{angles} {', '.join(rng.sample(qubits, n_qubits))};"

    def statement(self):
        rng = self.rng
        names = ["a", "w[0]", "w[n - 1]", "w[-2]"]
        operands = ["q[0]", "q[1]", "q[n - 1]", "r[-1]", "r[0]", "s"] if rng.random() < 0.7 else ["q", "r"]
        if rng.random() < 0.1:
            operands = ["q[0:1]", "r[{2, 0}]", "s"]
        aside = rng.choice(["", "", "", " // why", " // bplint: fixed"])
        extra = rng.choice(
            ["", "", "", "barrier q; ", "delay[10ns] s; ", "gphase(a); ", "/* a\nb */ ", "@bplint.data\n"]
        )
        return f"{extra}{self.call(names, operands)}{aside}"


@pytest.mark.parametrize("seed", range(150))
def test_both_ways_agree_on_a_random_program(seed):
    assert_both_agree(Generator(seed).text())


@pytest.mark.parametrize("seed", range(40))
def test_both_ways_agree_on_blocks(seed):
    assert_both_agree(program(seed)[0])


IN_BLOCK = """
float x = 0.25; gate g(t) a { ry(t) a; }
def f(qubit[2] a, qubit b, float x) { ry(x / 3) a[1]; rx(-x) b; g(w[0] + x) a[0]; cx b, a[1]; rz(2*w[1]) b; h a; }
f(q[0:1], q[2], 0.5); f(q[{2, 0}], q[1], x);
for float x in {0.5, 1.5} { ry(x) q[0]; rx(pi) q[2]; cx q[0], q[2]; h q; for int q0 in [0:1] { ry(q0 * x) q[0]; } }
{ ry(x) q[0]; rx(x + 0.5, 1) q[0]; }
"""


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("rx(x + 0.5, 1) q[0]", "rx(x + 0.5) q[0]"),
        ("rx(x + 0.5, 1) q[0]", "rx(x + 0.5) q[3]"),
        ("rx(x + 0.5, 1) q[0]", "rx(y + 0.5) q[0]"),
        ("rx(x + 0.5, 1) q[0]", "rx(w[5] + 0.5) q[0]"),
        ("rx(x + 0.5, 1) q[0]", "rx(x / 0) q[0]"),
        ("rx(x + 0.5, 1) q[0]", "rx(1e99 * 1e99 * 1e99 * 1e99) q[0]"),
        ("rx(x + 0.5, 1) q[0]", "cx q[0], q[0]"),
        ("rx(x + 0.5, 1) q[0]", "nothing q[0]"),
        ("rx(x + 0.5, 1) q[0]", "rx(true) q[0]"),
        ("rx(x + 0.5, 1) q[0]", "rx(int) q[0]"),
        ("cx b, a[1]", "cx b, a[2]"),
        ("rx(-x) b", "rx(-x) b[0]"),
        ("rx(-x) b", "rx(z) b"),
        ("h a", "h x"),
    ],
)
def test_both_ways_agree_on_a_call_in_a_block(good, bad):
    text = f'OPENQASM 3.0; include "stdgates.inc"; input array[float, 2] w; qubit[3] q;{IN_BLOCK}'
    assert_both_agree(text.replace(good, bad))


def test_a_subroutine_in_an_angle_is_run_each_time():
    text = "OPENQASM 3.0; qubit[2] q; def f(qubit a) -> int { U(pi, 0, pi) a; return 1; }"
    gates = read(f"{text} U(f(q[0]), 0, 0) q[1]; U(f(q[0]), 0, 0) q[1];").circuit.gates
    assert len(gates) == 4


def test_a_fault_is_told_of_its_own_place():
    """The same text may mean something in one subroutine and nothing in another."""
    text = """OPENQASM 3.0; qubit q;
def f(float x, qubit a) { U(x + 1, 0, 0) a; }
def g(qubit a) { U(x + 1, 0, 0) a; }
f(0.5, q); g(q);"""
    with pytest.raises(SourceError, match="there is no parameter or constant x") as info:
        read(text)
    assert info.value.span.line == 3


def test_most_random_programs_are_read():
    def readable(seed):
        try:
            return bool(read(Generator(seed).text()))
        except SourceError:
            return False

    assert sum(map(readable, range(150))) > 100


def test_flat_file_does_not_load_the_reference_parser():
    code = (
        "import sys; from bplint.importers.qasm import read; "
        "read('OPENQASM 3.0; input float a; qubit q; U(a, 0, 0) q;'); print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert not loaded & {"openqasm3", "antlr4"}
    assert "bplint.importers.qasm.grammar" not in run.stdout.split()


def test_reading_is_faster_than_the_reference_parser():
    """The circuit is made, too, and the reference parser has warmed up; the test leaves room for a busy machine."""
    text = (FIXTURES / "tfim_hva_n16.qasm").read_text(encoding="utf-8")

    def fastest(function, tries=4):
        times = []
        for _ in range(tries):
            start = time.process_time()
            function()
            times.append(time.process_time() - start)
        return min(times)

    assert fastest(lambda: read(text)) < fastest(lambda: openqasm3.parse(text))


def test_trees_are_let_go_of_without_looking_for_circles():
    text = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; def f(float x, qubit r) { rx(2 * x) r; }'
    text += " for int i in [0:1] { f(i / 2, q[i]); if (i == 1) { h q; } } gate g a, b { ctrl @ x a, b; } g q[0], q[1];"

    def statements_alive():
        return sum(isinstance(found, ast.Statement) for found in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = statements_alive()
        read(text)
        assert statements_alive() == before
    finally:
        gc.enable()

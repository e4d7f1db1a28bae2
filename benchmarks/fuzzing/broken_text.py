"""Broken OpenQASM: half mutated files of the corpus, half random tokens and statements of a small grammar.

The readers may refuse it with a place, and nothing else; 3 of 100 are read to the end.
"""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

from bplint.importers.decoding import decode
from bplint.importers.qasm import Limits, read
from fuzzing.trying import Kind, Sample, refusals

FIXTURES = Path(__file__).parents[2] / "fixtures"
LIMITS = Limits(operations=20_000, iterations=20_000)


def sample(r: random.Random) -> Sample:
    """A text."""
    data = _mutated(r, _corpus()) if r.random() < 0.5 else _invented(r)

    def run() -> str:
        read(decode(data), limits=LIMITS)
        return "read"

    return Sample(data, refusals(run))


@cache
def _corpus() -> list[bytes]:
    paths = sorted(p for folder in ("circuits", "hostile") for p in (FIXTURES / folder).glob("qasm*/*.qasm"))
    return [data for data in (path.read_bytes() for path in paths) if len(data) < 1500]


def _mutated(rng: random.Random, corpus: list[bytes]) -> bytes:
    data = rng.choice(corpus)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        place, cut = rng.randrange(len(data) + 1), rng.choice((0, 0, 1, 1, 2, 6, 30))
        kind = rng.random()
        if kind < 0.3:
            new = rng.choice(TOKENS).encode()
        elif kind < 0.4:
            new = bytes(rng.randrange(256) for _ in range(rng.randrange(3)))
        elif kind < 0.7:
            other = rng.choice(corpus)
            start = rng.randrange(len(other) + 1)
            new = other[start : start + rng.randrange(40)]
        else:
            # Between two statements, where it has the best chance to be read.
            place = max(data.rfind(b";", 0, place), data.rfind(b"}", 0, place)) + 1
            new, cut = f" {_grown(rng, 'STATEMENT')} ".encode(), 0
        data = data[:place] + new + data[place + cut :]
    return data


def _invented(rng: random.Random) -> bytes:
    head = rng.choice((HEAD_3, HEAD_3, HEAD_3 + NAMED, HEAD_3 + NAMED, HEAD_2, ""))
    if rng.random() < 0.3:
        return (head + " ".join(rng.choices(TOKENS, k=rng.randrange(30)))).encode()
    return (head + "\n".join(_grown(rng, "STATEMENT") for _ in range(rng.randrange(1, 5)))).encode()


def _grown(rng: random.Random, symbol: str, depth: int = 0) -> str:
    """A text of the grammar: nearly right. Far down only the first, plain choices are left."""
    choices = GRAMMAR[symbol]
    chosen = rng.choice(choices if depth < DEEPEST else choices[:3])
    return SYMBOL.sub(lambda match: _grown(rng, match[0], depth + 1), chosen)


DEEPEST = 6
GRAMMAR = {
    "STATEMENT": (
        *["CALL"] * 6,
        *["DECLARATION"] * 3,
        *["ASSIGNMENT"] * 2,
        *["CONTROL"] * 3,
        *["OTHER"] * 2,
        "MARK\nSTATEMENT",
    ),
    "CALL": (
        "h QUBIT;",
        "ry(ANGLE) QUBIT;",
        "cx q[0], QUBIT;",
        "MODIFIER h q[0], QUBIT;",
        "MODIFIER rx(ANGLE) q[1], QUBIT;",
        "MODIFIER GATE QUBIT;",
        "MODIFIER GATE(ANGLE) QUBIT, QUBIT;",
        "GATE(ANGLE, ANGLE) QUBIT;",
        "U(ANGLE, ANGLE, ANGLE) QUBIT;",
        "MODIFIER MODIFIER GATE QUBIT, QUBIT;",
        "MODIFIER gphase(ANGLE) QUBIT;",
        "gphase(ANGLE);",
        "g(ANGLE) QUBIT;",
        "f(NUMBER, QUBIT);",
        "t(NAME, QUBIT);",
        "θ(ANGLE);",
        "f(NUMBER);",
    ),
    "MODIFIER": (
        "ctrl @",
        "inv @",
        "pow(2) @",
        "negctrl @",
        "negctrl(2) @",
        "ctrl(NUMBER) @",
        "pow(NUMBER) @",
        "pow(ANGLE) @",
    ),
    "GATE": ("h", "x", "cx", "rx", "U", "g", "f", "crz", "ecr", "rzz", "swap", "p", "t", "nop"),
    "QUBIT": (
        "q",
        "q[0]",
        "q[1]",
        "q[2]",
        "q[NUMBER]",
        "q[INDEX]",
        "q[0:1]",
        "q[{0, 1}]",
        "NAME",
        "NAME[INDEX]",
        "q[0] ++ q[INDEX]",
        "$0",
    ),
    "INDEX": ("0", "1", "NUMBER", "-1", ":", "0:2:2", "NUMBER:NUMBER", "NUMBER:NUMBER:NUMBER", "{0, NUMBER}", "0, 1"),
    "ANGLE": (
        "0.5",
        "pi / 4",
        "w[0]",
        "NAME",
        "NUMBER",
        "w[NUMBER]",
        "ANGLE OPERATOR ANGLE",
        "(ANGLE)",
        "-ANGLE",
        "sin(ANGLE)",
        "θ(ANGLE)",
    ),
    "NUMBER": (
        "0",
        "1",
        "2",
        "NAME",
        "3",
        "4",
        "1e400",
        "-1",
        "true",
        '"01"',
        "100ns",
        "3im",
        "0x1F",
        "1_000",
        "NUMBER OPERATOR NUMBER",
        "(NUMBER)",
        "-NUMBER",
        "!NUMBER",
        "~NUMBER",
        "sin(NUMBER)",
        "CAST(NUMBER)",
        "f(NUMBER, QUBIT)",
        "NAME[NUMBER]",
        "sizeof(w)",
        "popcount(NUMBER)",
        "measure QUBIT",
    ),
    "CAST": ("int", "int[4]", "uint[NUMBER]", "float", "bool", "bit[2]"),
    "OPERATOR": (
        "+",
        "-",
        "*",
        "/",
        "%",
        "**",
        "^",
        "<<",
        ">>",
        "&",
        "|",
        "&&",
        "||",
        "==",
        "!=",
        "<",
        ">=",
    ),
    "NAME": ("i", "n", "a", "b", "w", "q", "c", "θ", "t", "f", "e1"),
    "TYPE": (
        "int",
        "float[64]",
        "angle",
        "uint[8]",
        "bool",
        "bit",
        "bit[NUMBER]",
        "int[NUMBER]",
        "duration",
        "complex",
    ),
    "DECLARATION": (
        "int NAME = NUMBER;",
        "float NAME = ANGLE;",
        "const int NAME = NUMBER;",
        "TYPE NAME = NUMBER;",
        "TYPE NAME;",
        "const TYPE NAME = NUMBER;",
        "input TYPE NAME;",
        "input array[float[64], NUMBER] NAME;",
        "output TYPE NAME;",
        "array[TYPE, 2] NAME = {NUMBER, NUMBER};",
        "array[int, 2, 2] NAME = {{0, NUMBER}, NAME};",
        "let NAME = QUBIT;",
        "let NAME = q[0:1];",
        "qubit[NUMBER] NAME;",
        "qubit NAME;",
        "qreg NAME[NUMBER];",
        "creg NAME[NUMBER];",
        "bit NAME = measure QUBIT;",
        "gate g(NAME) a { CALL CALL }",
        "gate g a, b { MODIFIER cx a, b; CALL }",
        "gate g(t) a { rx(ANGLE) a; gphase(t); }",
        "def f(TYPE NAME, qubit a) -> int BLOCK",
        "def f(TYPE i) -> TYPE { return NUMBER; }",
        "def f(qubit[NUMBER] q) BLOCK",
        "def f(readonly array[float, 2] NAME, qubit q) BLOCK",
    ),
    "ASSIGNMENT": (
        "NAME = NUMBER;",
        "NAME += NUMBER;",
        "NAME[NUMBER] = NUMBER;",
        "NAME -= ANGLE;",
        "NAME *= NUMBER;",
        "NAME |= NUMBER;",
        "c = measure QUBIT;",
        "c[NUMBER] = measure QUBIT;",
        "measure QUBIT -> c[INDEX];",
        "measure QUBIT;",
    ),
    "CONTROL": (
        "for int i in [0:2] BLOCK",
        "if (NUMBER) BLOCK",
        "BLOCK",
        "for int i in [NUMBER:NUMBER] BLOCK",
        "for i in [0:NUMBER:4] BLOCK",
        "for TYPE i in {NUMBER, ANGLE} BLOCK",
        "for TYPE i in w BLOCK",
        "while (NUMBER) BLOCK",
        "int n = 0; while (n < NUMBER) { n += NUMBER; STATEMENT }",
        "if (NUMBER) BLOCK else BLOCK",
        "if (NUMBER) CALL",
        "switch (NUMBER) { case 0 BLOCK case NUMBER, NUMBER BLOCK default BLOCK }",
        "box BLOCK",
        "box[100ns] BLOCK",
    ),
    "BLOCK": ("{ CALL }", "{ }", "{ CALL CALL }", "{ STATEMENT }", "{ STATEMENT STATEMENT }", "STATEMENT"),
    "OTHER": (
        "barrier q;",
        "reset QUBIT;",
        "end;",
        "break;",
        "continue;",
        "return NUMBER;",
        "delay[NUMBER] QUBIT;",
        "nop QUBIT;",
        'include "stdgates.inc";',
        'include "NAME.inc";',
        "extern f(int) -> int;",
        "cal { }",
        "defcal h $0 { }",
        "opaque NAME q;",
        "stretch NAME;",
        ";",
        "NUMBER;",
        "barrier QUBIT, QUBIT;",
    ),
    "MARK": (
        "@bplint.fixed",
        "@bplint.data",
        "@NAME NAME",
        "// bplint: fixed",
        "// bplint: observable = Z0 X1",
        "#pragma bplint shots 100",
        "#pragma braket result expectation z(q[0])",
        "pragma NAME",
        "/* NAME */",
        "// bplint: ignore[BP201] NAME",
    ),
}
SYMBOL = re.compile(rf"\b(?:{'|'.join(GRAMMAR)})\b")
HEAD_2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\n'
HEAD_3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput array[float[64], 3] w;\nqubit[3] q;\nbit[3] c;\n'
NAMED = """
const int n = 2; int i = 1; array[float[64], 2] a = {0.5, n}; let b = q[0:1];
gate g(t) e1 { rx(t) e1; inv @ sx e1; }
def f(int i, qubit q) -> int { ry(i * pi) q; return i + 1; }
def t(mutable array[float, 2] e, qubit[2] q) { e[0] = 1; cx q[0], q[1]; }
def θ(angle e) -> float { return 2 * e; }
"""
_WORDS = """
    OPENQASM 2.0 3.0 include qreg creg qubit bit input output float int uint angle bool const let gate def measure
    reset barrier if else for while switch case default in end break return extern array sizeof ctrl negctrl inv
    pow @ gphase box delay 100ns ( ) [ ] { } , ; : -> = == + - * / ** ^ ++ << >> && || ! ~ 0 1 2 0.5 1e400 "01"
    rx cx U h q c w pi tau // /* */ #pragma @bplint.fixed bplint: $0 ' " θ stretch cal defcal opaque "stdgates.inc"
"""
TOKENS = (*_WORDS.split(), "\n", "\ufeff", "\u202e")

KIND = Kind("broken-text", ".qasm", sample)

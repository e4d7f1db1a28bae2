"""Throws broken OpenQASM at the readers: only a SourceError may come back, and in time.

    python benchmarks/fuzz.py --inputs 100000 --seed 1 [--seconds 600]

Seven of ten inputs are mutated files of the corpus, the others random tokens and random statements. The same seed
gives the same inputs. An input that breaks a reader is written to ``fuzz-failure-*.qasm`` in the current folder.
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bplint.errors import SourceError
from bplint.importers.qasm import Limits, decode, read

FIXTURES = Path(__file__).parents[1] / "fixtures"
LIMITS = Limits(operations=20_000, iterations=20_000, tokens=2_000)
SECONDS = 5
"""For one input; beyond it counts as a hang."""


@click.command()
@click.option("--inputs", default=10_000, show_default=True, help="How many inputs to try.")
@click.option("--seed", default=0, show_default=True, help="Which inputs.")
@click.option("--seconds", default=0.0, help="Stop after this time; 0 is never.")
def main(inputs: int, seed: int, seconds: float) -> None:
    """Fuzz the OpenQASM readers."""
    rng, corpus = random.Random(seed), _corpus()
    begin = time.monotonic()
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for count in range(1, inputs + 1):
        data = _mutated(rng, corpus) if rng.random() < 0.7 else _invented(rng)
        start = time.monotonic()
        outcome = _outcome(data)
        slowest = max(slowest, time.monotonic() - start)
        outcomes[outcome] += 1
        if outcome.startswith("FAILED"):
            Path(f"fuzz-failure-{seed}-{count}.qasm").write_bytes(data)
            click.echo(f"input {count}: {outcome}")
        if seconds and time.monotonic() - begin > seconds:
            break
    passed = time.monotonic() - begin
    click.echo(f"seed {seed}: {count:,} inputs in {passed:,.0f} s, the slowest {slowest:.2f} s; {dict(outcomes)}")
    if any(outcome.startswith("FAILED") for outcome in outcomes):
        raise SystemExit(1)


def _outcome(data: bytes) -> str:
    """``read`` or ``refused``; anything else has FAILED."""
    try:
        with _alarm():
            read(decode(data), limits=LIMITS)
    except SourceError:
        return "refused"
    except Exception as error:  # what the fuzzer is there to find
        return f"FAILED {type(error).__name__}: {str(error)[:100]}"
    return "read"


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(signum: int, frame: object) -> None:
        raise TimeoutError(f"over {SECONDS} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


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
        elif kind < 0.5:
            new = bytes(rng.randrange(256) for _ in range(rng.randrange(3)))
        elif kind < 0.8:
            other = rng.choice(corpus)
            start = rng.randrange(len(other) + 1)
            new = other[start : start + rng.randrange(40)]
        else:
            new = _statement(rng).encode()
        data = data[:place] + new + data[place + cut :]
    return data


def _invented(rng: random.Random) -> bytes:
    head = rng.choice((HEAD_3, HEAD_3, HEAD_3, HEAD_2, ""))
    if rng.random() < 0.4:
        return (head + " ".join(rng.choices(TOKENS, k=rng.randrange(30)))).encode()
    return (head + "\n".join(_statement(rng) for _ in range(rng.randrange(1, 5)))).encode()


def _statement(rng: random.Random, depth: int = 0) -> str:
    """A statement that is nearly right."""

    def block() -> str:
        return "{ " + " ".join(_statement(rng, depth + 1) for _ in range(rng.randrange(3))) + " }"

    def e() -> str:
        return _expression(rng)

    def q() -> str:
        return _operand(rng)

    gate = rng.choice(("h", "x", "cx", "rx", "U", "g", "f", "crz", "ecr"))
    modifier = rng.choice(("", "", "ctrl @ ", "negctrl(2) @ ", f"ctrl({e()}) @ ", "inv @ ", f"pow({e()}) @ "))
    name, kind = rng.choice(NAMES), rng.choice(("int", "uint[8]", "float[64]", "angle", "bool", "bit", f"bit[{e()}]"))
    simple = (
        f"{modifier}{gate} {q()};",
        f"{modifier}{gate}({e()}) {q()}, {q()};",
        f"{modifier}gphase({e()}) {rng.choice(('', q()))};",
        f"{kind} {name} = {e()};",
        f"const {kind} {name} = {e()};",
        f"input {rng.choice((kind, f'array[float[64], {e()}]'))} {name};",
        f"array[float[64], 2] {name} = {{{e()}, {e()}}};",
        f"let {name} = {q()} ++ {q()};",
        f"{name} {rng.choice(('=', '+=', '-=', '*=', '|='))} {e()};",
        f"{name}[{e()}] = {e()};",
        f"qubit[{e()}] {name};",
        f"measure {q()} -> c;",
        f"c[{e()}] = measure {q()};",
        f"reset {q()};",
        f"f({e()}, {q()});",
        "break;",
        "continue;",
        "end;",
        f"return {e()};",
        f"delay[{e()}] {q()};",
    )
    if depth > 2 or rng.random() < 0.7:
        return rng.choice(simple)
    return rng.choice(
        (
            f"for int {name} in [{e()}:{e()}] {block()}",
            f"for {kind} {name} in {{{e()}, {e()}}} {block()}",
            f"while ({e()}) {block()}",
            f"if ({e()}) {block()} else {block()}",
            f"switch ({e()}) {{ case {e()} {block()} default {block()} }}",
            f"gate g({name}) a {{ {_statement(rng, 3)} }}",
            f"def f({kind} {name}, qubit a) -> int {block()}",
            f"box {block()}",
            block(),
        )
    )


def _operand(rng: random.Random) -> str:
    index = rng.choice((_expression(rng), f"{_expression(rng)}:{_expression(rng)}", "{0, 1}", ":", "-1", "0:2:2"))
    return rng.choice((rng.choice(NAMES), "q", "q[0]", "q[1]", f"q[{index}]", f"{rng.choice(NAMES)}[{index}]", "$0"))


def _expression(rng: random.Random, depth: int = 0) -> str:
    if depth > 2 or rng.random() < 0.5:
        return rng.choice((*NAMES, "0", "1", "2", "0.5", "pi", "1e400", "-1", "true", '"01"', "w[0]", "100ns", "3im"))
    a, b = _expression(rng, depth + 1), _expression(rng, depth + 1)
    operator = rng.choice(["+", "-", "*", "/", "%", "**", "^", "<<", ">>", "&", "|", "&&", "||", "==", "!=", "<", ">="])
    return rng.choice(
        (
            f"{a} {operator} {b}",
            f"({a})",
            f"-{a}",
            f"!{a}",
            f"~{a}",
            f"sin({a})",
            f"int[4]({a})",
            f"f({a}, {b})",
            f"{a}[{b}]",
        )
    )


NAMES = ("a", "b", "i", "n", "w", "q", "c", "θ", "t", "f")
HEAD_2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\n'
HEAD_3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput array[float[64], 3] w;\nqubit[3] q;\nbit[3] c;\n'
_WORDS = """
    OPENQASM 2.0 3.0 include qreg creg qubit bit input output float int uint angle bool const let gate def measure
    reset barrier if else for while switch case default in end break return extern array sizeof ctrl negctrl inv
    pow @ gphase box delay 100ns ( ) [ ] { } , ; : -> = == + - * / ** ^ ++ << >> && || ! ~ 0 1 2 0.5 1e400 "01"
    rx cx U h q c w pi tau // /* */ #pragma @bplint.fixed bplint: $0 ' " θ stretch cal defcal opaque "stdgates.inc"
"""
TOKENS = (*_WORDS.split(), "\n", "\ufeff", "\u202e")


if __name__ == "__main__":
    main()

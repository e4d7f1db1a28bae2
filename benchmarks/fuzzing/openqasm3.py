"""Programs of OpenQASM 3, generated from the language: registers, gates and subroutines of their own, modifiers, loops,
branches, arrays, aliases, broadcasting, measurement, and every way to tell bplint something."""

from __future__ import annotations

import random
from collections.abc import Sequence

from fuzzing import said
from fuzzing.trying import Kind, Sample

GATES = {
    "x": (0, 1),
    "y": (0, 1),
    "z": (0, 1),
    "h": (0, 1),
    "s": (0, 1),
    "sdg": (0, 1),
    "t": (0, 1),
    "tdg": (0, 1),
    "sx": (0, 1),
    "id": (0, 1),
    "rx": (1, 1),
    "ry": (1, 1),
    "rz": (1, 1),
    "p": (1, 1),
    "phase": (1, 1),
    "U": (3, 1),
    "u2": (2, 1),
    "u3": (3, 1),
    "cx": (0, 2),
    "CX": (0, 2),
    "cy": (0, 2),
    "cz": (0, 2),
    "ch": (0, 2),
    "swap": (0, 2),
    "cp": (1, 2),
    "crx": (1, 2),
    "cry": (1, 2),
    "crz": (1, 2),
    "cu": (4, 2),
    "ccx": (0, 3),
    "cswap": (0, 3),
    "rzz": (1, 2),
    "rxx": (1, 2),
}
"""Of the standard library and what most programs take to be there: number of angles and qubits."""

FAVOURED = ("rx", "ry", "rz", "rx", "ry", "cx", "cz", "h", "crx", "rzz")
LITERALS = (
    "0.3",
    "pi/2",
    "-pi/4",
    "1.2345",
    "pi",
    "0",
    "2.5e-1",
    "1e-9",
    "3*pi/8",
    "1/3",
    "-0.7",
    "100",
    "tau/8",
    "π/3",
)


class Program:
    """One program as it is written, statement by statement; what may be named is kept up as it is declared."""

    def __init__(self, r: random.Random) -> None:
        self.r = r
        self.registers: dict[str, int] = {}
        self.names: list[str] = []
        self.angles: list[str] = []
        self.integers: dict[str, int] = {}
        self.gates = dict(GATES)
        self.subroutines: dict[str, int] = {}
        self.aliases: dict[str, int] = {}
        self.fresh = 0

    @property
    def n(self) -> int:
        return sum(self.registers.values())

    def text(self) -> str:
        """The whole program."""
        r = self.r
        lines = [*self._declarations(), *self._definitions()]
        body = [self._statement(0) for _ in range(r.choice((1, 3, 6, 6, 10, 15)))]
        lines += body + self._end()
        head = ["OPENQASM 3.0;" if r.random() < 0.9 else "OPENQASM 3.1;", 'include "stdgates.inc";']
        keys = said.context(r, self.n, self.names)
        told = [self._told(key, value) for key, value in keys.items()]
        text = "\n".join([*head, *lines[:1], *(line for line in told if not line.startswith("@"))])
        text += "\n" + "\n".join([*(line for line in told if line.startswith("@")), *lines[1:]])
        return text + r.choice(("\n", "", "\n\n"))

    def _told(self, key: str, value: str) -> str:
        if key in ("trainable", "data"):  # alone, these annotate one statement
            return f"// bplint: {key} = {value}"
        return self.r.choice(
            (
                f"// bplint: {key} = {value}",
                f"// bplint: {key} = {value}",
                f"pragma bplint {key} {value}",
                f"#pragma bplint {key} = {value}",
                f"@bplint.{key} {value}",
            )
        )

    def _declarations(self) -> list[str]:
        r, lines = self.r, []
        for k in range(r.choice((1, 1, 1, 2, 3))):
            size = r.choice((1, 2, 2, 3, 4)) if not k else r.choice((1, 2))
            name = f"q{k}" if k else "q"
            self.registers[name] = size
            lines.append(r.choice((f"qubit[{size}] {name};", f"qreg {name}[{size}];")))
        if len(lines) == 1 and r.random() < 0.3:
            size = self.registers["q"]
            lines = [f"const int n = {size}; qubit[n] q;"]
            self.integers["n"] = size
        for k in range(r.choice((0, 1, 1, 2, 3))):
            name = ("a", "b", "θ", "w_1")[k]
            lines.append(f"input {r.choice(('float', 'float[64]', 'angle', 'float[32]', 'angle[16]'))} {name};")
            self._angle(name)
        if r.random() < 0.5:
            size = r.randint(1, 5)
            lines.append(f"input array[float[64], {size}] x;")
            for place in range(size):
                self._angle(f"x[{place}]")
        if r.random() < 0.3:
            lines.append("const float c = pi / 3; float d = c * 2;")
            self.angles += ["c", "d"]
        if r.random() < 0.2:
            lines.append("array[float[64], 3] v = {0.1, pi, -2};")
            self.angles += ["v[0]", "v[-1]", "v[1]"]
        if r.random() < 0.2:
            lines.append(f"const int k = {r.choice((0, 1, 2, -1))};")
            self.integers["k"] = 1
        if r.random() < 0.2 and self.registers["q"] > 1:
            lines.append("let l = q[0:1];")
            self.aliases["l"] = 2
        return lines

    def _angle(self, name: str) -> None:
        self.names.append(name)
        self.angles += [name] * 4

    def _definitions(self) -> list[str]:
        r, lines = self.r, []
        for k in range(r.choice((0, 0, 1, 2))):
            arity, width = r.randint(0, 2), r.randint(1, 2)
            parameters, wires = [f"p{i}" for i in range(arity)], [f"e{i}" for i in range(width)]
            calls = " ".join(self._call(wires, parameters or ["0.5"], plain=True) for _ in range(r.randint(0, 3)))
            given = f"({', '.join(parameters)})" if parameters else r.choice(("", "()"))
            lines.append(f"gate g{k}{given} {', '.join(wires)} {{ {calls} }}")
            self.gates[f"g{k}"] = (arity, width)
        if r.random() < 0.3:
            calls = " ".join(
                self._call(["e[0]", "e[1]"], ["t", "-t / 2", "i * t"], plain=True) for _ in range(r.randint(1, 3))
            )
            lines.append(f"def f(float t, int i, qubit[2] e) {{ {calls} }}")
            self.subroutines["f"] = 2
        return lines

    def _statement(self, depth: int) -> str:
        r = self.r
        draw = r.random()
        if draw < 0.72 or depth > 2:
            text = self._call(self._qubits(), self.angles)
            return self._marked(text) if not depth else text
        if draw < 0.8:
            return self._loop(depth)
        if draw < 0.85:
            return self._branch(depth)
        if draw < 0.88 and self.subroutines and self.registers["q"] > 1:
            return f"f({self._expression(self.angles)}, {r.choice((0, 1, 2, -1))}, q[0:1]);"
        return r.choice(
            (
                "barrier q;",
                "barrier;",
                "{ }",
                f"box {{ {self._call(self._qubits(), self.angles)} }}",
                "nop q;",
                "delay[100ns] q[0];",
                f"{{ {self._statement(depth + 1)}\n }}",
                "gphase(pi / 4);",
                "barrier q[0];",
                "/* nothing */",
                "// nothing",
                "ctrl @ gphase(0.3) q[0];",
            )
        )

    def _marked(self, text: str) -> str:
        r, draw = self.r, self.r.random()
        if draw < 0.05:
            return f"{text} // bplint: {r.choice(('fixed', 'data', 'trainable'))}"
        if draw < 0.08:
            return f"@bplint.{r.choice(('fixed', 'data', 'trainable'))}\n{text}"
        if draw < 0.12:
            return f"{text} // bplint: ignore[{r.choice(said.CODES)}] a reason"
        return text

    def _loop(self, depth: int) -> str:
        r = self.r
        self.fresh += 1
        name = f"i{self.fresh}"
        over = r.choice(("[0:1]", "[0:2]", "[2:-1:0]", "{0, 1}", "[1:0]", "[0:2:3]", "[0:q_size]"))
        over = over.replace("q_size", "n - 1" if "n" in self.integers else "1")
        kept = self.angles
        self.angles = [*kept, f"{name} * 0.1", *(f"{name} * {one}" for one in self.names[:1])]
        qubits = [f"q[{name} % {self.registers['q']}]"] if r.random() < 0.5 else []
        text = self._call(qubits, self.angles) if qubits else self._statement(depth + 1)
        self.angles = kept
        head = (
            f"for {r.choice(('int', 'uint', 'uint[8]'))} {name} in {over}"
            if r.random() < 0.9
            else f"for int {name} in {{1}}"
        )
        return f"{head} {text}" if r.random() < 0.3 and not text.startswith(("/", "@")) else f"{head} {{ {text}\n }}"

    def _branch(self, depth: int) -> str:
        r = self.r
        self.fresh += 1
        own = f"m{self.fresh}"
        yes, no = self._statement(depth + 1), self._statement(depth + 1)
        test = r.choice(
            ("true", "1 < 2", "2 == 3", "!false", "(1 + 1) > 1 && true", "k > 0" if "k" in self.integers else "0 != 0")
        )
        return r.choice(
            (
                f"if ({test}) {{ {yes}\n }}",
                f"if ({test}) {{ {yes}\n }} else {{ {no}\n }}",
                f"switch ({r.choice('012')}) {{ case 0 {{ {yes}\n }} case 1, 2 {{ {no}\n }} default {{ }} }}",
                f"int {own} = 0; while ({own} < 2) {{ {own} += 1; {yes}\n }}" if not depth else "{ }",
            )
        )

    def _call(self, qubits: Sequence[str], angles: Sequence[str], *, plain: bool = False) -> str:
        r = self.r
        name = r.choice(FAVOURED) if r.random() < 0.6 else r.choice(list(self.gates))
        modifiers, extra, repeated = "", 0, 1
        if r.random() < 0.15:
            choice = r.choice(
                ("inv @", "pow(2) @", "pow(-1) @", "pow(0) @", "ctrl @", "negctrl @", "inv @ inv @", "pow(0.5) @")
            )
            modifiers, extra = f"{choice} ", "ctrl" in choice
        arity, width = self.gates[name]
        while width + extra > len(set(qubits)):
            if modifiers and extra:
                modifiers, extra = "", 0
            name = r.choice([g for g, (_, w) in self.gates.items() if w == 1])
            arity, width = self.gates[name]
        if not plain and width + extra == 1 and r.random() < 0.15:
            chosen = [r.choice([*self.registers, *self.aliases, "q[0:0]", "q[{0}]"])]
        else:
            chosen = r.sample(list(qubits), width + extra)
        given = f"({', '.join(self._expression(angles) for _ in range(arity))})" if arity else ""
        return " ".join([f"{modifiers}{name}{given} {', '.join(chosen)};"] * repeated)

    def _qubits(self) -> list[str]:
        return [f"{name}[{place}]" for name, size in self.registers.items() for place in range(size)]

    def _expression(self, angles: Sequence[str]) -> str:
        r = self.r
        if not angles or r.random() < 0.25:
            return r.choice(LITERALS)
        one, two = r.choice(angles), r.choice(angles)
        return r.choice(
            (one,) * 8
            + (
                f"2 * {one}",
                f"-{one}",
                f"{one} / 2",
                f"{one} + 0.5",
                f"{one} - {two}",
                f"pi * {one}",
                f"{one} + {two}",
                f"{r.choice(LITERALS)} * {one}",
                f"({one})",
                f"0 * {one}",
                f"1e-8 * {one}",
                f"1e6 * {one}",
                f"1e9 * {one}",
                f"sin({one})",
                f"{one} * {two}",
                f"{one} ** 2",
                f"{one} - {one}",
                f"float({one})",
                f"2 * ({one} - {two} / 3)",
            )
        )

    def _end(self) -> list[str]:
        r = self.r
        if r.random() < 0.6:
            return []
        size = self.registers["q"]
        return r.choice(
            (
                [f"bit[{size}] z;", "z = measure q;"],
                [f"bit[{size}] z = measure q;"],
                ["measure q;"],
                ["bit z;", "z = measure q[0];"],
                [f"creg z[{size}];", "measure q -> z;"],
            )
        )


def sample(r: random.Random) -> Sample:
    """A program, with what a caller may say beside it."""
    from fuzzing.front_door import through

    program = Program(r)
    text = program.text()
    return Sample(text, through(r, text, said.options(r, program.n, program.names)))


KIND = Kind("openqasm3", ".qasm", sample)

"""Programs of OpenQASM 2: what exporters write, and its grammar allows."""

from __future__ import annotations

import random

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
    "sxdg": (0, 1),
    "id": (0, 1),
    "rx": (1, 1),
    "ry": (1, 1),
    "rz": (1, 1),
    "p": (1, 1),
    "u0": (1, 1),
    "u1": (1, 1),
    "u2": (2, 1),
    "u3": (3, 1),
    "u": (3, 1),
    "U": (3, 1),
    "cx": (0, 2),
    "CX": (0, 2),
    "cy": (0, 2),
    "cz": (0, 2),
    "ch": (0, 2),
    "swap": (0, 2),
    "crx": (1, 2),
    "cry": (1, 2),
    "crz": (1, 2),
    "cu1": (1, 2),
    "cp": (1, 2),
    "cu3": (3, 2),
    "rxx": (1, 2),
    "rzz": (1, 2),
    "csx": (0, 2),
    "ccx": (0, 3),
    "cswap": (0, 3),
    "cu": (4, 2),
    "rccx": (0, 3),
}
NUMBERS = (
    "0.3",
    "pi/2",
    "-pi/4",
    "1.5707963267948966",
    "0.7853981",
    "2.1",
    "3",
    "0",
    "1e-7",
    "pi",
    "-1.1",
    "2*pi/3",
    "0.1e1",
)


def program(r: random.Random) -> tuple[str, int]:
    """A program and its number of qubits."""
    sizes = {"q": r.choice((1, 2, 3, 4))} | ({"anc": r.randint(1, 2)} if r.random() < 0.2 else {})
    lines, gates = ["OPENQASM 2.0;", 'include "qelib1.inc";'], dict(GATES)
    for key, value in said.context(r, sum(sizes.values()), ()).items():
        lines.append(f"// bplint: {key} = {value}")
    for k in range(r.choice((0, 0, 1, 2))):
        lines.append(_definition(r, f"g{k}", gates))
    if r.random() < 0.1:
        lines.append("opaque magic(a, b) c, d;")
    lines += [f"qreg {name}[{size}];" for name, size in sizes.items()]
    if measured := r.random() < 0.5:
        lines.append(f"creg c[{sizes['q']}];")
    wires = [f"{name}[{k}]" for name, size in sizes.items() for k in range(size)]
    lines += [_statement(r, gates, wires, sizes) for _ in range(r.choice((1, 4, 8, 12, 20)))]
    if measured:
        lines.append(r.choice(("measure q -> c;", "measure q[0] -> c[0];")))
    return "\n".join(lines) + "\n", sum(sizes.values())


def _definition(r: random.Random, name: str, gates: dict[str, tuple[int, int]]) -> str:
    arity, width = r.randint(0, 2), r.randint(1, 2)
    names, wires = [f"t{i}" for i in range(arity)], [f"e{i}" for i in range(width)]
    body = " ".join(_call(r, gates, wires, names) for _ in range(r.randint(0, 3)))
    gates[name] = (arity, width)
    given = f"({','.join(names)})" if names else ""
    return f"gate {name}{given} {','.join(wires)} {{ {body} }}"


def _statement(r: random.Random, gates: dict[str, tuple[int, int]], wires: list[str], sizes: dict[str, int]) -> str:
    draw = r.random()
    if draw < 0.06:
        return r.choice(("barrier q;", f"barrier {','.join(wires)};", "// a remark", f"barrier {wires[0]};"))
    if draw < 0.12:
        return f"{r.choice(('h', 'x', 'rx(0.3)', 'ry(1.1)', 'rz(pi/2)'))} {r.choice(list(sizes))};"
    text = _call(r, gates, wires, ())
    mark = f" // bplint: {r.choice(('trainable', 'data', 'fixed', 'ignore[BP203]'))}" if draw > 0.9 else ""
    return text + mark


def _call(
    r: random.Random, gates: dict[str, tuple[int, int]], wires: list[str], names: list[str] | tuple[str, ...]
) -> str:
    fitting = [name for name, (_, width) in gates.items() if width <= len(wires)]
    name = r.choice(
        [g for g in ("rx", "ry", "rz", "cx", "cz", "h", "crz") if g in fitting] if r.random() < 0.6 else fitting
    )
    arity, width = gates[name]
    given = f"({','.join(_angle(r, names) for _ in range(arity))})" if arity else ""
    return f"{name}{given} {','.join(r.sample(wires, width))};"


def _angle(r: random.Random, names: list[str] | tuple[str, ...]) -> str:
    if names and r.random() < 0.7:
        one = r.choice(names)
        return r.choice(
            (
                one,
                f"-{one}",
                f"{one}/2",
                f"2*{one}",
                f"({one}+pi)/2",
                f"sin({one})",
                f"{one}^2",
                f"ln({one})",
                f"{one}*{one}",
            )
        )
    number = r.choice(NUMBERS) if r.random() < 0.6 else f"{r.uniform(-4, 4):.{r.choice((2, 6, 17))}f}"
    return r.choice((number, number, number, f"-({number})", f"{number}+1", f"cos({number})", f"sqrt(2)*{number}"))


def sample(r: random.Random) -> Sample:
    """A program, with what a caller may say beside it."""
    from fuzzing.front_door import through

    text, n = program(r)
    return Sample(text, through(r, text, said.options(r, n, ())))


KIND = Kind("openqasm2", ".qasm", sample)

"""Random programs of OpenQASM 3, and the gates that each comes to, worked out by Python beside the text.

The gates are OpenQASM 2, for a reader that has nothing to do with ours. What is written as text is also a function of the
values that names have: an expression gives a number, a statement appends gates.
"""

import math
import random

FIXED = {"h": 1, "x": 1, "y": 1, "s": 1, "t": 1, "sx": 1, "cx": 2, "cz": 2, "ch": 2, "swap": 2, "ccx": 3}
TURNING = {"rx": 1, "ry": 1, "rz": 1, "p": 1, "crx": 2, "cry": 2, "crz": 2, "cp": 2}
UNDONE = {"s": "sdg", "t": "tdg", "sx": "sxdg"}
CONTROLLED = {"x": "cx", "y": "cy", "h": "ch", "rx": "crx", "ry": "cry", "rz": "crz", "p": "cp"}
OPERANDS = {f"q[{i}]": i for i in range(4)} | {"a[0]": 3, "a[1]": 2, "a[2]": 0, "q[-1]": 3, "q[n - 2]": 2}
HEAD = """OPENQASM 3.0;
include "stdgates.inc";
const int n = 4;
const float f = 0.375;
qubit[n] q;
let a = q[3:-1:2] ++ q[0];
int k = 1;
array[float, 2] v = {0.25, 3.0 / 2};
gate own(x, y) u, w { rx(x / 2) u; inv @ rz(y - x) w; ctrl @ sx u, w; }
def twice(float x) -> float { return 2 * x; }
def turn(int m, qubit u, qubit[2] r, float x) { if (m > 1) { ry(x) u; return; } rz(m * x) u; cx r[0], r[1]; }
"""


def program(seed):
    """The text, and the text of its gates."""
    rng = random.Random(seed)
    values = {"n": 4, "f": 0.375, "k": 1, "v": [0.25, 1.5], "made": []}
    statements = [statement(rng, (), 0) for _ in range(rng.randrange(2, 9))]
    for _, run in statements:
        run(values)
    gates = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[4];\n' + "\n".join(values["made"]) + "\n"
    return HEAD + "\n".join(text for text, _ in statements) + "\n", gates


def emit(values, name, angles, qubits):
    written = f"({','.join(repr(float(angle)) for angle in angles)})" if angles else ""
    values["made"].append(f"{name}{written} {','.join(f'q[{i}]' for i in qubits)};")


def whole(rng, loops, depth=0):
    """An expression of whole numbers, 0 or more."""
    if depth > 2 or rng.random() < 0.4:
        name, number = rng.choice(("n", "k", *loops, *loops)), rng.randrange(6)
        written = rng.choice((str(number), hex(number), f"int[8]({number}.75)", f"uint[4]({number + 16})"))
        return rng.choice(((name, lambda v: v[name]), (written, lambda v: number)))
    (left, x), (right, y) = whole(rng, loops, depth + 1), whole(rng, loops, depth + 1)
    choices = (
        (f"({left} + {right})", lambda v: x(v) + y(v)),
        (f"(({left}) * ({right}))", lambda v: x(v) * y(v)),
        (f"(({left}) % ({right} + 1))", lambda v: x(v) % (y(v) + 1)),
        (f"(({left}) / ({right} + 1))", lambda v: x(v) // (y(v) + 1)),
        (f"({left} ^ {right})", lambda v: x(v) ^ y(v)),
        (f"({left} | {right} & 3)", lambda v: x(v) | y(v) & 3),
        (f"(1 << ({left}) % 4)", lambda v: 1 << x(v) % 4),
        (f"({left} >> 1)", lambda v: x(v) >> 1),
        (f"popcount({left})", lambda v: x(v).bit_count()),
        (f"(2 ** (({left}) % 4))", lambda v: 2 ** (x(v) % 4)),
        (f"({left} < {right})", lambda v: int(x(v) < y(v))),
        (f"({left} == {right} || !({left} > 2))", lambda v: int(x(v) == y(v) or not x(v) > 2)),
    )
    return rng.choice(choices)


def angle(rng, loops, depth=0):
    """An expression of real numbers."""
    if depth > 2 or rng.random() < 0.4:
        number = round(rng.uniform(-3, 3), 4)
        text, value = whole(rng, loops, 2)
        choices = (
            (f"({number})", lambda v: number),
            ("pi", lambda v: math.pi),
            ("f", lambda v: v["f"]),
            ("v[0]", lambda v: v["v"][0]),
            ("v[k % 2]", lambda v: v["v"][v["k"] % 2]),
            # To the letter, a quotient of whole numbers is cut off; in an angle we take it as a fraction, and say so.
            ("f", lambda v: v["f"]) if "/" in text else (f"float({text})", lambda v: float(value(v))),
        )
        return rng.choice(choices)
    (left, x), (right, y) = angle(rng, loops, depth + 1), angle(rng, loops, depth + 1)
    choices = (
        (f"({left} + {right})", lambda v: x(v) + y(v)),
        (f"({left} - {right})", lambda v: x(v) - y(v)),
        (f"{left} * {right}", lambda v: x(v) * y(v)),
        (f"-{left}", lambda v: -x(v)),
        (f"{left} / 4.0", lambda v: x(v) / 4),
        (f"sin({left})", lambda v: math.sin(x(v))),
        (f"twice({left})", lambda v: 2 * x(v)),
    )
    return rng.choice(choices)


def operands(rng, count, loops):
    """So many different qubits."""
    chosen = rng.sample(range(4), count)
    texts = [rng.choice([text for text, qubit in OPERANDS.items() if qubit == one]) for one in chosen]
    if count == 1 and loops and rng.random() < 0.5:
        text, value = whole(rng, loops, 1)
        return [f"q[({text}) % 4]"], lambda v: [value(v) % 4]
    return texts, lambda v: chosen


def call(rng, loops):
    """The call of a gate, some with modifiers."""
    kind = rng.randrange(8)
    (turn, x), (other, y) = angle(rng, loops), angle(rng, loops)
    if kind == 0:
        name = rng.choice([*FIXED])
        texts, qubits = operands(rng, FIXED[name], loops)
        return f"{name} {', '.join(texts)};", lambda v: emit(v, name, (), qubits(v))
    if kind in (1, 2):
        name = rng.choice([*TURNING])
        texts, qubits = operands(rng, TURNING[name], loops)
        return f"{name}({turn}) {', '.join(texts)};", lambda v: emit(v, name, (x(v),), qubits(v))
    if kind == 3:
        name = rng.choice([*UNDONE])
        texts, qubits = operands(rng, 1, loops)
        return f"inv @ {name} {texts[0]};", lambda v: emit(v, UNDONE[name], (), qubits(v))
    if kind == 4:
        name = rng.choice([*CONTROLLED])
        (control, target), chosen = operands(rng, 2, ())
        given = f"(-({turn}))" if name in TURNING else ""
        text = f"ctrl @ inv @ {name}{given.replace('-', '', 1)} {control}, {target};"
        return text, lambda v: emit(v, CONTROLLED[name], (-x(v),) if given else (), chosen(v))
    if kind == 5:
        (control, target), chosen = operands(rng, 2, ())

        def on_zero(v):
            first, second = chosen(v)
            emit(v, "x", (), (first,))
            emit(v, "cu3", (x(v), 0, 0), (first, second))
            emit(v, "x", (), (first,))

        return f"negctrl @ ry({turn}) {control}, {target};", on_zero
    if kind == 6:
        name = rng.choice(("rx", "rz", "ry"))
        texts, qubits = operands(rng, 1, loops)
        return f"pow({other}) @ {name}({turn}) {texts[0]};", lambda v: emit(v, name, (x(v) * y(v),), qubits(v))
    (left, right), chosen = operands(rng, 2, ())

    def own(v):
        first, second = chosen(v)
        emit(v, "rx", (x(v) / 2,), (first,))
        emit(v, "rz", (x(v) - y(v),), (second,))
        emit(v, "csx", (), (first, second))

    return f"own({turn}, {other}) {left}, {right};", own


def statement(rng, loops, depth):
    """A statement: a call, an assignment, or blocks of statements."""
    kind = rng.randrange(9) if depth < 2 else rng.randrange(4)
    if kind < 2:
        return call(rng, loops)
    if kind == 2:
        text, value = whole(rng, loops)
        return f"k = ({text}) % 7;", lambda v: v.update(k=value(v) % 7)
    if kind == 3:
        text, value = angle(rng, loops)
        place = rng.randrange(2)
        return f"v[{place}] = {text};", lambda v: v["v"].__setitem__(place, value(v))
    if kind == 4:
        return rng.choice(
            (
                ("h q;", lambda v: [emit(v, "h", (), (i,)) for i in range(4)]),
                ("cx q[0:1], q[{3, 2}];", lambda v: [emit(v, "cx", (), pair) for pair in ((0, 3), (1, 2))]),
                ("rx(f) a;", lambda v: [emit(v, "rx", (0.375,), (i,)) for i in (3, 2, 0)]),
            )
        )
    if kind == 5:
        (text, value), (turn, x) = whole(rng, loops), angle(rng, loops)

        def run_turn(v):
            many = value(v) % 3
            emit(v, *(("ry", (x(v),), (1,)) if many > 1 else ("rz", (many * x(v),), (1,))))
            if many <= 1:
                emit(v, "cx", (), (3, 2))

        return f"turn(({text}) % 3, q[1], a[0:1], {turn});", run_turn
    inner = [statement(rng, loops, depth + 1) for _ in range(rng.randrange(1, 3))]
    if kind == 6:
        (text, value), other = whole(rng, loops), statement(rng, loops, depth + 1)

        def branch(v):
            for _, run in inner if value(v) % 2 == 0 else [other]:
                run(v)

        body = " ".join(written for written, _ in inner)
        return f"if (({text}) % 2 == 0) {{ {body} }} else {{ {other[0]} }}", branch
    name = f"i{depth}"
    inner = [statement(rng, (*loops, name), depth + 1) for _ in range(rng.randrange(1, 3))]
    turns, written = rng.choice(((range(3), "[0:2]"), (range(4, -1, -2), "[4:-2:0]"), ((5, 1), "{5, 1}")))

    def loop(v):
        for turn in turns:
            v[name] = turn
            for _, run in inner:
                run(v)

    body = " ".join(text for text, _ in inner)
    return f"for int {name} in {written} {{ {body} }}", loop

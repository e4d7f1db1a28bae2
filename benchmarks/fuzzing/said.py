"""What is said about a circuit: losses, laws, noise, names; odd, and nearly always legal."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bplint.config import Settings
from bplint.ir.trainable import POLICIES

COEFFICIENTS = (
    "1",
    "0.5",
    "-1",
    "2",
    "0",
    "1e-3",
    "1e90",
    "1e-90",
    "1e-16",
    "-3.25",
    ".5",
    "7.",
    "1E+2",
    "1e100",
    "1e-100",
)
RATES = ("0", "1e-12", "0.001", "0.1", "0.5", "0.25")
WIDTHS = ("0", "1e-9", "1e-50", "0.05", "0.7", "1.5", "pi", "pi/2", "2*pi", "40", "1e6", "1e9")
MEANS = ("0", "pi/2", "-0.3", "pi", "1e9")
CODES = ("BP101", "BP104", "BP203", "BP301", "BP3", "BP", "dead-parameter", "BP902", "BP204", "BP701", "BP901", "BP951")


def loss(r: random.Random, n: int) -> str:
    """An observable on n qubits."""
    draw = r.random()
    if draw < 0.1:
        return f"projector({_qubits(r, n)})"
    if draw < 0.2:
        return f"mean({r.choice('XYZ')})"
    return _sum(r, n)


def law(r: random.Random, names: Sequence[str]) -> str:
    """An angle law, at times with laws for some names."""
    parts = [_law(r)] if r.random() < 0.8 else []
    if names and (r.random() < 0.3 or not parts):
        parts += [f"{name}={_law(r)}" for name in r.sample(names, min(len(names), r.randint(1, 2)))]
    return ", ".join(parts) or "uniform"


def noise(r: random.Random) -> str:
    """Channels."""
    return ", ".join(_channel(r) for _ in range(r.choice((1, 1, 2, 3))))


def context(r: random.Random, n: int, names: Sequence[str]) -> dict[str, str]:
    """Some of the keys that a source may state, as text."""
    said = {}
    if r.random() < 0.8:
        said["observable"] = loss(r, n)
    if r.random() < 0.4:
        said["init"] = law(r, names)
    if r.random() < 0.35:
        said["noise"] = noise(r)
    if r.random() < 0.2:
        said["shots"] = r.choice(("1", "2", "100", "1000000", "10_000", "999999999999999"))
    if r.random() < 0.25:
        said["trainable"] = r.choice((*POLICIES, *(f"{name[0]}*" for name in names), *names))
    if names and r.random() < 0.2:
        said["data"] = " ".join(r.sample(names, r.randint(1, min(2, len(names)))))
    return said


def options(r: random.Random, n: int, names: Sequence[str]) -> Settings:
    """What a caller asks for."""
    said = context(r, n, names) if r.random() < 0.25 else {}
    return Settings(
        observable=said.get("observable"),
        init=said.get("init"),
        noise=said.get("noise"),
        shots=r.choice((None, None, 1, 5000)),
        seed=r.choice((None, 0, 7)),
        budget=0.03,
        isolated=True,
        suggest=r.random() < 0.3,
        select=tuple(r.sample(CODES, r.randint(1, 3))) if r.random() < 0.5 else (),
        ignore=(r.choice(CODES[:4]),) if r.random() < 0.1 else (),
        fail_on=r.choice((None, None, "note", "never")),
    )


def _sum(r: random.Random, n: int) -> str:
    text = ""
    for place in range(r.choice((1, 1, 1, 2, 2, 3, 5))):
        sign = r.choice(("+", "-", " + ", " - ")) if place else r.choice(("", "", "-"))
        coefficient = r.choice(("", "", f"{r.choice(COEFFICIENTS)}*", f"{r.choice(COEFFICIENTS)} "))
        text += sign + coefficient.lstrip("-") + _word(r, n)
    return text


def _word(r: random.Random, n: int) -> str:
    draw = r.random()
    if draw < 0.1:
        return f"mean({r.choice('XYZ')})"
    if draw < 0.15:
        return "I"
    if draw < 0.35:
        return "".join(r.choices("IXYZ", k=n))
    chosen = r.sample(range(n), r.randint(1, min(n, 3)))
    style = r.choice(("{}{}", "{}_{}", "{}[{}]"))
    return r.choice((" ", "*", " @ ")).join(style.format(r.choice("XYZxyzI"), q) for q in chosen)


def _qubits(r: random.Random, n: int) -> str:
    first = r.randrange(n)
    return r.choice(("0..n-1", f"{first}", f"{first}..n-1", f"0, {first}", f"0..{n - 1}", "n-1"))


def _law(r: random.Random) -> str:
    shape = r.choice(("uniform", "normal", "range"))
    if shape == "uniform":
        return shape
    about = f"@{r.choice(MEANS)}" if r.random() < 0.3 else ""
    return f"{shape}:{r.choice(WIDTHS)}{about}"


def _channel(r: random.Random) -> str:
    kind = r.choice(("depolarizing", "bitflip", "phaseflip", "pauli", "damping", "readout"))
    rates = (
        "/".join(r.choice(RATES[:4]) for _ in range(3))
        if kind == "pauli"
        else r.choice((*RATES, "1")[: 6 + (kind == "damping")])
    )
    where = "" if kind == "readout" else r.choice(("", "", "1q=", "2q="))
    return f"{where}{kind}:{rates}"

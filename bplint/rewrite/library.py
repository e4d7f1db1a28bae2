"""Definitions, in OpenQASM, of the gates that a rewrite puts in and that no standard library has.

Each is one gate of one angle, so that in a file of numbers one call is one parameter, and where the angle is used several
times these are of one size, which is how equal numbers are recognised.
"""

from __future__ import annotations

LIBRARY = frozenset(
    ["x", "y", "z", "h", "s", "sdg", "t", "tdg", "rx", "ry", "rz", "cx", "cy", "cz", "ch", "ccx", "crz"]
)
"""Gates that both standard libraries have in every copy."""

_TURN = "cx a, b; rz(theta) b; cx a, b;"
_TO_Z = {"x": ("h {0};", "h {0};"), "y": ("sdg {0}; h {0};", "h {0}; s {0};"), "z": ("", "")}
_EXCHANGE = "cx a, b; {0}h a; crz(theta) b, a; h a; {0}cx a, b;"


def _about(letters: str) -> str:
    """exp(-i · theta/2 · P) for two letters."""
    (a_in, a_out), (b_in, b_out) = (_TO_Z[letter] for letter in letters)
    steps = [a_in.format("a"), b_in.format("b"), _TURN, a_out.format("a"), b_out.format("b")]
    return " ".join(step for step in steps if step)


_BODIES = {
    **{f"r{letters}": _about(letters) for letters in ("xx", "yy", "zz", "zx", "yx", "zy")},
    "xx_plus_yy": _EXCHANGE.format(""),
    "xx_minus_yy": _EXCHANGE.format("x b; "),
    "exchange": "cx a, b; rx(theta/2) a; rz(theta/2) b; h a; cx a, b; rz(-theta/2) b; cx a, b; h a; cx a, b;",
    "sxdg": "s a; h a; s a;",
    "sx": "sdg a; h a; sdg a;",
    "swap": "cx a, b; cx b, a; cx a, b;",
    "iswap": "s a; s b; h a; cx a, b; cx b, a; h b;",
}


def definition(name: str, own: str) -> str | None:
    """The definition of a gate by its name in the gate table, under a name of the text's own; None if there is none."""
    body = _BODIES.get(name)
    if body is None:
        return None
    angle = "(theta)" if "theta" in body else ""
    qubits = "a, b" if " b;" in body else "a"
    return f"gate {own}{angle} {qubits} {{ {body} }}"

"""Which names the two standard includes declare, and which words a dialect keeps for itself."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


QELIB1_2017 = _words("u3 u2 u1 cx id x y z h s sdg t tdg rx ry rz cz cy ch ccx crz cu1 cu3")
"""qelib1.inc as first published: every copy declares these."""

QELIB1 = QELIB1_2017 | _words("u0 u p sx sxdg swap cswap crx cry cp csx cu rxx rzz rccx rc3x c3x c3sqrtx c4x")
"""qelib1.inc as Qiskit ships it: copies differ in the names it adds, so a file may define those itself."""

STDGATES = _words(
    "p x y z h s sdg t tdg sx rx ry rz cx cy cz cp crx cry crz ch swap ccx cswap cu CX phase cphase id u1 u2 u3"
)

PROPER = {"qelib1.inc": QELIB1_2017, "stdgates.inc": STDGATES}
"""What each include declares wherever it comes from: a second definition is a duplicate."""

DECLARED = {"qelib1.inc": QELIB1, "stdgates.inc": STDGATES}
"""What a file may use once it includes the library."""

BUILT_IN = frozenset({"U", "CX"})
"""Gates of the language itself (CX: of OpenQASM 2)."""

NEW_STATEMENTS = {
    **{word: f"{word} loop" for word in ("for", "while")},
    **{word: f"{word} statement" for word in ("if", "switch", "end", "break", "continue")},
    **{word: f"gate modifier {word} @" for word in ("ctrl", "negctrl", "inv", "pow")},
    **{word: f"pulse calibration ({word})" for word in ("defcal", "cal", "defcalgrammar")},
    **{
        word: f"classical variable ({word})"
        for word in ("int", "uint", "float", "angle", "bool", "complex", "array", "duration", "stretch")
    },
    **dict.fromkeys(("def", "return"), "subroutine (def)"),
    **{word: word for word in ("qubit", "bit", "input", "const", "delay")},
    "else": "if statement",
    "let": "alias (let)",
    "box": "box",
    "extern": "extern function",
    "output": "output declaration",
}
"""Words that begin a statement which OpenQASM 2 does not have, and what the statement is called."""

_WORDS_2 = _words("OPENQASM include qreg creg gate opaque barrier measure reset if")
_WORDS_3 = (_WORDS_2 | set(NEW_STATEMENTS)) | _words(
    "in case default nop pragma readonly mutable void gphase durationof true false"
)

RESERVED_2 = _WORDS_2 | {"pi", "π"}
RESERVED_3 = _WORDS_3 | {"pi", "π", "tau", "τ", "euler", "ℇ"}

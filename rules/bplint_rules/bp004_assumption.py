"""What bplint assumed about the circuit.

## What it does

One note a circuit with everything that was taken for granted: literal angles taken as trainable and how many, angles tied
because their values repeat, literals left fixed beside symbols, expressions that are not affine, gates used without being
declared, data parameters.

## Why it matters

Nine of ten variational files hold numbers only. Which of them are trained decides every number that follows.

## When it is fine

When the assumption is right. To say so, declare it: `// bplint: trainable = literals` (each angle on its own), `tied-literals`
(angles of equal size as one parameter), `symbols`, `rotations`, `all`, or names such as `w*`; `// bplint: data = x*`. The
line that the note offers keeps what was assumed.

## Conditions

A literal counts as trained when it is neither a multiple of π/2 nor a dyadic fraction of π. When fewer than 70 % of their
sizes are distinct, literals of equal size are taken as one parameter: repeated values are the mark of an export with bound
symbols (QAOA, equivariant circuits), and splitting them would invent an algebra that the circuit does not have.

## References

Tied parameters change the algebra: Allcock et al., arXiv:2407.12587.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bplint.analyses import Ask
from bplint.finding import Hit, Kind, Severity
from bplint.ir.circuit import Circuit, Role
from bplint.ir.context import Case, NotVariational
from bplint.ir.naming import listed, selects
from bplint.ir.trainable import Selection
from bplint.rule import Example, rule


@rule("BP004", "assumption", Severity.NOTE, kind=Kind.EXACT, since="0.1")
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    selection, circuit = case.context.selection, case.circuit
    sentences, help = [], []
    if any(isinstance(note, NotVariational) for note in case.notes):
        return  # nothing was taken for granted
    if case.context.loss.is_kernel:
        pass  # nothing is trained
    elif not selection.taken if selection.guessed else not any(p.role is Role.TRAINABLE for p in circuit.parameters):
        sentences.append(f"No trainable parameter was found: {_why_none(selection)}.")
        help.append("to take every rotation angle as trainable:  // bplint: trainable = rotations")
    elif selection.guessed:
        sentences.append(
            f"The file has no symbols; {selection.taken:,} of {selection.literals:,} literal angles are taken as trainable"
            + (", angles of equal size as one parameter" if selection.tied else ", each on its own")
            + (" but for those that are tied." if selection.grouped else ".")
        )
        help.append(f"to confirm (findings may then be errors):  // bplint: trainable = {selection.policy}")
    if selection.left_out:
        sentences.append(
            f"{selection.left_out:,} literal angles beside the symbols are taken as fixed, though they are neither "
            "multiples of π/2 nor dyadic fractions of π."
        )
        help.append("to train them as well:  // bplint: trainable = all")
    if data := _features(circuit, case.context.data):
        rows = case.context.rows
        given = (
            "averaged over"
            if rows is None or rows.drawn
            else f"{len(rows):,} rows" + (f" of {case.context.dataset}" if case.context.dataset else "")
        )
        carry = "carries" if len(data) == 1 else "carry"
        sentences.append(f"{listed(data)} {carry} data: {given}, not trained.")
    sentences += [_sentence(note.text) for note in case.notes]
    if not sentences:
        return  # nothing was taken for granted
    yield Hit(
        " ".join(sentences),
        help=tuple(help),
        span=case.notes[0].span if len(sentences) == len(case.notes) else None,
        structure="assumptions",
    )


def _features(circuit: Circuit, patterns: Sequence[str]) -> list[str]:
    """The symbols that carry data, by themselves or in expressions."""
    alone = [p.name for p in circuit.parameters if p.role is Role.DATA and not p.sources]
    own = [name for p in circuit.parameters if p.role is Role.DATA for name in p.sources]
    mixed = [n for p in circuit.parameters for n in p.sources if any(selects(pattern, n) for pattern in patterns)]
    return list(dict.fromkeys([*alone, *own, *mixed]))


def _sentence(text: str) -> str:
    """An importer's remark; what begins with a name keeps its case."""
    first = text.partition(" ")[0]
    return f"{text[0].upper() if first.isalpha() else text[0]}{text[1:]}."


def _why_none(selection: Selection) -> str:
    if selection.policy == "none":
        return "none was asked for"
    if selection.symbols:
        return "all symbols carry data or are fixed"
    if selection.literals:
        return f"none of {selection.literals:,} literal angles looks trained"
    return "the file has no angle at all"


BAD = (
    Example(
        "one literal looks trained",
        'OPENQASM 2.0;\ninclude "qelib1.inc";\n// bplint: observable = Z0\nqreg q[1];\nry(0.3) q[0];\n',
    ),
)
GOOD = (
    Example(
        "the source says which angles are trained",
        'OPENQASM 2.0;\ninclude "qelib1.inc";\n// bplint: observable = Z0\n// bplint: trainable = literals\n'
        "qreg q[1];\nry(0.3) q[0];\n",
    ),
)

"""What bplint assumed about the circuit.

## What it does

One note a circuit with everything that was taken for granted: literal angles taken as trainable and how many, angles tied
because their values repeat, literals left fixed beside symbols, expressions that are not affine, gates used without being
declared, data parameters.

## Why it matters

Nine of ten variational files hold numbers only. Which of them are trained decides every number that follows.

## When it is fine

When the assumption is right. To say so, declare it: `// bplint: trainable = literals` (each angle on its own), `symbols`,
`rotations`, `all`, or names such as `w*`; `// bplint: data = x*`.

## Conditions

A literal counts as trained when it is neither a multiple of π/2 nor a dyadic fraction of π. When fewer than 70 % of their
sizes are distinct, literals of equal size are taken as one parameter: repeated values are the mark of an export with bound
symbols (QAOA, equivariant circuits), and splitting them would invent an algebra that the circuit does not have.

## References

Tied parameters change the algebra: Allcock et al., arXiv:2407.12587.
"""

from bplint.finding import Kind, Severity
from bplint.rule import Example, Rule

RULE = Rule("BP004", "assumption", Severity.NOTE, Kind.EXACT, "0.1", None, __name__)

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

"""The file cannot be parsed, or uses something bplint cannot model.

## What it does

Reports a source that could not be turned into a circuit, with the place, the construct and, where it is known, what to
write instead. It cannot be suppressed, and the run is never green.

## Why it matters

A linter that skips what it does not understand says "clean" about circuits it never saw.

## When it is fine

Never for a circuit you train. Exclude other files by not naming them.

## Conditions

Syntax errors, undeclared names, wrong numbers of angles or qubits, loops that measurements end, and what this
version does not read yet; limits on size count before anything is expanded.

## References

OpenQASM 2: arXiv:1707.03429. OpenQASM 3: arXiv:2104.14722.
"""

from bplint.finding import Kind, Severity
from bplint.rule import Rule

RULE = Rule(code="BP001", name="unreadable", severity=Severity.ERROR, kind=Kind.EXACT, since="0.1", module=__name__)

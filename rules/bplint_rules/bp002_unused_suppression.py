"""An ignore comment that suppresses nothing.

## What it does

Reports the codes in a `// bplint: ignore[...]` comment that suppress nothing where it stands, and codes of no rule.
`bplint fix PATH --select BP002` removes them, and with the last code the comment.

## Why it matters

A comment that outlived its finding hides the next one.

## When it is fine

When the rule is switched off in this run, or ran out of its budget; then the code is not reported.

## Conditions

The rule that the code names ran to its end.

## References

The manner of ruff, rule RUF100.
"""

from bplint.finding import Kind, Severity
from bplint.rule import Rule

RULE = Rule(
    code="BP002", name="unused-suppression", severity=Severity.WARNING, kind=Kind.EXACT, since="0.1", module=__name__
)

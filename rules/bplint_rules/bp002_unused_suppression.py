"""An ignore comment that suppresses nothing.

## What it does

Reports a `// bplint: ignore[...]` comment none of whose codes fires where it stands.

## Why it matters

A comment that outlived its finding hides the next one.

## When it is fine

When one of its rules is switched off in this run; then it is not reported.

## Conditions

All rules that the comment names ran.

## References

The manner of ruff, rule RUF100.
"""

from bplint.finding import Kind, Severity
from bplint.rule import Rule

RULE = Rule("BP002", "unused-suppression", Severity.WARNING, Kind.EXACT, "0.1", None, __name__)

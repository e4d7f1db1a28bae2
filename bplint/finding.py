"""What rules find: a :class:`Hit` is yielded by a rule, the engine signs it as a :class:`Finding`. Both are data."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bplint.errors import Span, UsageError

if TYPE_CHECKING:
    from bplint.rewrite import Edit


class Severity(IntEnum):
    """Ordered: a note is the least."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """As users write it."""
        return self.name.lower()


class Kind(StrEnum):
    """What a rule's evidence is."""

    EXACT = "exact"
    ESTIMATE = "estimate"
    PATTERN = "pattern"


class Hit(NamedTuple):
    """One thing a rule has to say.

    ``message`` speaks to a person, ``proof`` is the one line of evidence with its certainty, ``help`` says what to do.
    ``evidence`` holds the same numbers for machines. ``severity`` steps down from the rule's own, never up.
    ``structure`` identifies the finding without line numbers, for fingerprints. ``undecided``: what it says is that it could
    not be told, which is neither found nor clean. ``wants_loss``: what ``help`` says to do is to declare the loss, which nobody
    did; a screen that has said so does not repeat it.

    The first sentence of ``message`` stands by itself: a short screen shows no more. ``brief`` says it in a few words, without
    a capital or a full stop, where findings are listed: ``angles start anywhere``.
    """

    message: str
    proof: str = ""
    help: tuple[str, ...] = ()
    span: Span | None = None
    severity: Severity | None = None
    evidence: Mapping[str, object] = {}  # read only by its type
    structure: str = ""
    undecided: bool = False
    brief: str = ""
    wants_loss: bool = False


class Verdict(StrEnum):
    """What measuring a suggestion showed."""

    VERIFIED = "verified"
    REFUTED = "refuted"
    UNVERIFIED = "unverified"


class Effect(NamedTuple):
    """Numbers before and after a change; None where they are not known.

    ``dla`` are dimensions, ``gradient_max`` the largest E[(∂C)²], ``signal`` the largest E[(∂C)²]/(R² N(O)), ``reaches`` how
    far training comes on the way from the mean of the loss (0) to the best value there is (1), the ``optimum``.
    """

    dla: tuple[int | None, int | None]
    gradient_max: tuple[float | None, float | None]
    signal: tuple[float | None, float | None]
    parameters: tuple[int | None, int | None]
    reaches: tuple[float | None, float | None] = (None, None)
    optimum: str = "minimum"


class Written(Protocol):
    """A changed circuit, in the form in which the circuit came."""

    def circuit(self) -> Any:
        """The circuit, another object each time where it can be changed."""


class Suggestion(NamedTuple):
    """A change of the circuit, or of what is asked of it, with its measured effect.

    ``name`` is as ``bplint fix --prior`` takes it; ``group`` and ``generators`` are those of a symmetry, or empty.
    ``keeps`` says what stays as it was, ``loses`` what is given up; ``reason`` why it is not verified. ``edits`` are the
    changes of the source, ``written`` is the whole of it after them or the circuit as an object, ``unwritten`` says why there
    is neither; ``also`` is what has to be done besides.
    """

    name: str
    title: str
    verdict: Verdict
    effect: Effect
    reason: str = ""
    group: str = ""
    generators: tuple[str, ...] = ()
    keeps: str = ""
    loses: str = ""
    edits: tuple[Edit, ...] = ()
    unwritten: str = ""
    also: str = ""
    written: Written | None = None

    @property
    def is_shown(self) -> bool:
        """What was refuted is shown only when all is asked for."""
        return self.verdict is not Verdict.REFUTED

    def circuit(self) -> Any:
        """The changed circuit, of the framework that the circuit came from: what is unchanged in it is as it was there. Of
        OpenQASM the text.

        ``UsageError`` says why there is none.
        """
        if self.written is None:
            raise UsageError(f"{self.name} {self.why_unwritten}")
        return self.written.circuit()

    def command(self, path: str, name: str = "") -> str:
        """What carries it out: a command for the file of this path, or a call in Python; empty where nothing does.

        With a ``name`` that stands in it for the suggestion's own.
        """
        if self.edits:
            return f"bplint fix {shlex.quote(path)} --prior {name or self.name}"
        return f'bplint.repair(circuit, prior="{name or self.name}", …)' if self.written else ""

    @property
    def why_unwritten(self) -> str:
        """What follows the name where there is no changed circuit."""
        return (
            f"is refuted: {self.reason}" if self.verdict is Verdict.REFUTED else f"cannot be written: {self.unwritten}"
        )

    @property
    def caution(self) -> str:
        """What is to be known of a suggestion that is not verified: ``unverified: …``; empty of any other."""
        return f"{self.verdict}: {self.reason}" if self.reason else ""

    @property
    def order(self) -> str:
        """What to do, and what is kept by it: ``keep the particle number (4 of 8 qubits set)``."""
        return f"{self.title} ({self.keeps})" if self.keeps else self.title


class Compared(NamedTuple):
    """How a finding stands to the commit that a run compares with: ``change`` is ``new`` or ``worse``.

    ``before`` are the numbers of the circuit as it was, for machines; None where there was no such circuit.
    """

    change: str
    before: Mapping[str, object] | None = None


class Finding(NamedTuple):
    """A hit with its rule's code and the severity in force, and what would repair it; ``compared`` if the run compares.

    ``explains`` are the codes of the rules whose findings in the same circuit it is a reason for.
    """

    code: str
    name: str
    severity: Severity
    path: str
    hit: Hit
    fingerprint: str
    suggestions: tuple[Suggestion, ...] = ()
    compared: Compared | None = None
    explains: tuple[str, ...] = ()

    def __repr__(self) -> str:
        severity = "undecided" if self.hit.undecided else self.severity.label
        place = f"{self.path}:{self.span.line}:{self.span.column}" if self.hit.span else self.path
        return f"<Finding {severity} {self.code} {self.name} at {place}: {self.hit.message}>"

    @property
    def span(self) -> Span:
        """Where it stands; the first character of the file when the whole file is meant."""
        return self.hit.span or Span(1, 1, 1, 1)


class Untold(NamedTuple):
    """A rule that could not tell, and why: because it says so, or because an analysis that it asked ran out of its budget.

    ``minor``: whatever it is, it would be no more than a note.
    """

    code: str
    reason: str
    ran_out: bool = False
    name: str = ""
    minor: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is reported as a question left open; where an analysis ran out, that stands for it."""
        return not (self.ran_out or self.minor)


def reach(findings: Sequence[Finding], severity: Severity | None) -> bool:
    """Whether one of the findings is at least so severe; None is never."""
    return severity is not None and any(
        finding.severity >= severity and not finding.hit.undecided for finding in findings
    )


def sign(
    hit: Hit, *, code: str, name: str, severity: Severity, path: str, case_id: str, explains: tuple[str, ...] = ()
) -> Finding:
    """Make a finding of a hit. The fingerprint is the same wherever in the file it stands."""
    structure = "\0".join((case_id, code, hit.structure or hit.message))
    return Finding(
        code=code,
        name=name,
        severity=severity,
        path=path,
        hit=hit,
        fingerprint=f"{_hash(structure.encode(errors='surrogateescape')):016x}",
        explains=explains,
    )


def _hash(data: bytes) -> int:
    """FNV-1a, 64 bits: enough to tell findings apart, and hashlib takes longer to load than a small file to lint."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value

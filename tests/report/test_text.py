"""What every format for people shares: printable text, and the tally."""

import sys
import unicodedata

from bplint.finding import Severity
from bplint.report.text import printable, tally
from bplint.run import lint_text

SOURCE = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
input float a;
input float b;
qubit[1] q;
ry(a) q[0];
rz(b) q[0]; {comment}
"""


def test_no_control_or_format_character_gets_through():
    everything = "".join(map(chr, range(0x3000))) + "\u2066\u202e\ufeff"
    shown = printable(everything)
    assert len(shown) == len(everything)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert printable("ψ \t|0⟩ – é") == "ψ  |0⟩ – é"
    assert sys.maxunicode > 0xFFFF


def test_the_tally_counts_what_there_is():
    report = lint_text(SOURCE.format(comment=""))
    errors, warnings, notes = (report.count(s) for s in sorted(Severity, reverse=True))
    assert warnings == 1
    assert tally(report).startswith(f"{errors} errors, 1 warning, {notes} note")
    assert "suppressed" not in tally(report)


def test_what_comments_allow_is_counted_apart():
    report = lint_text(SOURCE.format(comment="// bplint: ignore[BP203]"))
    assert report.count(Severity.WARNING) == 0
    assert tally(report).endswith(", 1 suppressed")

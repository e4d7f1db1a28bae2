"""Workflow commands: the place, and nothing in a message that ends the command."""

from bplint.report import github
from bplint.run import lint_text

SMALL = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
input float a;
input float b;
qubit[1] q;
ry(a) q[0];
rz(b) q[0];
"""


def test_one_command_a_finding_and_the_tally():
    first, last = github.write(lint_text(SMALL, name="a,b:%.qasm"), 0).splitlines()
    assert first.startswith(
        "::warning file=a%2Cb%3A%25.qasm,line=8,col=1,endLine=8,endColumn=12,title=BP203 dead-parameter::"
    )
    assert "%0Aevidence: exact" in first
    assert last.startswith("0 errors, 1 warning")


def test_percent_signs_of_a_message_are_escaped():
    command = github.write(lint_text('OPENQASM 3.0;\ninclude "100%\r\n::error::x";\n'), 1).splitlines()[0]
    assert command.startswith("::error file=circuit.qasm,line=2,")
    assert command.count("::") == 2 or "%" in command.rpartition("::")[2]


def test_a_note_is_a_notice():
    assert github.write(lint_text("OPENQASM 3.0;\nqubit q;\n"), 0).startswith("::notice ")

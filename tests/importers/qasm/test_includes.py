"""Files beside a text: which are opened, and where what is in them is told to stand."""

import os

import pytest

from bplint.errors import SourceError, Span
from bplint.importers.qasm import read
from bplint.ir.circuit import GateOrigin


@pytest.fixture
def project(tmp_path):
    (tmp_path / "outside.inc").write_text("gate outside u { h u; }")
    folder = tmp_path / "project"
    (folder / "sub").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "lib.inc").write_text('OPENQASM 3.0;\ninclude "sub/deep.inc";\ngate lib(t) u { rx(t) u; deep u; }\n')
    (folder / "sub" / "deep.inc").write_text("gate deep u { h u; }\n")
    (folder / "sub" / "up.inc").write_text('include "../lib.inc";\n')
    (folder / "bad.inc").write_text("gate bad u { h u; }\ngate worse u { h w; }\n")
    (folder / "round.inc").write_text('include "round.inc";\n')
    (folder / "gates.inc").write_text("h q[0];\nx q[0];\nh q[0];\n")
    (folder / "secret.txt").write_text("password")
    (folder / "folder.inc").mkdir()
    (folder / "escape.inc").symlink_to(tmp_path / "outside.inc")
    (folder / "inside.inc").symlink_to(folder / "sub" / "deep.inc")
    os.mkfifo(folder / "pipe.inc")
    return folder


def include(folder, name, rest, **options):
    text = f'OPENQASM 3.0;\ninclude "stdgates.inc";\ninclude "{name}";\nqubit q;\n{rest}'
    return read(text, path=folder / "main.qasm", **options)


@pytest.mark.parametrize("more", ["", "let r = q;"])
def test_file_beside_is_included(project, more):
    circuit = include(project, "lib.inc", f"lib(0.5) q;\n{more}").circuit
    assert [circuit.gates.names[i] for i in circuit.gates.name.tolist()] == ["rx", "h"]
    assert circuit.span(0) == Span(5, 1, 5, 12)
    assert len(include(project, "sub/up.inc", f"lib(0.5) q; {more}").circuit) == 2
    assert len(include(project, "inside.inc", f"deep q; {more}").circuit) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("escape.inc", "include of escape.inc: it lies outside of the project"),
        ("../outside.inc", "include of ../outside.inc: it lies outside of the project"),
        ("/etc/hosts.inc", "include of /etc/hosts.inc: want the name of a file beside this one"),
        ("http://host/x.inc", "include of http://host/x.inc: want the name of a file beside this one"),
        ("file:///x.inc", "include of file:///x.inc: want the name of a file beside this one"),
        ("secret.txt", "include of secret.txt: want a file named .inc, .qasm, .qasm2, .qasm3"),
        ("folder.inc", "in folder.inc: cannot be read: Is a directory"),
        ("pipe.inc", "in pipe.inc: not a regular file"),
        ("none.inc", "in none.inc: cannot be read: No such file or directory"),
        ("round.inc", "include goes round in a circle: round.inc"),
        ("bad.inc", "bad.inc, line 2: there is no qubit of the gate w"),
    ],
)
def test_other_file_is_refused_at_the_include(project, name, message):
    for more in ("", "let r = q;"):
        with pytest.raises(SourceError) as caught:
            include(project, name, f"h q; {more}")
        assert caught.value.message == message
        assert caught.value.span == Span(3, 1, 3, 12 + len(name))


def test_gates_of_an_included_file_stand_at_the_include(project):
    text = 'OPENQASM 3.0; include "stdgates.inc"; qubit[1] q;\ninclude "gates.inc";\nz q[0];'
    circuit = read(text, path=project / "main.qasm").circuit
    assert circuit.gates.kind.tolist() == [GateOrigin.INCLUDE, GateOrigin.INCLUDE, GateOrigin.INCLUDE, GateOrigin.PLAIN]
    assert [circuit.span(i).line for i in range(4)] == [2, 2, 2, 3]

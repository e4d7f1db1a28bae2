"""The line that says what a long run is at: on a terminal after a while, and nowhere else."""

import io
import os
import re
import subprocess
import sys
import threading
import time

import pytest

import bplint
from bplint.terminal.cells import cells
from bplint.terminal.live import NOWHERE, LiveLine, is_seen, watching
from samples import circuit


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True

    def screen(self):
        """What stands on the last line, as a terminal shows it."""
        shown = ""
        for part in self.getvalue().split("\r"):
            shown = part + shown[len(part) :]
        return shown.rstrip()


def waited(condition):
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


@pytest.fixture(autouse=True)
def no_dumb_terminal(monkeypatch):
    monkeypatch.delenv("TERM", raising=False)


def test_it_says_circuit_analysis_seconds_and_how_many():
    stream = Terminal()
    line = LiveLine(stream, patience=0)
    line.begin(10)
    line.at("sub/a.qasm", "deep_limit")
    line.step()
    assert waited(lambda: "1 of 10" in stream.screen())
    assert re.fullmatch(r"sub/a.qasm · deep limit · \d+ s · ━───────── 1 of 10", stream.screen())
    line.close()
    assert stream.screen() == ""


def test_one_circuit_has_no_count():
    line = LiveLine(NOWHERE)
    line.begin(1)
    line.at("a.qasm", "")
    assert line.text(80) == "a.qasm · 0 s"


@pytest.mark.parametrize("room", [20, 40, 79])
def test_it_fits_and_long_names_lose_their_beginning(room):
    line = LiveLine(NOWHERE)
    line.begin(1)
    line.at("量子/" * 30 + "end.qasm", "dla")
    text = line.text(room)
    assert cells(text) <= room
    assert text.endswith(" · dla · 0 s")
    assert text.startswith("…")


def test_in_ascii_the_bar_is_too():
    class Screen(io.StringIO):
        encoding = "ascii"

    line = LiveLine(Screen())
    line.begin(2)
    line.step()
    line.text(80).encode("ascii")


def test_nothing_is_shown_before_its_time_nor_on_what_is_no_terminal():
    for stream, patience in ((Terminal(), 60), (io.StringIO(), 0)):
        with_line = LiveLine(stream, patience=patience)
        with_line.begin(3)
        with_line.at("a", "b")
        time.sleep(0.05)
        with_line.close()
        assert stream.getvalue() == ""


def test_a_dumb_or_closed_terminal_is_none(monkeypatch):
    assert is_seen(Terminal())
    closed = Terminal()
    closed.close()
    monkeypatch.setenv("TERM", "dumb")
    assert not is_seen(Terminal())
    assert not is_seen(io.StringIO())


def test_others_print_while_it_is_gone():
    stream = Terminal()
    line = LiveLine(stream, patience=0)
    line.begin(1)
    line.at("a.qasm", "loss")
    assert waited(lambda: "a.qasm" in stream.screen())
    with line.aside():
        assert stream.screen() == ""
    line.close()


def test_no_thread_is_left_behind():
    before = threading.active_count()
    with watching(2) as line:
        list(line.through([1, 2]))
    line = LiveLine(Terminal(), patience=0)
    line.begin(1)
    line.close()
    line.close()
    assert threading.active_count() == before


def test_a_reader_who_is_gone_ends_it_quietly():
    class Gone(Terminal):
        def write(self, text):
            raise BrokenPipeError

    line = LiveLine(Gone(), patience=0)
    line.begin(1)
    assert waited(line._over.is_set)
    line.close()


def test_python_sees_it_too(monkeypatch):
    """Each analysis of each circuit is told to the line."""
    told = []
    monkeypatch.setattr(LiveLine, "at", lambda self, *what: told.append(what))
    bplint.lint(circuit(6, [("ry", [q], f"a{q}") for q in range(6)]), observable="Z0")
    bplint.lint_family(lambda n: circuit(n, [("ry", [q], f"a{q}") for q in range(n)]), [2, 3], observable="Z0")
    assert {"gradient", "dla"} <= {analysis for _, analysis in told}
    assert {name for name, _ in told} >= {"<lambda>[n=2]", "<lambda>[n=3]"}


SLOW = """
import sys, time
import bplint.terminal.live
from bplint.runs.one_source import Job
run = Job.run
def slow(self, *arguments):
    entry = run(self, *arguments)
    time.sleep(0.6)
    return entry
Job.run = slow
bplint.terminal.live.LiveLine.__init__.__defaults__ = (None, 0.05)
from bplint.cli import main
main({arguments!r})
"""


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo terminals here")
@pytest.mark.parametrize(
    "arguments",
    [
        ["a.qasm", "b.qasm"],
        ["profile", "a.qasm"],
        ["fix", "a.qasm", "--diff"],
        ["sweep", "a.qasm", "b.qasm"],
        ["-q", "a.qasm"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_each_command_shows_it_on_a_terminal_and_erases_it(tmp_path, arguments):
    for name, n in (("a", 1), ("b", 2)):
        gates = "".join(f"ry(a{q}) q[{q}];\n" for q in range(n))
        inputs = "".join(f"input float a{q};\n" for q in range(n))
        head = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n'
        (tmp_path / f"{name}.qasm").write_text(f"{head}{inputs}qubit[{n}] q;\n{gates}")
    here, there = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", SLOW.format(arguments=arguments)]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=there)
    os.close(there)
    told = b""
    while True:
        try:
            read = os.read(here, 4096)
        except OSError:
            break
        if not read:
            break
        told += read
    stdout, _ = process.communicate()
    os.close(here)
    text = told.decode()
    assert b"\r" not in stdout
    if "-q" in arguments:
        assert "a.qasm" not in text
        return
    assert "a.qasm" in text
    assert ("of 2" in text) == ("b.qasm" in arguments)
    assert re.search(r"\r +\r(?!.*gradient)", text, re.S)

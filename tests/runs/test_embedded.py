"""What a notebook shows: the page's sections where Jinja2 is there, the plain text where it is not."""

import subprocess
import sys

import pytest

from bplint.config import Settings
from bplint.run import lint_text
from bplint.runs.embedded import embedded
from html_pages import GUESS


def test_the_format_that_makes_a_page_is_used():
    report = lint_text(GUESS, Settings(suggest=False))
    assert embedded(report, "plain").lstrip().startswith('<div class="bplint embedded">')


def test_without_it_the_text_is_shown_escaped(monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    report = lint_text(GUESS, Settings(suggest=False), name="<b>.qasm")
    text = report._repr_html_()
    assert text.startswith("<pre>")
    assert "&lt;b&gt;.qasm" in text
    assert "BP203" in text


def test_a_family_has_a_text_too(monkeypatch):
    text = GUESS.replace("input array", "const int n = 4;\ninput array").replace("qubit[4]", "qubit[n]")
    (family,) = lint_text(text, Settings(suggest=False), sizes=(4, 5)).families
    assert "<svg" in family._repr_html_()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert family._repr_html_().startswith("<pre>circuit.qasm  n = 4 … 5, 2 sizes")


def test_other_faults_are_not_hidden(monkeypatch):
    def broken(report):
        raise RuntimeError("no")

    monkeypatch.setattr("bplint.report.html.embedded", broken)
    with pytest.raises(RuntimeError):
        embedded(lint_text(GUESS, Settings(suggest=False)), "plain")


def test_the_command_line_says_what_to_install_before_it_runs(tmp_path):
    (tmp_path / "a.qasm").write_text(GUESS)
    code = "import sys; sys.modules['jinja2'] = None; from bplint.cli import main; main(sys.argv[1:])"
    run = [sys.executable, "-c", code, "a.qasm", "--format", "html:out.html"]
    done = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--format html needs Jinja2:  pip install 'bplint[html]'" in done.stderr

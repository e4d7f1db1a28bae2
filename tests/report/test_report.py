"""The formats, by the hook that plugins use."""

import json

import pytest

from bplint.report import bplint_reporters
from bplint.run import lint_text

REPORTERS = bplint_reporters()


def test_each_format_once_with_a_help():
    names = [r.name for r in REPORTERS]
    assert len(set(names)) == len(names)
    assert {"full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit"} <= set(names)
    assert all(r.help for r in REPORTERS)


@pytest.mark.parametrize("reporter", REPORTERS, ids=lambda r: r.name)
def test_every_format_names_the_finding(reporter):
    report = lint_text('OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float a;\nqubit q;\nrz(a) q;\n')
    text = reporter.write(report, 1, 1)
    assert len(report.findings) == 2
    assert all(f.code in text for f in report.findings)
    if reporter.name in ("json", "sarif"):
        assert json.loads(text)

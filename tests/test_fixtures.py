"""Every verdict fixture against its known truth and its expected output. `python tests/test_fixtures.py` rewrites the outputs."""

import json
import re
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from bplint.cli import main
from bplint.run import Progress, lint

ROOT = Path(__file__).parents[1]
VERDICTS = ROOT / "fixtures" / "verdicts"
EXPECTED = ROOT / "fixtures" / "expected"
TRUTH = json.loads((VERDICTS / "index.json").read_text())


class Recorded(Progress):
    """What a run told of itself as it went on."""

    def __init__(self):
        self.started, self.entries = (), []

    def start(self, *told):
        self.started = told

    def done(self, entry):
        self.entries.append(entry)


@cache
def recorded(paths, settings, schedule):
    progress = Recorded()
    return lint(paths, settings, schedule=schedule, progress=progress), progress


def lint_once(paths, settings, *, schedule, progress):
    """As :func:`lint`, but a circuit that was linted in the same way is only shown again."""
    report, told = recorded(tuple(paths), settings, schedule)
    progress.start(*told.started)
    for entry in told.entries:
        progress.done(entry)
    return report


def invoke(*arguments):
    with patch("bplint.run.lint", lint_once):
        return CliRunner().invoke(main, arguments)


def printed(name):
    result = invoke(f"fixtures/verdicts/{name}.qasm", "-v")
    return re.sub(r"in \d+\.\d s ──", "in … s ──", result.output), result.exit_code


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "88")


@pytest.mark.parametrize("name", TRUTH)
def test_verdict_and_output(name):
    output, code = printed(name)
    assert code == TRUTH[name]["exit"]
    assert set(re.findall(r"^  (?:error|warning|note) (BP\d+)", output, re.M)) == set(TRUTH[name]["fires"])
    assert output == (EXPECTED / f"{name}.txt").read_text()


def test_the_readme_shows_real_output_and_all_rules():
    readme = (ROOT / "README.md").read_text()
    assert readme == refreshed(readme), "run: python tests/test_fixtures.py"


def refreshed(readme):
    from bplint.explain import markdown_table
    from bplint.plugins import load

    def shown(match):
        output = invoke(*match[2].split()).output
        return f"{match[1]}```text\n{re.sub(r'in [0-9.]+ s ──', 'in 1.1 s ──', output)}```\n{match[3]}"

    readme = re.sub(r"(<!-- output of: bplint (.*?) -->\n).*?(<!-- end -->)", shown, readme, flags=re.S)
    return re.sub(
        r"(<!-- rules -->\n).*?(<!-- end -->)",
        lambda m: m[1] + markdown_table(load().rules) + m[2],
        readme,
        count=1,
        flags=re.S,
    )


if __name__ == "__main__":
    import os

    os.chdir(ROOT)
    os.environ["COLUMNS"] = "88"
    EXPECTED.mkdir(exist_ok=True)
    for verdict in TRUTH:
        (EXPECTED / f"{verdict}.txt").write_text(printed(verdict)[0])
    (ROOT / "README.md").write_text(refreshed((ROOT / "README.md").read_text()))

"""The manual: ``mkdocs build`` takes it without a warning, so that every link and every page of the navigation is there."""

import importlib.util
import math
import os
import re
import subprocess
import sys
import tomllib

import pytest

import bplint
from bplint.cli import group
from bplint.explain import MANUAL
from paths import ROOT


def test_the_manual_builds_strictly_and_has_a_page_for_each_rule(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    for rule in (ROOT / "docs" / "rules").glob("BP*.md"):
        assert (tmp_path / "rules" / rule.stem / "index.html").is_file()


def test_one_address_stands_in_the_manual_the_distribution_and_the_links_of_rules():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["urls"]["Documentation"] == MANUAL
    assert f"\nsite_url: {MANUAL}\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def script(name):
    """A script of the manual as a module."""
    source = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(source)
    source.loader.exec_module(module)
    return module


def test_the_generated_pages_are_current():
    for name, text in script("generate").pages().items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, "run: python docs/generate.py"


def test_the_figures_are_current_and_show_what_the_sweep_says():
    figures = script("figures")
    for name, text in figures.figures().items():
        assert (ROOT / "docs" / "figures" / name).read_text(encoding="utf-8") == text, "run: python docs/figures.py"
    rows = figures.measured("matchgates")
    assert [int(row["dimension_lower"]) for row in rows] == [2 * n * n - n for n in (4, 6, 8, 10, 12)]
    places = [float(y) for y in re.findall(r'<circle class="matchgates" cx="[^"]+" cy="([^"]+)"', text)]
    tenfold = figures.Axes((4, 12), (0, 8)).y(10) - figures.Axes((4, 12), (0, 8)).y(100)
    assert (places[0] - places[-1]) / tenfold == pytest.approx(math.log10(276 / 28), abs=0.01)


def test_the_page_of_exit_codes_has_them_all():
    page = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    codes = [group.OK, group.FINDINGS, group.USAGE, group.BROKEN, group.INCOMPLETE, group.EMPTY, group.INTERRUPTED]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)] == codes


def test_the_page_of_python_has_every_public_name():
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^::: bplint\.(?:\w+\.)*(\w+)$", page, re.MULTILINE))
    assert described >= set(bplint.__all__) - {"__version__"}

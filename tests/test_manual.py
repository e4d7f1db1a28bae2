"""The manual: ``mkdocs build`` takes it without a warning, so that every link and every page of the navigation is there."""

import importlib.util
import os
import subprocess
import sys
import tomllib

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


def test_the_generated_pages_are_current():
    source = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    generate = importlib.util.module_from_spec(source)
    source.loader.exec_module(generate)
    for name, text in generate.pages().items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, "run: python docs/generate.py"

"""The manual: ``mkdocs build`` takes it without a warning, so that every link and every page of the navigation is there."""

import os
import subprocess
import sys

from paths import ROOT


def test_the_manual_builds_strictly_and_has_a_page_for_each_rule(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    for rule in (ROOT / "docs" / "rules").glob("BP*.md"):
        assert (tmp_path / "rules" / rule.stem / "index.html").is_file()

"""One name, one meaning: no two classes share a name."""

import re
from collections import defaultdict

from paths import ROOT

CLASS = re.compile(r"^ *class (\w+)", re.MULTILINE)


def homes_of_classes():
    """Where each class is defined, nested ones too."""
    homes = defaultdict(list)
    for top in ("bplint", "rules"):
        for file in sorted((ROOT / top).rglob("*.py")):
            for name in CLASS.findall(file.read_text(encoding="utf-8")):
                homes[name].append(file.relative_to(ROOT).as_posix())
    return homes


def test_no_two_classes_share_a_name():
    homes = homes_of_classes()
    assert len(homes) > 200
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}

"""One circuit for each case of theory in which a tool would cry plateau and must not: fixtures/silent, its README and index."""

import json
from pathlib import Path

import pytest

from bplint.bounds import Status
from bplint.config import Settings
from bplint.finding import Severity
from bplint.run import lint

FOLDER = Path(__file__).parents[1] / "fixtures" / "silent"
INDEX = json.loads((FOLDER / "index.json").read_text())


@pytest.mark.parametrize("name", INDEX)
def test_stays_silent_or_steps_down(name):
    want = INDEX[name]
    (circuit,) = lint([str(FOLDER / f"{name}.qasm")], Settings(isolated=True)).circuits
    found = circuit.findings

    for code, severity in want["fires"].items():
        assert [f.severity for f in found if f.code == code] == [Severity[severity.upper()]], code
    for prefix in want["silent"]:
        assert not [f.hit.message for f in found if f.code.startswith(prefix)]
    for prefix, cap in want["at_most"].items():
        above = [f for f in found if f.code.startswith(prefix) and f.severity > Severity[cap.upper()]]
        assert not [(f.code, f.hit.message) for f in above]
    for code, words in want["says"].items():
        assert words in " ".join(" ".join((f.hit.message, f.hit.proof, *f.hit.help)) for f in found if f.code == code)
    assert not [f.hit.message for f in found if any(word in f.hit.message for word in want.get("unsaid", ()))]
    unknown = {Status.SKIPPED, Status.INCONCLUSIVE}
    assert not [key for key, result in circuit.analyses.items() if result.status in unknown], (
        "silent for want of an answer"
    )


@pytest.mark.parametrize("name", [name for name in INDEX if "otherwise" in INDEX[name]])
def test_what_it_declares_is_the_reason(name):
    """Declared otherwise, it is an error."""
    settings = Settings(isolated=True, select=("BP301",), **INDEX[name]["otherwise"])
    (circuit,) = lint([str(FOLDER / f"{name}.qasm")], settings).circuits
    assert [(f.code, f.severity) for f in circuit.findings] == [("BP301", Severity.ERROR)]


def test_every_file_is_in_the_index_and_every_item_has_a_file_or_a_reason():
    assert sorted(path.stem for path in FOLDER.glob("*.qasm")) == sorted(INDEX)
    elsewhere = {10}
    assert {want["item"] for want in INDEX.values()} | elsewhere == set(range(1, 17))

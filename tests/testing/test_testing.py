"""The kit notices what is wrong with a part: one broken thing at a time."""

import math
from typing import NamedTuple

import numpy as np
import pytest

import dense
from bplint.analyses import analysis, locality
from bplint.bounds import Status
from bplint.errors import SourceError
from bplint.finding import Hit, Kind, Severity
from bplint.importers.program import Importer, Program
from bplint.importers.qasm import bplint_importers
from bplint.ir.clifford import CLIFFORDS
from bplint.plugins import Reporter
from bplint.report import bplint_reporters
from bplint.rule import rule
from bplint.testing import Reading, analysis_checks, checks, finished, format_checks, importer_checks, unitary
from bplint.testing.unitary import same_up_to_phase
from samples import circuit


def complaints(found):
    """What the checks have to say, one sentence each."""
    said = []
    for check in found:
        try:
            check()
        except AssertionError as error:
            said.append(str(error))
    return said


QASM = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float a;\nqubit[2] q;\nry(a) q[0];\ncx q[0], q[1];\n'
CX = np.eye(4)[[0, 1, 3, 2]]


def ry(angle):
    c, s = math.cos(angle / 2), math.sin(angle / 2)
    return np.kron(np.array([[c, -s], [s, c]]), np.eye(2))


class Answer(NamedTuple):
    status: Status = Status.EXACT
    reason: str = ""
    value: object = 1
    said: tuple = (("mine", "one"),)

    def as_json(self):
        return {"status": self.status, "value": self.value}

    def sentences(self):
        return self.said


@analysis("mine")
def mine(case, ask):
    """Mine."""
    return Answer()


def answering(answer, name="mine"):
    def mine(case, ask):
        """Mine."""
        return answer() if callable(answer) else answer

    return analysis(name)(mine)


def test_sound_parts_pass():
    parts = [
        *analysis_checks(mine),
        *analysis_checks(locality),
        *importer_checks(bplint_importers()[0], [Reading("a turn", QASM, CX @ ry(0.3), {"a": 0.3})]),
        *(check for reporter in bplint_reporters() for check in format_checks(reporter, ["XX901", "XX903"])),
    ]
    assert complaints(parts) == []
    assert len({check.title for check in parts}) == len(parts)


COUNTER = iter(range(1000))


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (answering(Answer(value=math.nan)), "want a finite number, got nan"),
        (answering(Answer(value=np.float64(1))), "want plain data, got numpy.float64"),
        (answering(lambda: Answer(value=next(COUNTER))), "want the same answer each time"),
        (answering(Answer(said=())), "want a sentence for what is exact"),
        (answering(Answer(said=(("a label too long", "x"),))), "want a label of 1 to 10 characters"),
        (answering(Answer(status=Status.SKIPPED)), "want a reason for what is skipped"),
        (answering(1), "want a result with a Status"),
        (answering(lambda: 1 / 0), "ZeroDivisionError"),
        (answering(Answer(), "Mine"), "want a name like deep_limit, got 'Mine'"),
    ],
)
def test_a_broken_analysis_is_noticed(part, said):
    assert any(said in sentence for sentence in complaints(analysis_checks(part)))


READING = Reading("a turn", QASM, CX @ ry(0.3), {"a": 0.3})
READ = bplint_importers()[0].read


def raising(text, *, path, overrides):
    return {QASM: READ(QASM)}[text]


@pytest.mark.parametrize(
    ("importer", "readings", "said"),
    [
        (Importer("mine", (".qasm",), READ), [], "want a Reading: a text"),
        (Importer("mine", (".qasm",), READ), [READING._replace(values={})], "want a Reading with a parameter in it"),
        (Importer("mine", (".QASM",), READ), [READING], "want a suffix like .qasm in lower case"),
        (
            Importer("mine", (".qasm",), READ),
            [READING._replace(unitary=ry(0.3))],
            "is another unitary than the one given",
        ),
        (Importer("mine", (".qasm",), READ), [READING._replace(unitary=np.eye(2))], "want a matrix (2, 2), got (4, 4)"),
        (
            Importer("mine", (".qasm",), READ),
            [READING._replace(values={"b": 1.0})],
            "want the parameters ['b'], got ['a']",
        ),
        (Importer("mine", (".qasm",), raising), [READING], "want a SourceError for what it cannot read, got KeyError"),
        (
            Importer("mine", (".qasm",), lambda text, *, path, overrides: text),
            [READING],
            "want a Program from an importer",
        ),
        (Importer("mine", (".qasm",), lambda text, *, path, overrides: Program(text)), [READING], "want a Circuit"),
    ],
)
def test_a_broken_importer_is_noticed(importer, readings, said):
    assert any(said in sentence for sentence in complaints(importer_checks(importer, readings)))


def test_a_refusal_without_words_is_noticed():
    def mute(text, *, path, overrides):
        raise SourceError("")

    said = complaints(importer_checks(Importer("mine", (".x",), mute), ()))
    assert any(sentence.startswith("mine: want a message in the SourceError") for sentence in said)


@pytest.mark.parametrize(
    ("reporter", "said"),
    [
        (Reporter("mine", "help", lambda *_: None), "want a string from write(), got NoneType"),
        (Reporter("mine", "help", lambda *_: "text"), "want a newline at the end"),
        (Reporter("mine", "help", lambda *_: f"{next(COUNTER)}\n"), "want the same text each time"),
        (Reporter("mine", "", lambda *_: "\n"), "want a line of help"),
        (Reporter("Mine", "help", lambda *_: "\n"), "want a name like sarif"),
        (Reporter("mine", "help", lambda *_: "\n"), "want 'XX901' in what it writes"),
    ],
)
def test_a_broken_format_is_noticed(reporter, said):
    assert any(said in sentence for sentence in complaints(format_checks(reporter, ["XX901"])))


def test_everything_occurs_in_the_finished_report():
    report = finished()
    assert {finding.code for finding in report.findings} == {"XX901", "XX902", "BP001"}
    assert [failure.name for failure in report.failures] == ["XX903"]
    assert report.exit_code() == 3


@pytest.mark.parametrize(
    ("hit", "said"),
    [
        (Hit("m.", evidence={"x": np.float64(0.5)}), "evidence['x']: want plain data, got numpy.float64"),
        (Hit("m.", evidence={"x": math.inf}), "want a finite number, got inf"),
        ("m.", "want Hit objects from a rule, got str"),
    ],
)
def test_a_rule_that_hands_over_what_it_must_not_fails_the_kit(hit, said):
    @rule("XY001", "broken", Severity.NOTE, kind=Kind.EXACT, since="1.0")
    def check(case, ask):
        yield hit

    assert any(said in sentence for sentence in complaints(checks([check])))


@pytest.mark.parametrize("name", CLIFFORDS)
def test_the_matrix_of_a_clifford_is_that_written_down_by_hand(name):
    width = len(dense.CLIFFORD_MATRICES[name]).bit_length() - 1
    for qubits in ([0, 1][:width], [2, 0][:width]):
        c = circuit(3, [("rx", [0], "a"), ("rzz", [1, 2], "b"), (name, qubits), ("ry", [1], 0.4)])
        found = unitary(c, {"a": 0.3, "b": 0.7})
        assert same_up_to_phase(found, dense.unitary(c, {"a": 0.3, "b": 0.7}))
        assert not same_up_to_phase(found, dense.unitary(c, {"a": 0.3, "b": 0.8}))
    with pytest.raises(ValueError, match="at most 10 qubits, got 11"):
        unitary(circuit(11, []), {})

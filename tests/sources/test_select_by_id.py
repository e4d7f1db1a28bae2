"""The ``-k`` expressions, against Python's own reading of them."""

import itertools

import pytest

from bplint.errors import UsageError
from bplint.sources.select_by_id import matcher

WORDS = ("vqe", "hea", "ring")


@pytest.mark.parametrize(
    "expression",
    [
        "vqe",
        "not vqe",
        "vqe and hea",
        "vqe or hea and ring",
        "(vqe or hea) and ring",
        "not vqe and hea",
        "not (vqe and hea) or ring",
        "not not vqe",
        "vqe and not hea and not ring",
    ],
)
def test_the_truth_tables_are_those_of_python(expression):
    match = matcher(expression)
    for size in range(len(WORDS) + 1):
        for present in itertools.combinations(WORDS, size):
            expected = eval(expression, {}, {word: word in present for word in WORDS})
            assert match("/".join(present) + ".qasm") is expected


def test_words_are_parts_of_ids_in_any_case():
    assert matcher("VQE_h2.q")("circuits/vqe_H2.qasm")
    assert matcher("hea[n=8]")("ansatz.py::hea[n=8]")
    assert matcher(" ")("anything")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("vqe and", "column 8: want a word, got the end"),
        ("(vqe", "want a closing parenthesis, got the end"),
        ("vqe hea", "column 5: want the end, got hea"),
        ("or", "want a word, got or"),
        ("vqe)", "want the end"),
        ("()", "want a word"),
        ("not " * 300 + "a", "at most 200"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(expression, message):
    with pytest.raises(UsageError, match=message.replace("(", r"\(")):
        matcher(expression)

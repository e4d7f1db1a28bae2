"""Words of the output, explained."""

import pytest

from bplint.errors import UsageError
from bplint.explain import page
from bplint.plugins import load
from bplint.terms import TERMS

RULES = load().rules


@pytest.mark.parametrize("word", TERMS)
def test_words_of_the_output_are_explained(word):
    text = page(RULES, word)
    assert text.startswith(f"# {word}\n\n")
    assert all(len(line) <= 132 for line in text.splitlines())


def test_a_word_is_no_rule():
    assert not TERMS.keys() & {name for rule in RULES for name in (rule.code, rule.name)}
    with pytest.raises(UsageError, match="words are signal, noise, certainty, seed"):
        page(RULES, "signals")

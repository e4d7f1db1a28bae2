"""The tokens that the reference parser is given are those of the reference lexer."""

import random
from pathlib import Path

import pytest
from antlr4 import InputStream
from openqasm3.parser import qasm3Lexer

from bplint.importers.qasm.full.tokens import tokens_of

FIXTURES = Path(__file__).parents[3] / "fixtures"
FILES = [
    path.read_bytes().decode("utf-8", "replace")
    for folder in ("circuits", "hostile")
    for path in sorted((FIXTURES / folder).glob("qasm3/*.qasm"))
    if path.stat().st_size < 5_000
]


def by_lexer(text):
    """The tokens of the reference lexer without comments; None where it finds something that is no token."""
    lexer = qasm3Lexer(InputStream(text))
    lexer.removeErrorListeners()
    errors = []
    lexer.addErrorListener(type("Listener", (), {"syntaxError": lambda self, *what: errors.append(what)})())
    tokens = [token for token in lexer.getAllTokens() if token.channel == 0] + [lexer.emitEOF()]
    return None if errors else [described(token) for token in tokens]


def described(token):
    return token.type, token.text, token.start, token.stop, token.line, token.column


def compared(text):
    """Check the tokens, if there are any; returns whether there are."""
    found = tokens_of(text, qasm3Lexer)
    if found is None:
        return False
    assert [token.tokenIndex for token in found] == list(range(len(found)))
    assert [described(token) for token in found] == by_lexer(text)
    return True


def test_files_have_the_tokens_of_the_reference_lexer():
    compared_ones = [compared(text.split("#pragma")[0]) for text in FILES]
    assert sum(compared_ones) > 0.2 * len(FILES)


WORDS = """
    OPENQASM 3.0 3 include "stdgates.inc" "01" "0_1" 'x' def gate if in for end nop cal pragma im dim true plus at 1 10 1.5 .5
    2. 1e3 1.5e-3 1_000 0x1F 0b1 2s 2 s sin 3 ns dt 3im e5 $0 $x _a θ µs + ++ - -> * ** / % | || & && ^ @ ~ ! == != <= >= <
    > << >> += **= <<= = ~= . , ; : [ ] { } ( ) # ? ' "
"""


@pytest.mark.parametrize("seed", range(40))
def test_random_words_have_the_tokens_of_the_reference_lexer(seed):
    rng = random.Random(seed)
    for _ in range(50):
        words = rng.choices(WORDS.split(), k=rng.randrange(5))
        compared("".join(word + rng.choice(("", "", " ", "\n", "\t \n ")) for word in words))


@pytest.mark.parametrize(
    "text", ["", "\n", "θ a_θ2;", "OPENQASM 3.1;", "h q[0];\n cx q[1], q[2] ;", 'include "01";bit[2] a="01";']
)
def test_plain_text_needs_no_other_lexer(text):
    assert compared(text)


@pytest.mark.parametrize(
    "text", ["cal { }", "delay[2 s] q;", "delay[2µs] q;", "rx(2 sin) q;", "é", "aé", "θé", "3im", 'include "a', "h\fq;"]
)
def test_rare_text_is_left_to_the_reference_lexer(text):
    assert not compared(text)

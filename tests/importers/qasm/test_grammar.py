"""The tree and the places in it are those of the reference parser."""

import dataclasses
import re
import subprocess
import sys
from itertools import accumulate

import openqasm3
import pytest
from openqasm3.parser import QASM3ParsingError

from bplint.errors import SourceError
from bplint.importers.decoding import decode
from bplint.importers.qasm.grammar import Parser, ast, extent
from bplint.importers.qasm.reader import undisturbed
from bplint.importers.qasm.source import SourceText
from importers.qasm.grammar_texts import text as random_text
from paths import FIXTURES

BIG = 6_000
"""Bytes from which the reference parser takes too long for a test."""
FILES = [
    path
    for folder in ("circuits/qasm3", "hostile/qasm3", "language")
    for path in sorted((FIXTURES / folder).glob("*.*"))
    if path.suffix in (".qasm", ".inc") and path.stat().st_size < BIG
]


def parsed(text):
    """The statements of a text."""
    with undisturbed():
        return Parser(SourceText(text)).program()


def plain(source):
    """The code for the reference parser: no comments, pragmas and annotations, strings filled in, every loop with a type."""
    code = re.sub(r""""[^"\n]*"|'[^'\n]*'""", lambda match: source.text[slice(*match.span())], source.code)
    code = re.sub(r"(\binput\b[^;=]*)=[^;]*", lambda match: match[1] + " " * (len(match[0]) - len(match[1])), code)
    return re.sub(r"\bfor(\s+)(?=\w+\s+in\b)", r"for int\1", code)


def ranges(node, text, lines):
    """The kind and the text of each node below: a reference span ends at the start of its last token, and those of names, of
    sizes in brackets, of ``creg`` and of ``++`` follow other rules.
    """
    if isinstance(node, (list, tuple)):
        for part in node:
            yield from ranges(part, text, lines)
    elif isinstance(node, ast.QASMNode):
        if node.span is not None and not isinstance(node, (ast.Identifier, ast.BitType, ast.Concatenation)):
            yield type(node).__name__, written(node, text, lines)
        for field in dataclasses.fields(node):
            if field.name not in ("span", "size", "duration"):
                yield from ranges(getattr(node, field.name), text, lines)


def written(node, text, lines):
    if isinstance(node.span, tuple):
        return text[slice(*extent(node))].split()
    span = node.span
    start, last = lines[span.start_line - 1] + span.start_column, lines[span.end_line - 1] + span.end_column
    return text[start : TOKEN.match(text, last).end()].split()


TOKEN = re.compile(
    r""""[^"]*"|\$?[\w.]+(?:[ ]+(?:im|[mnuµ]?s|dt)\b)?|->|\+\+|\*\*=?|<<=?|>>=?|[=!<>+*/&|^~%-]=|&&|\|\||."""
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_tree_of_a_file_is_that_of_the_reference_parser(path):
    try:
        source = SourceText(decode(path.read_bytes()))
    except SourceError:
        return
    if source.version == 2:
        return
    try:
        want = openqasm3.parse(plain(source)).statements
    except (QASM3ParsingError, AttributeError):
        with pytest.raises(SourceError):
            parsed(source.text)
        return
    if re.search("1e400|nop", source.code):
        return  # a number that is not finite is refused at once; newer grammars have nop
    assert parsed(plain(source)) == want


@pytest.mark.parametrize("seed", range(300))
def test_tree_of_a_random_text_is_that_of_the_reference_parser(seed):
    text = random_text(seed)
    try:
        want = openqasm3.parse(text).statements
    except QASM3ParsingError:
        with pytest.raises(SourceError):
            parsed(text)
        return
    got = parsed(text)
    assert got == want
    lines = [*accumulate((len(line) + 1 for line in text.split("\n")), initial=0)]
    assert [*ranges(got, text, lines)] == [*ranges(want, text, lines)]


def test_most_random_texts_are_parsed():
    def accepted(seed):
        try:
            return bool(parsed(random_text(seed)))
        except SourceError:
            return False

    assert sum(map(accepted, range(300))) > 150


def test_the_tree_is_the_reference_tree_without_the_reference_parser():
    code = (
        "import sys; from bplint.importers.qasm.grammar import ast; print('antlr4' in sys.modules, 'openqasm3' in sys.modules);"
        "import openqasm3; print(openqasm3.ast is ast)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False", "True"]


@pytest.mark.parametrize(
    ("statement", "want"),
    [
        ("rx(2^3^2) q;", "rx(2**3**2) q;"),
        ("rx(-2^2) q;", "rx(-(2**2)) q;"),
        ("rx(+1) q;", "rx(1) q;"),
        ("rx(2^-a*3) q;", "rx((2**(-a))*3) q;"),
    ],
)
def test_power_of_openqasm_2_is_one(statement, want):
    assert Parser(SourceText(f"OPENQASM 2.0;{statement}")).program() == openqasm3.parse(want).statements


def test_opaque_gates_and_words_of_openqasm_3_are_read_in_openqasm_2():
    text = "OPENQASM 2.0; opaque box(t) a,b; gate for(angle) bit { U(angle,0,0) bit; } for(1) let[0]; box(2) let[0],let[1];"
    kinds = [type(node).__name__ for node in Parser(SourceText(text)).program()]
    assert kinds == ["OpaqueGate", "QuantumGateDefinition", "QuantumGate", "QuantumGate"]


def test_untyped_loops_are_over_whole_numbers():
    assert parsed("for i in [0:1] { }") == openqasm3.parse("for int i in [0:1] { }").statements


@pytest.mark.parametrize(
    "statement",
    ["f(x)[1];", "x[1][2] + 3;", "durationof({ h q; }) * 2;", "g(x)[5ns] q;", "-a ** -b ** c;", "bit[4](x)[0];"],
)
def test_what_follows_the_first_operand_decides_what_a_statement_is(statement):
    assert parsed(statement) == openqasm3.parse(statement).statements


@pytest.mark.parametrize("statement", ["f(x)[0] = 1;", "ctrl @ (x) q;", "g[0:1] q;", "(a) = 1;", "2 q;", "a[] = 1;"])
def test_what_the_reference_parser_refuses_is_refused(statement):
    with pytest.raises(QASM3ParsingError):
        openqasm3.parse(statement)
    with pytest.raises(SourceError):
        parsed(statement)

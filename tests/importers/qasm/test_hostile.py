"""Sources made to break a reader: each gets the expected reaction, in time, and never another exception."""

import contextlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bplint.errors import LimitError, SourceError
from bplint.importers.decoding import decode
from bplint.importers.qasm import Limits, read

FIXTURES = Path(__file__).parents[3] / "fixtures"
ROWS = {
    row["file"]: row
    for row in json.loads((FIXTURES / "hostile" / "index.json").read_text(encoding="utf-8"))
    if row["file"].endswith(".qasm")
}

NOTHING_TO_SAY = {"qasm2/minus_chain.qasm", "qasm3/feature_switch.qasm"}
"""Accepted with a warning by the index, and read here without one: the text means what it says."""

HEAD_2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
HEAD_3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
SECONDS = 2.0


def reaction(text, path=None):
    """What reading comes to: ``accept``, ``note``, ``limit`` or ``refuse``; any other exception passes."""
    start = time.process_time()
    try:
        text = decode(text) if isinstance(text, bytes) else text
        result = "note" if read(text, path=path).notes else "accept"
    except LimitError:
        result = "limit"
    except SourceError as error:
        assert_printable(error)
        result = "refuse"
    assert time.process_time() - start < SECONDS
    return result


def assert_printable(error):
    assert error.message.isprintable()
    assert len(error.message) < 300
    assert error.hint is None or error.hint.isprintable()


@pytest.mark.parametrize("file", sorted(ROWS))
def test_stored_file_gets_its_reaction(file):
    got = reaction((FIXTURES / "hostile" / file).read_bytes(), FIXTURES / "hostile" / file)
    want = {
        "accept": {"accept"},
        "accept-with-warning": {"accept"} if file in NOTHING_TO_SAY else {"note"},
        "refuse": {"refuse"},
        "refuse-by-limit": {"limit"},
    }[ROWS[file]["expect"]]
    assert got in want


def chain(depth):
    gates = ["gate g0 a { h a; }"] + [f"gate g{i} a {{ g{i - 1} a; }}" for i in range(1, depth)]
    return HEAD_2 + "\n".join(gates) + f"\nqreg q[1];\ng{depth - 1} q[0];\n"


def one(expression):
    return f"{HEAD_2}qreg q[1];\nrx({expression}) q[0];\n"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (f"{HEAD_2}qreg q[2];\n{'ry(0.25) q[0];cx q[0],q[1];' * 10_000}", "accept"),
        (chain(20_000), "accept"),
        (HEAD_2 + "".join(f"qreg q{i}[1000];\n" for i in range(5000)), "limit"),
        # The index wants a limit here; ours is 1,000,000 turns.
        (HEAD_3 + "qubit q;\nfor int i in {" + ",".join("0" * 20_000) + "} { h q; }\n", "accept"),
        (one("(" * 50_000 + "1" + ")" * 50_000), "limit"),
        (one("(" * 200 + "1" + ")" * 200), "accept"),
        (one("(" * 201 + "1" + ")" * 201), "limit"),
        (one("sin(" * 201 + "1" + ")" * 201), "limit"),
        (one("+".join(["0.1"] * 20_000)), "accept"),
        (one("+".join(f"t{i}" for i in range(5000))), "note"),
        (one("*".join(f"t{i}" for i in range(5000))), "note"),
        (one("^".join(["1"] * 20_000)), "accept"),
        (one("1" * 1_000_000), "limit"),
        (one("0." + "1" * 1_000_000), "limit"),
        (f"{HEAD_2}qreg {'a' * 1_000_000}[1];\n", "limit"),
        (one("a" * 1_000_000), "limit"),
        (f"{HEAD_2}qreg q[1];\n{'a' * 1_000_000} q[0];\n", "refuse"),
        (f"{HEAD_2}qreg q[1];\nh {'a' * 1_000_000};\n", "refuse"),
        (f"{HEAD_2}// {'x' * 10_000_000}\nqreg q[1];\nh q[0];\n", "accept"),
        (f"{HEAD_2}/* {'x ' * 2_50_000} */qreg q[1];\nh q[0];\n", "accept"),
        (f"{HEAD_2}qreg{' ' * 1_000_000}q[1]%;\n", "refuse"),
        (f"{HEAD_3}qubit{' ' * 1_000_000}%;\n", "refuse"),
        (f"{HEAD_3}input float{' ' * 1_000_000}%;\n", "refuse"),
        (f"{HEAD_2}qreg q[1];\n{'/' * 1_000_000}", "accept"),
        (f"{HEAD_2}qreg q[1];\n{'h q[0] ' * 20_000}", "refuse"),
        (f"{HEAD_2}gate g a {{ {'h a; ' * 30_000}}}\nqreg q[1];\ng q[0];\n", "accept"),
        # The index wants a limit here; ours is 100,000 parameters, and this many take half a second.
        (f"{HEAD_3}{''.join(f'input float[64] theta_{i:05};' for i in range(50_000))}qubit q;\n", "note"),
        (f"{HEAD_3}input array[float, 1000000000000] x;\nqubit q;\n", "limit"),
        (f"{HEAD_3}const int n = 2**100000;\nqubit[n] q;\n", "refuse"),
        (f"{HEAD_3}const int n = {'*'.join(['99999999999'] * 5000)};\nqubit[n] q;\n", "limit"),
        (f"{HEAD_3}qubit[100000] q;\nh q[0:1:99999999999999999999];\n", "refuse"),
        (f"{HEAD_3}rx(0.1) $99999999999999999999999;\n", "limit"),
    ],
    ids=range(32),
)
def test_generated_source_gets_its_reaction(text, want):
    assert reaction(text) == want


def test_file_of_many_megabytes_ends_at_the_limit_of_operations():
    """The index wants a limit for 620,000 gates; ours is 2,000,000 operations, and they are read in about 5 s."""
    text = f"{HEAD_2}qreg q[2];\n{'ry(0.25) q[0];cx q[0],q[1];' * 310_000}"
    with pytest.raises(LimitError, match="100,001 operations: the limit `operations` is 100,000"):
        read(text, limits=Limits(operations=100_000))


def test_registers_count_before_they_are_expanded():
    text = f"{HEAD_3}qubit[1000] q;\nh q;\nh q;\nh q;\n"
    with pytest.raises(LimitError, match="3,000 operations: the limit `operations` is 2,500"):
        read(text, limits=Limits(operations=2500))


def test_empty_bodies_cannot_be_multiplied_without_end():
    bodies = "gate g0 a { }\n" + "".join(f"gate g{i} a {{ {f'g{i - 1} a; ' * 10}}}\n" for i in range(1, 30))
    assert reaction(f"{HEAD_2}{bodies}qreg q[1];\ng29 q[0];\n") == "limit"


def test_sums_of_parameters_cannot_be_multiplied_without_end():
    names = [f"t{i}" for i in range(500)]
    body = f"gate g({','.join(names)}) a {{ {f'rz({chr(43).join(names)}) a; ' * 200}}}\n"
    inputs = "".join(f"input float {name};\n" for name in names)
    text = f"{HEAD_3}{inputs}{body}qubit q;\n" + f"g({','.join(names)}) q;\n" * 10
    with pytest.raises(LimitError, match="the limit `steps` is 50,000"):
        read(text, limits=Limits(steps=50_000))


def test_products_within_bodies_cannot_grow_a_name_without_end():
    bodies = "gate g0(t) a { rz(t) a; }\n" + "".join(f"gate g{i}(t) a {{ g{i - 1}(t*t) a; }}\n" for i in range(1, 60))
    program = read(f"{HEAD_3}input float x;\n{bodies}qubit q;\ng59(x) q;\n")
    x, product = program.circuit.parameters
    assert (x.name, product.sources) == ("x", ("x",))
    assert len(product.name) < 500


SOUP = """
    OPENQASM 2.0 3.0 include "qelib1.inc" "stdgates.inc" qreg creg qubit bit input float const int gate measure reset
    barrier if for q c x theta pi rx cx ccx U gphase ( ) [ ] { } , ; : -> = + - * / ** ^ 0 1 2 0.5 1e400 -1 // /* */ @
    @bplint.data #pragma bplint: observable = Z0 $0 ' " ++ let ctrl inv delay array angle sin mod rzz fixed
"""
WORDS = st.sampled_from([*SOUP.split(), "\n"])


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=40), st.sampled_from(["", HEAD_2 + "qreg q[3];", HEAD_3 + "qubit[3] q;"]))
def test_token_soup_is_read_or_refused(words, head):
    reaction(head + " ".join(words))


MUTABLE = [
    path.read_bytes()
    for path in sorted((FIXTURES / "circuits").glob("qasm*/*.qasm"))
    if path.stat().st_size < 1500 or "f_" in path.name
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MUTABLE), st.data())
def test_mutated_file_is_read_or_refused(data, draw):
    place = draw.draw(st.integers(0, len(data)))
    cut = draw.draw(st.integers(0, 6))
    other = draw.draw(st.binary(max_size=3) | st.text(max_size=3).map(lambda s: s.encode("utf-8", "surrogatepass")))
    reaction(data[:place] + other + data[place + cut :])


@pytest.mark.parametrize(
    "text",
    [
        "rx(" + "1" * 300_000 + "x) q[0];",
        "rx(." + "1" * 300_000 + "x) q[0];",
        "// bplint: ignore" + " " * 300_000 + "\n",
        "/* bplint: ignore" + " " * 100_000 + "\nx\ny*/",
        "/* bplint: shots =" + " " * 100_000 + "\nx\ny*/",
        "#pragma braket result expectation " + "1" * 300_000 + "x\n",
        "let a = q; " + "input " * 20_000,
        "let a = q; input " + ("b" * 900 + " ") * 4000,
        "// bplint: init = normal:" + "1" * 300_000 + "x\n",
        'include "' * 50_000,
        "/*" * 300_000,
    ],
)
def test_no_expression_is_searched_for_in_vain_again_and_again(text):
    """Time that grows with the square of these would be hours."""
    begin = time.process_time()
    with contextlib.suppress(SourceError):
        read('OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\n' + text)
    assert time.process_time() - begin < 10

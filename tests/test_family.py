"""Families declared in Python: the decorator notes, builds nothing, loads nothing."""

import subprocess
import sys
from functools import partial

import pytest

import bplint
from bplint.errors import UsageError
from bplint.family import DeclaredFamily, declared


def test_the_decorator_returns_the_function_and_notes_what_is_declared():
    def hea(n):
        raise AssertionError("nothing is built")

    mark = bplint.circuit(sizes=range(4, 9, 2), observable="Z0 Z1", shots=100, init="range:1", data=["x*"])
    assert mark(hea) is hea
    assert declared(hea) == hea.__bplint__ == DeclaredFamily((4, 6, 8), "Z0 Z1", 100, "range:1", data=("x*",))
    assert declared(len) is None
    assert declared(bplint.circuit(observable="Z0")(lambda: None)).sizes == ()


@pytest.mark.parametrize(
    "observable",
    [
        lambda n: f"Z{n - 1}",
        partial("Z{}".format, 3),
        {4: "Z3"},
        "Z3",
    ],
)
def test_the_observable_may_depend_on_the_size(observable):
    assert DeclaredFamily((4,), observable).observable_at(4) == "Z3"


def test_an_operator_is_no_function_of_the_size():
    """Qiskit's operators can be called, with the qubits that they act on."""

    class Operator:
        def __call__(self, *qubits):
            raise AssertionError("this is not a size")

    operator = Operator()
    assert DeclaredFamily((4,), operator).observable_at(4) is operator


def test_what_is_given_wins_over_what_is_declared():
    told = DeclaredFamily((4, 6), "Z0", 100, data=("x",))
    assert told.given(sizes=[8], observable=None, shots=None) == told._replace(sizes=(8,))
    assert told.given(data=["y"], init="range:1") == told._replace(data=("y",), init="range:1")


@pytest.mark.parametrize("sizes", [[0], [4, 4], [2.0], [True], ["4"], [-1]])
def test_what_is_no_size_is_refused(sizes):
    with pytest.raises(UsageError, match="want"):
        bplint.circuit(sizes=sizes)
    with pytest.raises(UsageError, match="want"):
        DeclaredFamily().given(sizes=sizes)


def test_a_size_without_an_observable_is_refused():
    with pytest.raises(UsageError, match="size 6"):
        DeclaredFamily((4, 6), {4: "Z0"}).observable_at(6)


def test_declaring_loads_no_numerics():
    code = "import sys, bplint; bplint.circuit(sizes=[4]); print({'numpy', 'bplint.api', 'click'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"

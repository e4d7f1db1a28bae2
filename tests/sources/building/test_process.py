"""Whatever a builder does to its process, it is named with its reason, and the next one is built."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bplint.sources.builders import builders
from bplint.sources.building.circuit import BuildLimits, BuildOrder, WantedBuilder
from bplint.sources.building.process import Processes, run
from python_builders import ALWAYS_GOOD, FAMILY, HEAD


def order(text, folder, *, seconds=20.0, memory=4 << 30, targets=(), **more):
    file = Path(folder) / "ansatz.py"
    file.write_text(text, encoding="utf-8")
    wanted = [WantedBuilder(b.name, b.line, b.extent, b.declared) for b in builders(text.encode(), targets)] or [
        WantedBuilder(name, 1, (1, 1), False) for name in targets
    ]
    return BuildOrder(
        file=str(file), code=text, id="ansatz.py", builders=tuple(wanted), limits=BuildLimits(seconds, memory), **more
    )


def built(text, folder, *, cwd=None, **options):
    return run(order(HEAD + text, folder, **options), Processes(), cwd)


def test_every_size_is_built_with_what_the_decorator_says(tmp_path):
    found = built(FAMILY + ALWAYS_GOOD, tmp_path)
    assert [(o.begun.builder, o.begun.size, o.built.program.circuit.n_qubits) for o in found.outcomes] == [
        ("hea", 2, 2),
        ("hea", 6, 6),
        ("last", None, 1),
    ]
    assert found.outcomes[0].built.told == {"shots": 100}
    assert found.outcomes[2].built.observable == "Z0"


@pytest.mark.parametrize(
    ("body", "reason", "last"),
    [
        ("raise ValueError('no\\nsuch')", "raised", "ValueError: no such"),
        ("sys.exit(3)", "raised", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "raised", "KeyboardInterrupt"),
        ("return 7", "cannot be linted:", "want a Qiskit, Cirq or PennyLane circuit, got builtins.int"),
        ("return hea(1)", "raised", "RecursionError"),
        ("os._exit(0)", "ended its process with exit code 0", ""),
        ("os.kill(os.getpid(), 9)", "ended its process by SIGKILL", ""),
        ("os.close(1); os.close(2); os._exit(5)", "ended its process with exit code 5", ""),
        ("while True: pass", "took longer than 2 s", ""),
        ("import time; time.sleep(100)", "took longer than 2 s", ""),
        ("return bytearray(3 << 30)", "raised", "MemoryError"),
    ],
)
def test_a_builder_at_fault_is_named_and_the_next_one_is_built(tmp_path, body, reason, last):
    begin = time.perf_counter()
    found = built(f"@bplint.circuit()\ndef hea(*n):\n    {body}\n{ALWAYS_GOOD}", tmp_path, seconds=2, memory=1 << 30)
    bad, good = found.outcomes
    assert (bad.begun.builder, bad.built, bad.reason) == ("hea", None, reason)
    assert last in "".join(bad.lines[-1:])
    if last:
        assert any("ansatz.py" in line for line in bad.lines) == (reason == "raised")
    assert (good.begun.builder, good.built.program.circuit.n_qubits) == ("last", 1)
    assert time.perf_counter() - begin < 15


def test_what_is_printed_is_kept_to_its_last_lines_and_mixes_with_no_answer(tmp_path):
    text = """
@bplint.circuit()
def loud():
    for i in range(100_000):
        print("x" * 100)
    os.write(1, b"raw\\n")
    print("the last", file=sys.stderr)
    raise ValueError
"""
    bad, good = built(text + ALWAYS_GOOD, tmp_path).outcomes
    assert bad.printed[-1] == "the last"
    assert len(bad.printed) == 5
    assert good.built


def test_standard_input_is_empty(tmp_path):
    (one,) = built(
        "@bplint.circuit()\ndef asks():\n    return product(1 if sys.stdin.read() == '' else 2)\n", tmp_path
    ).outcomes
    assert one.built.program.circuit.n_qubits == 1


def test_a_file_that_cannot_be_run_has_one_outcome(tmp_path):
    (one,) = built("print('before')\nraise OSError('gone')\n" + FAMILY, tmp_path).outcomes
    assert (one.begun, one.built, one.lines[-1], one.printed) == (None, None, "OSError: gone", ("before",))


def test_modules_are_looked_for_as_python_does_for_the_file(tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "here" / "helper.py").write_text("size = 3\n")
    (tmp_path / "elsewhere" / "outside.py").write_text("")
    text = f"""
import helper
print(sys.path[0], sys.argv, os.getcwd(), __name__)
try:
    import outside
except ImportError:
    outside = None
@bplint.circuit()
def one():
    assert sys.path[0] == {str(tmp_path / "here")!r} and sys.argv == [__file__] and outside is None
    assert os.getcwd() == {str(tmp_path / "elsewhere")!r} and __name__ == "ansatz"
    return product(helper.size)
"""
    (one,) = built(text, tmp_path / "here", cwd=str(tmp_path / "elsewhere")).outcomes
    assert one.built, one


def test_the_path_is_that_of_python(tmp_path):
    (tmp_path / "plain.py").write_text("import sys\nprint(sys.path)\n")
    plain = subprocess.run([sys.executable, tmp_path / "plain.py"], capture_output=True, text=True, check=True)
    text = "@bplint.circuit()\ndef one():\n    print(sys.path); raise ValueError\n"
    (one,) = built(text.replace("print(sys.path)", "print(len(sys.path), hash(str(sys.path)))"), tmp_path).outcomes
    assert one.printed[-1].split()[0] == str(len(eval(plain.stdout)))


def test_relative_imports_work_in_a_package(tmp_path):
    inner = tmp_path / "pkg" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "pkg" / "__init__.py").write_text("")
    (inner / "__init__.py").write_text("")
    (tmp_path / "pkg" / "sizes.py").write_text("size = 3\n")
    (one,) = built(
        "from ..sizes import size\n@bplint.circuit()\ndef one():\n    return product(size)\n", inner
    ).outcomes
    assert one.built.program.circuit.n_qubits == 3


def test_the_keyword_leaves_out_before_anything_is_built(tmp_path):
    found = built(FAMILY.replace("return", "assert n == 6; return") + ALWAYS_GOOD, tmp_path, keyword="n=6")
    assert [(o.begun.size, o.built is not None) for o in found.outcomes] == [(6, True)]
    assert found.deselected == 2


def test_targets_that_are_no_functions_are_named(tmp_path):
    found = built("def build():\n    return product(2)\nother = 7\n", tmp_path, targets=("build", "other", "none"))
    assert [o.begun.builder for o in found.outcomes if o.built] == ["build"]


def test_an_object_of_the_users_does_not_come_here(tmp_path):
    text = """
import bplint.sources.building.child as child
from bplint.sources.building.circuit import Built
class Mine: ...
child._built = lambda builder, size, lines: Built(Mine(), None, {})
@bplint.circuit()
def one(): ...
"""
    (one,) = built(text, tmp_path).outcomes
    assert (one.built, one.reason) == (None, "handed back something that does not pass between processes")


def test_what_a_builder_starts_ends_with_it(tmp_path):
    text = """
import subprocess
@bplint.circuit()
def one():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open(os.path.join(os.path.dirname(__file__), "pid"), "w").write(str(child.pid))
    raise ValueError
"""
    built(text, tmp_path)
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    os.kill(pid, 9)
    pytest.fail("it lives on")

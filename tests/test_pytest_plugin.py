"""The pytest plugin, run by pytest's own test kit on small projects."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import bplint.api  # noqa: F401  # the kit forgets what is first loaded in a run, and loads it in the next one again
from bplint.plugins import load
from plain_pytest import PLAIN

pytest_plugins = ["pytester"]
load()

HEAD = "OPENQASM 3.0;\n// bplint: observable = {}\n// bplint: shots = 100\n"
CIRCUIT = HEAD + "input array[float[64], {n}] a;\nqubit[{n}] q;\n{gates}"
BUILDERS = """
import bplint
from samples import circuit

@bplint.circuit(sizes=[2, 6], observable="projector(0..n-1)", shots=100)
def product(n):
    return circuit(n, [("ry", [i], f"t{i}") for i in range(n)])

@bplint.circuit(observable="Z0")
def single():
    return product(1)
"""


def product(observable, n):
    return CIRCUIT.format(observable, n=n, gates="".join(f"ry(a[{i}]) q[{i}];\n" for i in range(n)))


@pytest.fixture
def project(pytester):
    (pytester.path / "circuits").mkdir()
    (pytester.path / "circuits/good.qasm").write_text(product("mean(Z)", 4))
    (pytester.path / "circuits/deep.QASM2").write_text(product("projector(0..n-1)", 6))
    (pytester.path / "test_plain.py").write_text("def test_plain(): pass\n")
    return pytester


def run(project, *arguments):
    """In this process; without Hypothesis, which would be loaded anew for each run."""
    return project.runpytest_inprocess(*PLAIN, *arguments)


def ids(result):
    return [line for line in result.outlines if "::" in line or line.lower().endswith((".qasm", ".qasm2", ".qasm3"))]


def test_nothing_is_collected_unless_asked(project):
    project.makepyfile(test_builders=BUILDERS)
    assert ids(run(project, "--collect-only", "-q")) == ["test_plain.py::test_plain"]


def test_circuit_files_are_items_with_the_ids_of_files(project):
    listed = ["circuits/deep.QASM2", "circuits/good.qasm", "test_plain.py::test_plain"]
    assert ids(run(project, "--bplint", "--collect-only", "-q")) == listed
    assert ids(run(project, "--bplint", "--collect-only", "-q", "-k", "good")) == listed[1:2]
    assert ids(run(project, "--bplint", "--collect-only", "-q", "circuits/good.qasm")) == listed[1:2]


def test_a_plateau_fails_with_the_report(project):
    result = run(project, "--bplint", "--tb=short")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "* deep.QASM2 *",
            "BP301 vanishing-gradient",
            "circuits/deep.QASM2:6:1: error BP301 vanishing-gradient*",
            "*No parameter shows above the noise*",
            "FAILED circuits/deep.QASM2 - *BP301 vanishing-gradient",
        ]
    )
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_what_cannot_be_read_fails(project):
    (project.path / "broken.qasm").write_text("qubit[2] q;\nrx(0.1 q[0];\n")
    result = run(project, "--bplint", "broken.qasm")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["BP001 unreadable", "broken.qasm:2:3: error BP001 unreadable", "*( is not closed*"])


def test_configuration_holds_as_it_does_for_the_command(project):
    (project.path / "circuits/bplint.toml").write_text('fail-on = "never"\n')
    result = run(project, "--bplint", "-rP")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*Captured bplint call*", "*error BP301 vanishing-gradient*"])
    (project.path / "circuits/bplint.toml").write_text('fail-on = "nonsense"\n')
    result = run(project, "--bplint", "circuits/good.qasm")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*bplint: *bplint.toml*nonsense*"])


def test_what_cannot_be_told_is_skipped_with_the_reason(project):
    (project.path / "circuits/good.qasm").write_text("OPENQASM 3.0;\nqubit[2] q;\nctrl @ x q[0], q[1];\n")
    result = run(project, "--bplint", "-rs", "circuits/good.qasm")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*circuits/good.qasm*not variational: *"])


def test_builders_are_items_for_each_size_and_one_for_the_family(project):
    project.makepyfile(test_builders=BUILDERS)
    listed = [f"test_builders.py::{name}" for name in ("product[n=2]", "product[n=6]", "product", "single")]
    assert ids(run(project, "--bplint", "--collect-only", "-q", "test_builders.py")) == listed
    assert ids(run(project, "--bplint", "--collect-only", "-q", "test_builders.py::product[n=2]")) == listed[:1]
    result = run(project, "--bplint", "-v", "test_builders.py")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        ["*::product[[]n=2] PASSED*", "*::product[[]n=6] FAILED*", "*::product PASSED*", "*::single PASSED*"]
    )
    result.stdout.fnmatch_lines(["product[[]n=6]  6 qubits*", "FAILED *::product[[]n=6] - *BP301*"])


def test_a_file_named_on_the_command_line_need_not_be_a_test_module(project):
    project.makepyfile(ansatz=BUILDERS)
    assert len(ids(run(project, "--bplint", "--collect-only", "-q", "ansatz.py"))) == 4


def test_an_imported_builder_is_not_collected_again(project):
    project.makepyfile(test_builders=BUILDERS, test_user="from test_builders import product")
    project.syspathinsert()
    assert not [name for name in ids(run(project, "--bplint", "--collect-only", "-q")) if "test_user" in name]


def test_marks_of_a_builder_count(project):
    marked = BUILDERS.replace(
        "@bplint.circuit(sizes", "import pytest\n@pytest.mark.skip(reason='later')\n@bplint.circuit(sizes"
    )
    project.makepyfile(test_builders=marked)
    run(project, "--bplint", "test_builders.py").assert_outcomes(passed=1, skipped=3)


def test_an_exception_of_a_builder_shows_its_own_lines(project):
    project.makepyfile(test_builders=BUILDERS.replace("return circuit(n,", "return 1 // 0, (n,"))
    result = run(project, "--bplint", "test_builders.py::product[n=2]")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*return 1 // 0*", "*ZeroDivisionError*"])
    result.stdout.no_fnmatch_line("*api.py*")


def test_the_family_reports_what_the_sizes_show_together(project):
    project.makepyfile(test_builders=BUILDERS.replace("[2, 6]", "[4, 5, 6, 7, 8]").replace("shots=100", "shots=9999"))
    for chosen in ("test_builders.py", "test_builders.py::product"):
        result = run(project, "--bplint", "-rP", chosen)
        result.stdout.fnmatch_lines(["*__ product __*", "*BP303 exponential-decay · n = 4 * 8, 5 sizes"])


def test_the_fixture_fails_in_the_line_of_the_test(project):
    project.makepyfile(
        """
        from samples import circuit

        def test_product(assert_trainable):
            assert assert_trainable(circuit(2, [("ry", [0], "a")]), observable="Z0").ok()
            assert_trainable(circuit(6, [("ry", [i], f"t{i}") for i in range(6)]), observable="Z" * 6, shots=50)
        """
    )
    result = run(project, "-k", "product")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            ">*assert_trainable(circuit(6*",
            "E*this circuit cannot be trained as it is",
            "E*error BP301*",
            "test_*.py:5: *",
        ]
    )
    result.stdout.no_fnmatch_line("*api.py*")


def test_several_processes_do_the_same(project, monkeypatch):
    pytest.importorskip("xdist")
    project.makepyfile(test_builders=BUILDERS)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    result = project.runpytest_subprocess("--bplint", "-n2", *PLAIN)
    result.assert_outcomes(passed=5, failed=2)


def test_loading_the_plugin_loads_nothing_of_bplint():
    code = (
        "import sys, pytest; before = set(sys.modules); import bplint.pytest_plugin;"
        "print(sorted(set(sys.modules) - before))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "['bplint', 'bplint.pytest_plugin']"


MODULE = "import bplint\nfrom samples import circuit\n\n"
DECLARED = """@bplint.circuit(sizes=[2], observable="Z0 Z1")
def product(n):
    return circuit(n, [("ry", [i], f"t{i}") for i in range(n)])

"""


def test_builders_beside_the_tests_are_found(project):
    (project.path / "src").mkdir()
    (project.path / "src/ansatz.py").write_text(MODULE + DECLARED + "def test_of_no_concern(): assert False\n")
    (project.path / "src/helper.py").write_text(
        "import bplint\nraise RuntimeError('declares none, so nobody imports it')\n"
    )
    (project.path / "src/other.py").write_text("raise RuntimeError('not ours')\n")
    listed = ids(run(project, "--bplint", "--collect-only", "-q"))
    assert [name for name in listed if ".py" in name] == ["src/ansatz.py::product[n=2]", "test_plain.py::test_plain"]
    run(project, "--bplint", "src").assert_outcomes(passed=1)
    assert [name for name in ids(run(project, "--collect-only", "-q")) if ".py" in name] == [
        "test_plain.py::test_plain"
    ]


def test_a_builder_that_a_test_imports_is_collected_once(project):
    (project.path / "ansatz.py").write_text(MODULE + DECLARED)
    (project.path / "test_ansatz.py").write_text("from ansatz import product\ndef test_it(): assert product(2)\n")
    listed = ids(run(project, "--bplint", "--collect-only", "-q"))
    assert [name for name in listed if "ansatz" in name] == ["ansatz.py::product[n=2]", "test_ansatz.py::test_it"]


def test_a_decorated_method_is_refused_aloud(project):
    method = MODULE + "class Model:\n    @bplint.circuit(sizes=[2])\n    def product(self, n): ...\n"
    for name in ("model.py", "test_model.py"):
        (project.path / name).write_text(method)
        result = run(project, "--bplint", name)
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["*product is a method of Model: move it out of the class*"])
        (project.path / name).unlink()


@pytest.mark.parametrize("name", ["test_builders.py", "src/ansatz.py"])
def test_configuration_holds_for_builders_as_for_files(project, name):
    """One circuit as a file, as a builder of a size and as one of none: all three fail by the severity of a warning."""
    (project.path / "src").mkdir()
    text = (
        MODULE
        + DECLARED.replace("Z0 Z1", "Z0")
        + '@bplint.circuit(observable="Z0")\ndef alone():\n    return product(2)\n'
    )
    (project.path / name).write_text(text)
    (project.path / "src/same.qasm").write_text(product("Z0", 2))
    run(project, "--bplint", name, "src/same.qasm").assert_outcomes(passed=3)
    (project.path / "bplint.toml").write_text('severity.BP203 = "error"\n')
    run(project, "--bplint", name, "src/same.qasm").assert_outcomes(failed=3)


def test_what_configuration_or_git_leaves_out_is_left_out_unless_named(project):
    (project.path / "bplint.toml").write_text('exclude = ["deep.QASM2"]\n')
    (project.path / ".git").mkdir()
    (project.path / ".gitignore").write_text("ignored/\n")
    (project.path / "ignored").mkdir()
    (project.path / "ignored/more.qasm").write_text(product("mean(Z)", 2))
    assert ids(run(project, "--bplint", "--collect-only", "-q")) == ["circuits/good.qasm", "test_plain.py::test_plain"]
    named = ids(run(project, "--bplint", "--collect-only", "-q", "circuits/deep.QASM2", "ignored"))
    assert named == ["circuits/deep.QASM2", "ignored/more.qasm"]


def notebook(text):
    cells = [{"cell_type": "code", "source": text.splitlines(keepends=True)}, {"cell_type": "markdown", "source": "#"}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1)


def test_notebooks_are_collected(project):
    text = "%matplotlib inline\n" + BUILDERS + "def test_of_no_concern(): assert False\n"
    (project.path / "vqe.ipynb").write_text(notebook(text))
    (project.path / "other.ipynb").write_text(notebook("raise RuntimeError('not ours')"))
    listed = [name for name in ids(run(project, "--bplint", "--collect-only", "-q")) if "ipynb" in name]
    assert listed == [f"vqe.ipynb::{name}" for name in ("product[n=2]", "product[n=6]", "product", "single")]
    assert not [name for name in ids(run(project, "--collect-only", "-q")) if "ipynb" in name]
    result = run(project, "--bplint", "vqe.ipynb", "-k", "not single")
    result.assert_outcomes(passed=2, failed=1, deselected=1)
    result.stdout.fnmatch_lines(["FAILED vqe.ipynb::product?n=6? - *BP301*"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import bplint, sys\n@bplint.circuit()\ndef f(): ...\nsys.exit(3)", "*ends with SystemExit: 3*"),
        ("import bplint\n@bplint.circuit()\ndef f(): ...\nimport nosuch", "*No module named 'nosuch'*"),
        ("import bplint\ndef f(:", "*SyntaxError: invalid syntax*"),
        ("{bplint", "*BP001 unreadable: not a notebook*"),
    ],
)
def test_a_notebook_that_does_not_run_is_an_error_of_collection(project, text, message):
    (project.path / "vqe.ipynb").write_text(text if text[0] == "{" else notebook(text))
    result = run(project, "--bplint", "vqe.ipynb")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message])


def test_what_configuration_names_is_collected(project):
    (project.path / "lib").mkdir()
    (project.path / "lib/made.py").write_text(
        "from samples import circuit\ndef build(n=2):\n    return circuit(n, [('ry', [i], f't{i}') for i in range(n)])\n"
    )
    (project.path / "bplint.toml").write_text('targets = ["lib.made:build"]\n')
    assert "lib/made.py::build" in ids(run(project, "--bplint", "--collect-only", "-q"))
    (project.path / "bplint.toml").write_text('targets = ["lib.made:build[n=2:6:2]"]\n')
    listed = [name for name in ids(run(project, "--bplint", "--collect-only", "-q")) if "made" in name]
    assert listed == [f"lib/made.py::build[n={n}]" for n in (2, 4, 6)] + ["lib/made.py::build"]
    run(project, "--bplint", "lib").assert_outcomes(passed=4)
    (project.path / "bplint.toml").write_text('targets = ["lib.made:gone"]\n')
    result = run(project, "--bplint", "lib")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*configuration names gone: there is no such function in this file*"])


@pytest.mark.parametrize("name", ["test_builders.py", "ansatz.py", "ansatz.ipynb"])
def test_comments_speak_of_builders_as_they_do_on_the_command_line(project, name):
    text = MODULE + DECLARED.replace("Z0 Z1", "projector(0..n-1)").replace("[2]", "[6]").replace(
        ")\ndef", ", shots=9)\ndef", 1
    )
    (project.path / name).write_text(notebook(text) if name.endswith("ipynb") else text)
    run(project, "--bplint", name).assert_outcomes(failed=1)
    text = text.replace("def product(n):", "def product(n):  # bplint: ignore[BP301] known")
    (project.path / name).write_text(notebook(text) if name.endswith("ipynb") else text)
    run(project, "--bplint", name).assert_outcomes(passed=1)

"""The settings in force, shown with their origin."""

import pytest

from configured import HEAD, product, put, run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_settings_are_shown_with_their_origin(folder):
    put({"x.qasm": product("Z0"), "y.qasm": product("Z0"), "z.qasm": product("", 2)})
    put(
        {
            "bplint.toml": 'shots = 5\nrules.BP201.share = 0.25\nseverity.BP203 = "off"\ncircuits."z*".observable = "Z1"\n'
        }
    )
    result = run("x.qasm", "y.qasm", "z.qasm", "--show-settings", "--seed", "3", "--select", "BP201,BP203")
    assert result.exit_code == 0
    assert result.output == (
        "x.qasm\ny.qasm\n" + _shown("Z0  (comment in line 3)") + "\nz.qasm\n"
        + _shown('Z1  (bplint.toml: circuits."z*".observable)')
    )  # fmt: skip


def test_settings_of_a_file_include_its_own_comments(folder):
    declared = "// bplint: shots = 400\n// bplint: data = x\npragma bplint init normal:0.10\n// bplint: data = y*\n"
    put({"x.qasm": HEAD + declared + "input float x;\ninput float y1;\nqubit[1] q;\nry(x) q[0];\nrz(y1) q[0];\n"})
    put({"bplint.toml": "shots = 5\nseed = 2\n"})
    lines = {
        line.split()[0]: line.split(maxsplit=1)[1] for line in run("x.qasm", "--show-settings").output.splitlines()[1:]
    }
    assert lines["shots"] == "400  (comment in line 3)"
    assert lines["data"] == "x, y*  (comment in line 4)"
    assert lines["init"] == "normal:0.1  (pragma in line 5)"
    assert lines["seed"] == "2  (bplint.toml: seed)"
    assert "shots          7  (--shots)" in run("x.qasm", "--show-settings", "--shots", "7").output
    put({"x.qasm": HEAD + "nonsense;\n"})
    shown = run("x.qasm", "--show-settings")
    assert shown.exit_code == 0
    assert "unreadable     there is no gate nonsense; without its comments there holds  (line 3)" in shown.output
    assert "shots          5  (bplint.toml: shots)" in shown.output


def _shown(observable):
    return (
        "  configuration  bplint.toml\n"
        f"  observable     {observable}\n"
        "  init           uniform  (default)\n"
        "  noise          none  (default)\n"
        "  shots          5  (bplint.toml: shots)\n"
        "  trainable      auto  (default)\n"
        "  data           none  (default)\n"
        "  dataset        none  (default)\n"
        "  data-law       none  (default)\n"
        "  loss           linear  (default)\n"
        "  target         none  (default)\n"
        "  seed           3  (--seed)\n"
        "  budget         60  (default)\n"
        "  fail-on        error  (default)\n"
        "  rules          BP201\n"
        "  severity       BP203 dead-parameter is off instead of warning (bplint.toml: severity.BP203)\n"
        "  BP201.share    0.25  (bplint.toml: rules.BP201.share)\n"
    )

"""Help by subject, words that a shell completes, and a hint for a mistyped command."""

import click
import pytest
from click.testing import CliRunner

from bplint.cli import main
from bplint.cli.group import HOMES, command_of
from bplint.cli.help import section


def run(*arguments, **environment):
    return CliRunner().invoke(main, arguments, env=environment, prog_name="bplint")


def completed(*words):
    """What a shell is told for the last word."""
    typed = " ".join(["bplint", *words])
    told = run(_BPLINT_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(len(words))).output
    return [tuple(line.split(",", 1)) for line in told.splitlines()]


def test_the_help_has_the_commands_and_every_option_of_the_default_one_in_a_section():
    output = run("--help").output
    assert "Usage: bplint [COMMAND] [OPTIONS] PATHS..." in output
    assert all(f"\n  {name} " in output for name in HOMES)
    options = [p for p in command_of("check").params if isinstance(p, click.Option)]
    assert len(options) > 30
    for option in options:
        assert option.section
        assert f"\n{option.section}:\n" in output
        assert output.count(f"\n  {option.opts[0]}") >= 1
    assert output.count("--version") == output.count("-h, --help") == 1


@pytest.mark.parametrize("name", ["check", "profile", "fix", "sweep"])
def test_each_command_has_its_options_once(name):
    output = run(name, "--help").output
    command = command_of(name)
    assert "What a circuit leaves open:" in output
    for option in command.params:
        assert (
            isinstance(option, click.Argument)
            or output.count(f"\n  {option.opts[0]} ")
            + output.count(f"\n  {option.opts[0]},")
            + output.count(f"\n  {option.opts[0]}\n")
            == 1
        )


def test_no_summary_of_a_command_is_cut_off():
    commands = run("--help").output.split("Commands:\n")[1].split("\n\n")[0]
    assert "..." not in commands


def test_options_keep_the_order_of_their_section():
    @click.command()
    @section("One", click.option("--b"), click.option("--a"))
    def command(**given): ...

    assert [(p.name, p.section) for p in command.params] == [("b", "One"), ("a", "One")]


@pytest.mark.parametrize(("word", "meant"), [("chekc", "check"), ("expain", "explain"), ("profil", "profile")])
def test_a_mistyped_command_is_named(word, meant):
    result = run(word, "x.qasm")
    assert result.exit_code == 2
    assert f"no command and no path is called {word}: did you mean {meant}?" in result.output


@pytest.mark.parametrize("word", ["chekc.qasm", "./chekc", "nothing"])
def test_a_path_is_no_mistyped_command(word):
    assert f"no such file or directory: {word}" in run(word).output


def test_a_folder_that_is_nearly_called_like_a_command_is_linted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rule").mkdir()
    assert run("rule").exit_code == 5


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["expl"], [("plain", "explain")]),
        (["--obs"], [("plain", "--observable")]),
        (["--vers"], [("plain", "--version")]),
        (["circ"], [("file", "circ")]),
        (["x.qasm", "y"], [("file", "y")]),
        (["x.qasm", "--write"], [("plain", "--write-baseline")]),
        (["explain", "BP95"], [("plain", "BP951")]),
        (["x.qasm", "--select", "BP1,bp95"], [("plain", "BP1,BP951")]),
        (["x.qasm", "--format", "sa"], [("plain", "sarif")]),
        (["fix", "--pri"], [("plain", "--prior")]),
    ],
)
def test_a_shell_completes(words, expected):
    assert completed(*words) == expected

"""The table of what a circuit does not say, and that everything which should be is made from it."""

import inspect
import json

import click
import numpy as np
import pytest
from click.testing import CliRunner

import bplint
from bplint.cli import main
from bplint.cli.group import command_of
from bplint.config.reading import _CONTEXT, _VALUES
from bplint.config.settings import Settings
from bplint.context_keys import KEYS, Said, WrongValue, keys
from bplint.errors import BplintError
from bplint.family import DeclaredFamily
from bplint.importers import directives
from bplint.ir.observable import parse
from samples import circuit

VALUES = {
    "observable": "Z0 Z1",
    "init": "w*=range:1, normal:0.10",
    "noise": "depolarizing:.001",
    "shots": "1_000",
    "trainable": "literals",
    "data": "x*, y[0:2] z",
    "dataset": "moons.csv",
    "data-law": "range:1, x=normal:2",
    "loss": "sigmoid:2",
    "target": "samples.txt",
    "seed": "7",
    "budget": "2.5",
}


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_what_was_read_is_read_again_as_it_is(key):
    value = key.of_text(VALUES[key.name])
    assert key.read(value) == value
    assert key.written(value)


def test_text_becomes_plain_data():
    found = {key.name: key.of_text(VALUES[key.name]) for key in KEYS}
    assert found == {
        "observable": "Z0 Z1",
        "init": "normal:0.1, w*=range:1",
        "noise": "depolarizing:0.001",
        "shots": 1000,
        "trainable": ("literals",),
        "data": ("x*", "y[0:2]", "z"),
        "dataset": "moons.csv",
        "data-law": "range:1, x=normal:2",
        "loss": "sigmoid:2",
        "target": "samples.txt",
        "seed": 7,
        "budget": 2.5,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("shots", value) for value in (0, -5, 1.5, True, "5", None, 10**15, np.float64(3), [1])],
        *[("seed", value) for value in (-1, 0.0, "0", False, 1e3)],
        *[("budget", value) for value in (0, -1, float("nan"), float("inf"), "60", True, 1j)],
        *[("data", value) for value in (5, [1], [""], [["x"]], {"x": 1}, None)],
        *[("trainable", value) for value in (5, ["w", 2], " ")],
        *[("init", value) for value in ("normal", 0.1, "", ["uniform"], "uniform, uniform")],
        *[("loss", value) for value in ("log", "sigmoid", "mmd:0", 1, ["mse"])],
        *[("dataset", value) for value in ("", 3, [[1.0]])],
        *[("data-law", value) for value in ("gauss", 0.1)],
        *[("target", value) for value in (" ", 3, ["01", "0"], ["02"])],
        *[("noise", value) for value in ("depolarizing", "depolarizing:2", 0.1, " ")],
        *[("observable", value) for value in ("Q0", "", 3, "Z0 Z0", "1j*Z0", "projector(0", ["Z0"])],
    ],
)
def test_what_a_key_cannot_take_is_refused_in_a_sentence(name, value):
    with pytest.raises(BplintError) as caught:
        keys(Said.ANYWHERE & Said.OPTION)[name].read(value)
    assert 10 < len(str(caught.value)) < 200


def test_a_string_is_one_name_and_numbers_may_be_numpys():
    options = keys(Said.OPTION)
    assert options["data"].read("x*") == ("x*",)
    assert options["shots"].read(np.int64(5)) == 5
    assert type(options["shots"].read(np.int64(5))) is int
    assert type(options["budget"].read(np.float32(0.5))) is float


@pytest.mark.parametrize("text", ["Z900", "mean(Z)", "ZZZ", "projector(0..100)", "Z0 - 2*X70"])
def test_an_observable_that_some_circuit_could_have_is_taken(text):
    assert keys(Said.OPTION)["observable"].read(text) == text


def test_an_operator_that_was_read_stays():
    operator = parse("Z0 + X1", 2)
    key = keys(Said.OPTION)["observable"]
    assert key.read(operator) is operator
    assert key.written(operator) == "Z0 + X1"


def test_the_error_has_both_sides():
    with pytest.raises(WrongValue, match=r"^want a whole number from 1 to 10\^15, got 0$") as caught:
        keys(Said.OPTION)["shots"].read(0)
    assert (caught.value.want, caught.value.got) == ("a whole number from 1 to 10^15", 0)


@pytest.mark.parametrize("command", ["check", "profile", "fix", "sweep"])
def test_every_command_has_the_options(command):
    found = {option for parameter in command_of(command).params for option in parameter.opts}
    assert found >= {f"--{name}" for name in keys(Said.OPTION)} | {"--config", "--isolated"}
    described = " ".join(CliRunner().invoke(main, [command, "--help"]).output.split()).replace("- ", "-")
    for key in keys(Said.OPTION).values():
        assert f"--{key.name} {key.metavar} {' '.join(key.help.split())}" in described


def test_sources_configuration_and_python_have_the_keys():
    assert set(directives.KEYS) == {*keys(Said.SOURCE), directives.TIE}
    assert set(_CONTEXT) == set(keys(Said.SOURCE | Said.CONFIGURATION))
    of_the_run = {
        "select",
        "ignore",
        "extend-select",
        "fail-on",
        "require-observable",
        "exclude",
        "extend-exclude",
        "baseline",
        "cache-dir",
        "targets",
    }
    assert set(_VALUES) == of_the_run | set(keys(Said.CONFIGURATION))
    assert {key.attribute for key in keys(Said.OPTION).values()} <= set(Settings._fields)
    rows = {"rows", "labels"}
    for function in (bplint.lint, bplint.lint_family, bplint.profile):
        arguments = {key.attribute for key in keys(Said.ARGUMENT).values()}
        assert arguments | rows <= set(inspect.signature(function).parameters)
    declared = {key.attribute for key in keys(Said.SOURCE | Said.ARGUMENT).values()}
    assert set(DeclaredFamily._fields) - {"sizes", "arguments"} == declared | rows
    assert set(inspect.signature(bplint.circuit).parameters) == set(DeclaredFamily._fields)


def test_the_machine_output_has_the_context():
    report = bplint.lint(circuit(2, [("ry", [0], "w"), ("ry", [1], "x")]), data="x*", budget=5, select="BP003")
    context = json.loads(report.to_json())["circuits"][0]["context"]
    assert set(context) == {key.attribute for key in KEYS} | {"observable_source", "guessed", "rows"}
    assert (context["data"], context["budget"], context["shots"]) == (["x*"], 5.0, 10_000)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_options_are_those_of_the_table(key):
    (option,) = (p for p in command_of("sweep").params if p.name == key.attribute)
    assert isinstance(option, click.Option)
    assert option.multiple is key.joins

"""New parameters."""

from bplint.importers.qasm import read
from bplint.ir.circuit import Role, Spelling
from bplint.ir.trainable import looks_trained, select
from bplint.rewrite.parameters import Parameters
from samples import circuit


def made(c, count):
    parameters = Parameters(c)
    assert [parameters.fresh() for _ in range(count)] == [(0.0, ((len(c.parameters) + k, 1.0),)) for k in range(count)]
    assert all(p.role is Role.TRAINABLE for p in parameters.all[len(c.parameters) :])
    return parameters.all[len(c.parameters) :]


def test_symbols_are_named_after_the_trained_ones():
    assert [p.name for p in made(circuit(1, [("rx", [0], "theta_1")]), 2)] == ["theta_new_0", "theta_new_1"]
    assert [p.name for p in made(circuit(1, [("rx", [0], "w[3]"), ("rx", [0], "w_new[0]")]), 2)] == [
        "w_new[1]",
        "w_new[2]",
    ]
    data = circuit(1, [("rx", [0], "x"), ("rx", [0], "t")], roles={"x": Role.DATA})
    assert made(data, 1)[0].name == "t_new_0"


def test_numbers_are_distinct_and_will_be_taken_as_trained():
    c = select(read('include "qelib1.inc"; qreg q[1]; rx(0.7416294238) q[0];').circuit)[0]
    values = [p.value for p in made(c, 500)]
    assert len({round(abs(v), 6) for v in [*values, 0.7416294238]}) == 501
    assert all(looks_trained(value, Spelling.DECIMAL) for value in values)

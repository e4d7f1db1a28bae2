"""bplint in Python: circuits that are objects, reports that are values.

import bplint
report = bplint.lint(circuit, observable=SparsePauliOp("IIZ"))
bplint.assert_trainable(circuit, observable="Z0")
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from bplint.config import Settings
from bplint.errors import UsageError
from bplint.importers.program import Program
from bplint.ir.circuit import Circuit
from bplint.ir.observable import Observable
from bplint.run import Report, lint_job, profile_job

__all__ = ["assert_trainable", "lint", "profile"]


def lint(
    circuit: Any,
    *,
    observable: Any = None,
    shots: int | None = None,
    init: str | None = None,
    noise: str | None = None,
    trainable: str | None = None,
    data: Sequence[str] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    seed: int = 0,
    budget: float | None = None,
) -> Report:
    """Lint a Qiskit or Cirq circuit, or a :class:`~bplint.ir.circuit.Circuit`.

    ``observable`` is an operator of the circuit's framework, or text such as ``Z0 Z1``, ``mean(Z)``, ``projector(0..n-1)``;
    without it the loss is assumed and nothing is an error. The other arguments are the options of the command line.
    ``SourceError`` where the circuit cannot be modelled, ``UsageError`` where an argument does not fit.
    """
    asked = Settings(
        shots=shots, init=init, noise=noise, trainable=trainable, data=tuple(data), select=tuple(select),
        ignore=tuple(ignore), seed=seed, budget=budget,
    )  # fmt: skip
    return _report(circuit, observable, asked, measure=False)


def profile(
    circuit: Any,
    *,
    observable: Any = None,
    shots: int | None = None,
    init: str | None = None,
    noise: str | None = None,
    trainable: str | None = None,
    data: Sequence[str] = (),
    seed: int = 0,
    budget: float | None = None,
) -> Report:
    """Every number there is for a circuit, with no verdicts; the arguments are those of :func:`lint`."""
    asked = Settings(
        shots=shots, init=init, noise=noise, trainable=trainable, data=tuple(data), seed=seed, budget=budget
    )
    return _report(circuit, observable, asked, measure=True)


def assert_trainable(circuit: Any, *, observable: Any, **arguments: Any) -> Report:
    """Lint a circuit and raise ``AssertionError``, with the report as its text, if there is an error finding.

    The arguments are those of :func:`lint`; the observable has to be given, since nothing is an error without it.
    """
    report = lint(circuit, observable=observable, **arguments)
    if not report.ok():
        raise AssertionError(f"this circuit cannot be trained as it is\n\n{report}")
    return report


def _report(circuit: Any, observable: Any, asked: Settings, *, measure: bool) -> Report:
    begin = time.perf_counter()
    program, loss, name, source = _read(circuit, observable)
    settings = asked._replace(isolated=True, observable=loss)
    job = (profile_job if measure else lint_job)(settings)
    entry = job.finish(program, job.configurations.of(name), name, source)
    rules = () if measure else job.configurations.of(name).rules
    return Report(settings, rules, (entry,), time.perf_counter() - begin)


def _read(circuit: Any, observable: Any) -> tuple[Program, str | Observable | None, str, Sequence[str]]:
    """The program, its loss, its name in reports and its listing."""
    loss: str | Observable | None
    if isinstance(circuit, Circuit):
        return Program(circuit), observable, "<circuit>", ()
    homes = {kind.__module__.partition(".")[0] for kind in type(circuit).__mro__}
    if "qiskit" in homes:
        from bplint.importers import from_qiskit

        program, loss = from_qiskit.program_and_observable(circuit, observable)
        return program, loss, f"<{circuit.name}>", from_qiskit.Listing(circuit)
    if "cirq" in homes:
        from bplint.importers import from_cirq

        program, loss = from_cirq.program_and_observable(circuit, observable)
        return program, loss, "<cirq circuit>", ()
    raise UsageError(f"want a Qiskit or Cirq circuit, got {type(circuit).__module__}.{type(circuit).__qualname__}")

"""bplint in Python: circuits that are objects, reports that are values.

import bplint
report = bplint.lint(circuit, observable=SparsePauliOp("IIZ"))
bplint.assert_trainable(circuit, observable="Z0")
report = bplint.lint_family(builder, sizes=[4, 6, 8, 10, 12], observable="mean(Z)")
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from bplint.config import Settings
from bplint.errors import UsageError
from bplint.family import Declared, declared
from bplint.importers.program import Program
from bplint.ir.circuit import Circuit
from bplint.ir.observable import Observable
from bplint.one_source import CircuitReport, Job
from bplint.run import Report, lint_job, profile_job

__all__ = ["assert_trainable", "lint", "lint_family", "profile"]


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


def lint_family(
    builder: Callable[[int], Any],
    sizes: Sequence[int] | None = None,
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
    """Lint the circuits that ``builder`` returns for each size, with node ids such as ``hea[n=8]``, and the family.

    What is not given is what :func:`bplint.circuit` declared on the builder. ``observable`` may be a function of the size,
    or a mapping from sizes; the other arguments are those of :func:`lint`, and so are the errors.
    """
    begin = time.perf_counter()
    told = (declared(builder) or Declared()).given(
        sizes=sizes, observable=observable, shots=shots, init=init, noise=noise, trainable=trainable, data=data or None
    )
    if not told.sizes:
        raise UsageError("want the sizes of the family, as in sizes=[4, 6, 8, 10, 12]")
    asked = Settings(
        shots=told.shots, init=told.init, noise=told.noise, trainable=told.trainable, data=told.data, select=tuple(select),
        ignore=tuple(ignore), seed=seed, budget=budget, isolated=True,
    )  # fmt: skip
    job, name = lint_job(asked), getattr(builder, "__name__", "family")
    members = {}
    for size in told.sizes:
        members[size] = _entry(job, builder(size), told.observable_at(size), f"{name}[n={size}]")
    in_force = job.configurations.of(name)
    family, _ = job.family(name, members, in_force)
    seconds = time.perf_counter() - begin
    return Report(asked, in_force.rules, tuple(members.values()), seconds, families=(family,))


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
    job = (profile_job if measure else lint_job)(asked._replace(isolated=True))
    entry = _entry(job, circuit, observable)
    rules = () if measure else job.configurations.of(entry.case.path).rules
    return Report(job.settings, rules, (entry,), time.perf_counter() - begin)


def _entry(job: Job, circuit: Any, observable: Any, name: str = "") -> CircuitReport:
    """The report of one circuit, under its own name unless one is given."""
    program, loss, own, source = _read(circuit, observable)
    in_force = job.configurations.of(name or own)
    asked = in_force.asked._replace(observable=loss)
    return job.finish(program, in_force._replace(asked=asked), name or own, source)


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

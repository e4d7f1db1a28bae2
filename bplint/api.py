"""bplint in Python: circuits that are objects, reports that are values.

import bplint
report = bplint.lint(circuit, observable=SparsePauliOp("IIZ"))
bplint.assert_trainable(circuit, observable="Z0")
report = bplint.lint_family(builder, sizes=[4, 6, 8, 10, 12], observable="mean(Z)")
report = bplint.lint([circuit, other], observable="Z0")
better = bplint.repair(circuit, prior="u1", observable=SparsePauliOp("IIZ"))
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from inspect import signature, unwrap
from itertools import product
from typing import Any, TypeAlias

from bplint.analyses.family import Axis
from bplint.config import Settings
from bplint.context_keys import Said, keys, list_of_names
from bplint.dataset import table
from bplint.errors import BplintError, UsageError
from bplint.family import DeclaredFamily, checked_sizes, declared
from bplint.finding import Severity
from bplint.fix import LEFT, ROUNDS
from bplint.handed_over import each, given, member
from bplint.importers.call import Call
from bplint.python_words import advised_in_python, refusing_in_python
from bplint.rewrite import Refused
from bplint.run import family_report, grid_report, report
from bplint.runs.entries import Entry
from bplint.runs.jobs import lint_job, profile_job
from bplint.runs.one_source import Job
from bplint.runs.remedies import suggestion, unneeded
from bplint.runs.run_report import Report
from bplint.terminal.live import watching

__all__ = ["assert_trainable", "lint", "lint_family", "profile", "repair"]


Words: TypeAlias = str | Sequence[str]
"""One name, or several."""


def lint(
    circuit: Any,
    *arguments: Any,
    observable: Any = None,
    argnums: int | Sequence[int] | None = None,
    shots: int | None = None,
    init: str | None = None,
    noise: str | None = None,
    trainable: Words = (),
    data: Words = (),
    rows: Any = None,
    labels: Any = None,
    dataset: str | None = None,
    data_law: str | None = None,
    loss: str | None = None,
    target: Words | None = None,
    select: Words = (),
    ignore: Words = (),
    seed: int | None = None,
    budget: float | None = None,
    config: str | None = None,
    isolated: bool = False,
    **keywords: Any,
) -> Report:
    """Lint a circuit of Qiskit, Cirq or PennyLane, or a :class:`~bplint.ir.circuit.Circuit`.

    A QNode is followed by its own ``arguments``, and ``keywords`` that are none of those here are its own too; what is called
    the same is given by position, or by ``functools.partial(qnode, seed=1)``. It is trained in what PennyLane differentiates:
    ``argnums``, or the arguments that say ``requires_grad``; all real numbers where none does.
    ``observable`` is an operator of the circuit's framework, or text such as ``Z0 Z1``, ``mean(Z)``, ``projector(0..n-1)``;
    without it a QNode's loss is what it measures, that of others is assumed, and then nothing is an error. ``rows`` (M, D), an
    array, a mapping or a data frame, are the values of the D parameters that carry ``data``, in their order or by name, with
    ``labels`` (M,); or ``dataset`` names a file of them. The other arguments are the options of the command line, and what is not
    given is looked up in the configuration of the working folder.
    ``SourceError`` where the circuit cannot be modelled, ``UsageError`` where an argument does not fit.

    Several circuits, in a list, are one report, with an ``observable`` for all or a list of one each; where one cannot be modelled
    or a loss does not fit, it says so there, and the others are looked at.
    """
    asked = _asked(
        shots=shots, init=init, noise=noise, trainable=trainable, data=data, rows=rows, labels=labels, dataset=dataset,
        data_law=data_law, loss=loss, target=target, select=select, ignore=ignore, seed=seed, budget=budget, config=config,
        isolated=isolated,
    )  # fmt: skip
    return _report(circuit, observable, lint_job(asked), _call(arguments, keywords, argnums, data))


def lint_family(
    builder: Callable[..., Any],
    sizes: Sequence[int] | None = None,
    *,
    depths: Sequence[int] = (),
    observable: Any = None,
    shots: int | None = None,
    init: str | None = None,
    noise: str | None = None,
    trainable: Words = (),
    data: Words = (),
    rows: Any = None,
    labels: Any = None,
    dataset: str | None = None,
    data_law: str | None = None,
    loss: str | None = None,
    target: Words | None = None,
    select: Words = (),
    ignore: Words = (),
    seed: int | None = None,
    budget: float | None = None,
    config: str | None = None,
    isolated: bool = False,
) -> Report:
    """Lint the circuits that ``builder`` returns for each size, with node ids such as ``hea[n=8]``, and the family.

    With ``depths`` it is called with a size and a depth, for each pair of them, and each line of that grid is a family:
    ``report.families`` are those over the sizes at one depth, ``hea[depth=2]``, then those over the depths at one size.
    What is not given is what :func:`bplint.circuit` declared on the builder, or else stands in the configuration of the file
    that defines it. ``observable`` may be a function of the size, or a mapping from sizes; the other arguments are those of
    :func:`lint`, and so are the errors.
    """
    begin = time.perf_counter()
    told = _beside(_file(builder), declared(builder) or DeclaredFamily()).given(
        sizes=sizes, observable=observable, shots=shots, init=init, noise=noise, trainable=trainable or None,
        data=data or None, rows=rows, labels=labels, dataset=dataset, data_law=data_law, loss=loss, target=target,
    )  # fmt: skip
    if not told.sizes:
        raise UsageError("want the sizes of the family, as in sizes=[4, 6, 8, 10, 12]")
    asked = _declared(told, select=select, ignore=ignore, seed=seed, budget=budget, config=config, isolated=isolated)
    job, name, file = lint_job(asked), getattr(builder, "__name__", "family"), _file(builder)
    in_force, depths = job.configurations.of(file), checked_sizes(depths, "depth")
    with refusing_in_python(), watching(len(told.sizes) * max(len(depths), 1)) as line:
        seen = job._replace(watch=line.at)
        if depths:
            pairs = line.through(product(told.sizes, depths))
            grid = {(n, depth): member(seen, builder, told, n, name, file, depth) for n, depth in pairs}
            made = grid_report(job, name, (Axis("n", told.sizes), Axis("depth", depths)), grid, in_force, begin)
        else:
            members = {n: member(seen, builder, told, n, name, file) for n in line.through(told.sizes)}
            made = family_report(job, name, members, in_force, begin)
    return advised_in_python(made)


def lint_builder(builder: Callable[[], Any]) -> Report:
    """Lint the circuit of a builder that takes no size, with what :func:`bplint.circuit` declared on it."""
    begin = time.perf_counter()
    told, file = declared(builder) or DeclaredFamily(), _file(builder)
    job = lint_job(_declared(_beside(file, told)))
    entry = member(job, builder, told, None, builder.__name__, file)
    return advised_in_python(report(job, [entry], [job.configurations.of(file)], begin))


def profile(
    circuit: Any,
    *arguments: Any,
    observable: Any = None,
    argnums: int | Sequence[int] | None = None,
    shots: int | None = None,
    init: str | None = None,
    noise: str | None = None,
    trainable: Words = (),
    data: Words = (),
    rows: Any = None,
    labels: Any = None,
    dataset: str | None = None,
    data_law: str | None = None,
    loss: str | None = None,
    target: Words | None = None,
    seed: int | None = None,
    budget: float | None = None,
    config: str | None = None,
    isolated: bool = False,
    **keywords: Any,
) -> Report:
    """Every number there is for a circuit, with no verdicts; the arguments are those of :func:`lint`."""
    asked = _asked(
        shots=shots, init=init, noise=noise, trainable=trainable, data=data, rows=rows, labels=labels, dataset=dataset,
        data_law=data_law, loss=loss, target=target, seed=seed, budget=budget, config=config, isolated=isolated,
    )  # fmt: skip
    return _report(circuit, observable, profile_job(asked), _call(arguments, keywords, argnums, data))


def assert_trainable(
    circuit: Any, *arguments: Any, observable: Any = None, unsettled: str = "fail", **keywords: Any
) -> Report:
    """Lint a circuit and raise ``AssertionError``, with the report as its text, if there is an error finding.

    So too where the gradient was not measured, or a rule that can find an error is undecided, unless ``unsettled`` is
    "pass". The other arguments are those of :func:`lint`; the observable has to be given unless the circuit measures one itself,
    since nothing is an error without it.
    """
    if unsettled not in ("fail", "pass"):
        raise UsageError(f"unsettled: want fail or pass, got {unsettled!r}")
    report = lint(circuit, *arguments, observable=observable, **keywords)
    if any(checked.case.context.observable_source == "assumed" for checked in report.circuits):
        raise UsageError('observable: say what is measured, as in observable="Z0 Z1"; nothing is an error without it')
    if not report.ok():
        raise AssertionError(f"this circuit cannot be trained as it is\n\n{report}")
    if unsettled == "fail" and (open_ := _open(report)):
        hint = 'unsettled="pass" accepts that'
        raise AssertionError(f"whether this circuit can be trained is not settled: {open_} ({hint})\n\n{report}")
    return report


def repair(circuit: Any, *arguments: Any, prior: str | None = None, observable: Any = None, **keywords: Any) -> Any:
    """The circuit with a suggestion of its report carried out, by its name: an object of the same framework, where all that does
    not change is as it was. So ``bplint fix --prior NAME`` changes a file.

    Without a name, what keeps the loss exactly: dead parameters dropped, redundant ones merged; the circuit itself where there
    is nothing to do. The other arguments are those of :func:`lint`, and so are the errors; a ``UsageError`` also says why
    a suggestion is refuted or cannot be written. What is measured but not verified is handed out with a warning.
    """
    argnums = keywords.pop("argnums", None)
    options = {name: keywords.pop(name) for name in _OPTIONS & keywords.keys()}
    asked, call = _asked(**options), _call(arguments, keywords, argnums, options.get("data", ()))
    if prior is None:
        return _without_unneeded(circuit, observable, lint_job(asked._replace(suggest=False)), call)
    job = lint_job(asked)
    handed = given(job, circuit, observable, call=call)
    with refusing_in_python():
        entry = handed.report(job)
    chosen = suggestion(entry, prior, handed.original)
    if isinstance(chosen, Refused):
        raise UsageError(chosen.reason)
    if chosen.caution:
        warnings.warn(f"{prior} is {chosen.caution}", stacklevel=2)
    return chosen.circuit()


def _without_unneeded(circuit: Any, observable: Any, job: Job, call: Call) -> Any:
    simpler = circuit
    for _ in range(ROUNDS):
        handed = given(job, simpler, observable, call=call)
        entry = handed.report(job)
        less = unneeded(entry, job.plugins.rules)
        if less is None:
            break
        made = less if isinstance(less, Refused) else handed.original.carried_out(less.change, entry.case)
        if isinstance(made, Refused):
            if simpler is circuit:
                raise UsageError(f"{LEFT}: {made.reason}")
            break
        simpler = made.written.circuit()
    return simpler


def _open(report: Report) -> str:
    """Why it is not known whether there is an error; empty where it is."""
    errors = {rule.code for rule in report.rules if max(rule.severity, rule.worst or rule.severity) is Severity.ERROR}
    for circuit in report.circuits:
        said = [f.hit.message for f in circuit.findings if f.hit.undecided and f.code in errors]
        said += [one.reason for one in circuit.unsettled if one.what in {*errors, "gradient", "circuit"}]
        if said:
            return said[0]
    return ""


def _asked(
    *,
    select: Words = (),
    ignore: Words = (),
    config: str | None = None,
    isolated: bool = False,
    rows: Any = None,
    labels: Any = None,
    dataset: str | None = None,
    **context: Any,
) -> Settings:
    """The arguments as settings, read as the command line reads its options."""
    readers: dict[str, Callable[[object], Any]] = {key.attribute: key.read for key in keys(Said.ARGUMENT).values()}
    readers |= {"select": list_of_names, "ignore": list_of_names}
    read = {}
    try:
        context["dataset"] = table.given(dataset, rows, labels)
    except table.TableError as error:
        raise UsageError(str(error)) from error
    for name, value in {**context, "select": select, "ignore": ignore}.items():
        if value is not None and not (isinstance(value, tuple) and not value):
            try:
                read[name] = readers[name](value)
            except BplintError as error:
                raise UsageError(f"{name}: {error}") from error
    return Settings(config=config, isolated=isolated, **read)


def _beside(file: str | None, told: DeclaredFamily) -> DeclaredFamily:
    """What a builder declares in a file, with the names of other files as they are from the working folder."""

    def moved(name: Any) -> Any:
        return os.path.join(os.path.dirname(file or ""), name) if isinstance(name, str) else name

    return told._replace(dataset=moved(told.dataset), target=moved(told.target))


def _declared(told: DeclaredFamily, **more: Any) -> Settings:
    """What a builder declares, the loss and arguments aside, and more, as settings."""
    context = told._asdict()
    del context["sizes"], context["observable"], context["arguments"]
    return _asked(**context, **more)


def _call(
    arguments: Sequence[Any], keywords: Mapping[str, Any], argnums: int | Sequence[int] | None, data: Words
) -> Call:
    own = dict(keywords)
    argnums = own.pop("argnum", argnums)  # its name in older releases of PennyLane
    return Call(tuple(arguments), own, argnums, (data,) if isinstance(data, str) else tuple(data))


def _report(circuit: Any, observable: Any, job: Job, call: Call) -> Report:
    begin = time.perf_counter()
    several = isinstance(circuit, list | tuple)
    with refusing_in_python(), watching(len(circuit) if several else 1) as line:
        job = job._replace(watch=line.at)
        entries: list[Entry] = []
        if several:
            entries += line.through(each(job, circuit, observable, call))
        else:
            entries.append(given(job, circuit, observable, call=call).report(job))
        made = report(job, entries, [job.configurations.of(None)], begin)
    return advised_in_python(made)


def _file(builder: object) -> str | None:
    """The file that defines a builder, if there is one."""
    code = getattr(unwrap(builder), "__code__", None) if callable(builder) else None
    path = getattr(code, "co_filename", "")
    return path if os.path.isfile(path) else None


_OPTIONS = signature(lint).parameters.keys() - {"circuit", "arguments", "observable", "argnums", "keywords"}
"""What the other functions take too."""

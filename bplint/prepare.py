"""From a program and the settings to a case: which loss, which trainable angles, how many shots.

The command line wins over the source, the source over the defaults.
"""

from __future__ import annotations

from collections.abc import Sequence

from bplint.config import Settings
from bplint.errors import SourceError, UsageError
from bplint.importers.program import Directive, Program
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case, Context
from bplint.ir.observable import Observable, ObservableError, mean_of, parse
from bplint.ir.trainable import POLICIES, select


def prepare(program: Program, settings: Settings, *, path: str, source: Sequence[str] = ()) -> Case:
    """The case of one program. ``SourceError`` at the directive at fault, ``UsageError`` for an option at fault."""
    policy, globs = _policy(settings, _only(program, "trainable"))
    data = (*settings.data, *(glob for d in _all(program, "data") for glob in _words(d.value)))
    circuit, selection = select(program.circuit, policy, trainable=globs, data=data, roles=program.roles)
    observable, origin, directive = _observable(program, settings, circuit)
    context = Context(
        observable=observable,
        observable_source=origin,
        selection=selection,
        shots=_shots(settings, _only(program, "shots")),
        seed=settings.seed,
        observable_span=directive.span if directive else None,
    )
    _check_init(_only(program, "init"))
    return Case(id=path, path=path, circuit=circuit, context=context, source=tuple(source))


def _all(program: Program, key: str) -> list[Directive]:
    return [d for d in program.directives if d.key == key]


def _only(program: Program, key: str) -> Directive | None:
    found = _all(program, key)
    if len(found) > 1:
        raise SourceError(f"a second {key} is declared; the first is in line {found[0].span.line}", found[1].span)
    return found[0] if found else None


def _words(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def _policy(settings: Settings, directive: Directive | None) -> tuple[str, list[str]]:
    """The policy and the globs: ``trainable = rotations`` names a policy, ``trainable = w*`` parameters."""
    if settings.trainable is not None:
        return settings.trainable, []
    if directive is None:
        return "auto", []
    words = _words(directive.value)
    if len(words) == 1 and words[0] in POLICIES:
        return words[0], []
    return "symbols", words


def _observable(program: Program, settings: Settings, circuit: Circuit) -> tuple[Observable, str, Directive | None]:
    n = circuit.n_qubits
    directive = _only(program, "observable")
    if settings.observable is not None:
        try:
            return parse(settings.observable, n), "option", None
        except ObservableError as error:
            raise UsageError(f"--observable: {error}") from error
    if directive is not None:
        try:
            return parse(directive.value, n), directive.source, directive
        except ObservableError as error:
            raise SourceError(str(error), directive.span) from error
    try:
        return mean_of("Z", circuit.measured or range(n), n, text="mean(Z)"), "assumed", None
    except ObservableError as error:
        raise SourceError(str(error), hint="declare the loss, as in  // bplint: observable = Z0 Z1") from error


def _shots(settings: Settings, directive: Directive | None) -> int:
    if settings.shots is not None or directive is None:
        return settings.default_shots
    text = directive.value.replace("_", "").replace(",", "")
    if not text.isascii() or not text.isdigit() or not 0 < len(text) <= 15 or int(text) == 0:
        raise SourceError(f"want a positive number of shots, got {directive.value[:20]!r}", directive.span)
    return int(text)


def _check_init(directive: Directive | None) -> None:
    if directive is not None and directive.value.strip() != "uniform":
        raise SourceError(f"the angle law {directive.value[:30]!r} is not read yet: want uniform", directive.span)

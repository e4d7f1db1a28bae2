"""From a program and its settings to a case: which loss, which trainable angles, which law, what noise, how many shots.

The command line wins over the source, the source over configuration, configuration over the defaults.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from bplint.config.in_force import InForce
from bplint.errors import BplintError, SourceError, Span, UsageError
from bplint.importers.program import Directive, Program
from bplint.ir.circuit import Circuit
from bplint.ir.context import DEFAULT_SHOTS, Case, Context
from bplint.ir.law import Init, LawError, parse_init
from bplint.ir.naming import selects
from bplint.ir.noise import Noise, NoiseError, parse_noise
from bplint.ir.observable import Observable, ObservableError, mean_of, parse
from bplint.ir.trainable import POLICIES, select


def prepare(program: Program, settings: InForce, *, path: str, source: Sequence[str] = ()) -> Case:
    """The case of one program. ``SourceError`` at the directive at fault, ``UsageError`` for an option or a key at fault."""
    trained, data = _given("trainable", program, settings), _given("data", program, settings)
    policy, globs = _policy(trained)
    for given, patterns in ((trained, globs), (data, data.words if data else [])):
        _check_names(given, patterns, program.circuit)
    circuit, selection = select(
        program.circuit, policy, trainable=globs, data=data.words if data else (), roles=program.roles
    )
    declared = _given("observable", program, settings)
    context = Context(
        observable=_observable(declared, circuit),
        observable_source=declared.source if declared else "assumed",
        selection=selection,
        shots=_shots(_given("shots", program, settings)),
        seed=settings.seed,
        init=_init(_given("init", program, settings), circuit),
        noise=_noise(_given("noise", program, settings)),
        observable_span=declared.span if declared else None,
    )
    return Case(id=path, path=path, circuit=circuit, context=context, source=source, notes=program.notes)


class _Given(NamedTuple):
    """A value, who gave it (``option``, ``comment``, … or ``configuration``), and where: a place in the source, or an origin."""

    value: Any
    source: str
    span: Span | None = None
    origin: str = ""

    @property
    def words(self) -> list[str]:
        """The value as a list of words."""
        return self.value.replace(",", " ").split() if isinstance(self.value, str) else list(self.value)

    def error(self, message: str) -> BplintError:
        """The error that it is at fault."""
        return SourceError(message, self.span) if self.span else UsageError(f"{self.origin}: {message}")


def _given(key: str, program: Program, settings: InForce) -> _Given | None:
    """What counts for a key: the option, else the source, else configuration. Only ``data`` may be declared twice."""
    declared = [directive for directive in program.directives if directive.key == key]
    if len(declared) > 1 and key != "data":
        first, second = declared[0].span, declared[1].span
        raise SourceError(f"a second {key} is declared; the first is in line {first.line}", second)
    if (value := getattr(settings.asked, key)) not in (None, ()):
        return _Given(value, "option", origin=f"--{key}")
    if declared:
        return _Given(_joined(declared), declared[0].source, declared[0].span)
    if stated := settings.configured.get(key):
        return _Given(stated.value, "configuration", origin=stated.origin)
    return None


def _joined(directives: Sequence[Directive]) -> str:
    return " ".join(directive.value for directive in directives)


def _policy(given: _Given | None) -> tuple[str, list[str]]:
    """The policy and the globs: ``trainable = rotations`` names a policy, ``trainable = w*`` parameters."""
    words = given.words if given else ["auto"]
    return (words[0], []) if len(words) == 1 and words[0] in POLICIES else ("symbols", words)


def _check_names(given: _Given | None, patterns: Sequence[str], circuit: Circuit) -> None:
    """What a source says of its own parameters has to name some; configuration speaks of many sources."""
    if given is None or given.span is None:
        return
    names = [name for p in circuit.parameters for name in (p.name, *p.sources)]
    for pattern in patterns:
        if not any(selects(pattern, name) for name in names):
            raise given.error(f"no parameter is called {pattern}")


def _observable(given: _Given | None, circuit: Circuit) -> Observable:
    n = circuit.n_qubits
    if given and isinstance(given.value, Observable):
        if given.value.n_qubits != n:
            raise given.error(f"the observable is for {given.value.n_qubits} qubits, the circuit has {n}")
        return given.value
    if given:
        try:
            return parse(given.value, n)
        except ObservableError as error:
            raise given.error(str(error)) from error
    try:
        return mean_of("Z", circuit.measured or range(n), n, text="mean(Z)")
    except ObservableError as error:
        raise SourceError(str(error), hint="declare the loss, as in  // bplint: observable = Z0 Z1") from error


def _shots(given: _Given | None) -> int:
    if given is None or isinstance(given.value, int):
        return given.value if given else DEFAULT_SHOTS
    text = given.value.replace("_", "").replace(",", "")
    if not text.isascii() or not text.isdigit() or not 0 < len(text) <= 15 or int(text) == 0:
        raise given.error(f"want a positive number of shots, got {given.value[:20]!r}")
    return int(text)


def _init(given: _Given | None, circuit: Circuit) -> Init:
    """The angle law; a name in the source itself must be one of its parameters, elsewhere it speaks of many files."""
    if given is None:
        return Init()
    try:
        init = parse_init(given.value)
    except LawError as error:
        raise given.error(str(error)) from error
    if given.span:
        for glob, law in init.named:
            alone = Init(named=((glob, law),))
            if not law.is_uniform and all(alone.law(p).is_uniform for p in circuit.parameters):
                raise given.error(f"no parameter is called {glob}, which has the law {law}")
    return init


def _noise(given: _Given | None) -> Noise:
    if given is None:
        return Noise()
    try:
        return parse_noise(given.value)
    except NoiseError as error:
        raise given.error(str(error)) from error

"""What a circuit does not say, a row a key: how it is read, what holds where nobody says it, and where it may be said.

Options of the commands, keys of configuration, directives of sources, arguments of the Python API, ``--show-settings`` and
the context of the machine output are made from :data:`KEYS`. Values are plain data: text, numbers, tuples of names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Flag, auto
from numbers import Integral, Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from bplint.errors import BplintError
from bplint.ir.context import DEFAULT_SHOTS
from bplint.ir.law import parse_init
from bplint.ir.loss_function import parse_loss_function
from bplint.ir.noise import parse_noise
from bplint.ir.observable import DoesNotFit, Observable, in_range, parse
from bplint.ir.trainable import POLICIES

if TYPE_CHECKING:
    from bplint.dataset.table import DataTable


class WrongValue(BplintError):
    """A value that a key cannot take: ``want`` says what it can."""

    def __init__(self, want: str, got: object) -> None:
        super().__init__(f"want {want}, got {_short(got)}")
        self.want = want
        self.got = got


class Said(Flag):
    """Where a key may be said. ``SOURCE`` is the circuit's own file, and a table of paths in configuration."""

    OPTION = auto()
    SOURCE = auto()
    CONFIGURATION = auto()
    ARGUMENT = auto()
    BY_CALLER = OPTION | CONFIGURATION | ARGUMENT
    ANYWHERE = BY_CALLER | SOURCE


class Key(NamedTuple):
    """One key.

    ``read`` takes a value of Python or TOML and returns it as settings hold it; it raises ``BplintError``, and what it
    returned it returns again. ``parse`` makes such a value of text; a row says only what is not as for most. ``joins``: several
    declarations add up.
    """

    name: str
    read: Callable[[object], Any]
    metavar: str
    help: str
    parse: Callable[[str], object] = str
    default: Any = None
    said: Said = Said.ANYWHERE
    joins: bool = False

    @property
    def attribute(self) -> str:
        """Its name as Python spells it."""
        return self.name.replace("-", "_")

    def of_text(self, text: str) -> Any:
        """The value that an option or a comment states. ``BplintError`` where it states none."""
        return self.read(self.parse(text))

    def written(self, value: Any) -> str:
        """A value as people read it: ``none`` for nothing."""
        if value in (None, ()):
            return "none"
        if isinstance(value, tuple) and not isinstance(value, Observable):
            return ", ".join(value[:_SHOWN]) + (f" and {len(value) - _SHOWN:,} more" if len(value) > _SHOWN else "")
        if isinstance(value, Observable):
            return value.text
        return f"{value:g}" if isinstance(value, float) else str(value)


def keys(said: Said) -> Mapping[str, Key]:
    """The keys that may be said there, by name."""
    return MappingProxyType({key.name: key for key in KEYS if said in key.said})


def policy(trainable: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The policy and the names of a value of ``trainable``: a policy alone, or symbols with these names."""
    return (trainable[0], ()) if len(trainable) == 1 and trainable[0] in POLICIES else ("symbols", trainable)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValue("a string", value)
    if not value.strip():
        raise BplintError("the string is empty")
    return value


def _observable(value: object) -> str | Observable:
    """Text that some circuit could take, or an operator that was read."""
    if isinstance(value, Observable):
        return in_range(value)
    text = _text(value)
    with suppress(DoesNotFit):  # another number of qubits may do
        parse(text, 64)
    return text


def _law(value: object) -> str:
    return str(parse_init(_text(value)))


def _loss(value: object) -> str:
    return str(parse_loss_function(_text(value)))


def _dataset(value: object) -> str | DataTable:
    """The name of a file, or rows: numbers by commas, and rows by semicolons."""
    from bplint.dataset.table import DataTable  # for those who bring rows

    if isinstance(value, DataTable):
        return value
    text = _text(value).strip()
    if _ROWS.fullmatch(text) is None:
        return text
    from bplint.dataset.csv_table import read_csv  # for those who write rows out

    return read_csv(text.replace(";", "\n"))


def _samples(value: object) -> str | tuple[str, ...]:
    """The name of a file, or bit strings."""
    if isinstance(value, str):
        text = _text(value).strip()
        if _BITS.fullmatch(text) is None:
            return text
        value = _words(text)
    names = list_of_names(value)
    for bits in names:
        if set(bits) - {"0", "1"} or len(bits) != len(names[0]):
            raise WrongValue("bit strings of one length such as '0110'", bits)
    return names


_ROWS = re.compile(r"[-+\d.eE,;\s]+", re.ASCII)
_BITS = re.compile(r"[01\s,]+", re.ASCII)


def _noise(value: object) -> str:
    return str(parse_noise(_text(value)))


def list_of_names(value: object) -> tuple[str, ...]:
    """Names from Python or TOML. A string is one name, whatever its letters."""
    items = (value,) if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        raise WrongValue("a list of strings", value)
    for item in items:
        if not isinstance(item, str) or not item.strip():
            raise WrongValue("a list of strings", item)
    return tuple(item.strip() for item in items)


def _whole(least: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if not isinstance(value, Integral) or isinstance(value, bool) or not least <= int(value) < 10**15:
            raise WrongValue(f"a whole number from {least} to 10^15", value)
        return int(value)

    return read


def _seconds(value: object) -> float:
    if not isinstance(value, Real) or isinstance(value, bool) or not 0 < float(value) < 1e9:
        raise WrongValue("a positive number of seconds", value)
    return float(value)


def _words(text: str) -> list[str]:
    return re.sub(r",(?![^\[\]]*\])", " ", text).split()  # w[0,1] is one


def _number(text: str) -> object:
    """A number, or the text where it is none."""
    digits = text.replace("_", "").replace(",", "").strip()
    if len(digits) > 30:
        return text
    try:
        return int(digits) if digits.isascii() and digits.isdigit() else float(digits)
    except ValueError:
        return text


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


_SHOWN = 20
"""Names or samples of one value that are written out."""

KEYS = (
    Key(
        name="observable",
        read=_observable,
        metavar="TEXT",
        help="The loss: 'Z0 Z1', '0.5*Z0 + X1', 'ZZII', 'mean(Z)', 'projector(0..n-1)'.",
    ),
    Key(
        name="init",
        read=_law,
        metavar="LAW",
        help="Where angles start: uniform, normal:SIGMA or range:R, also NAME=LAW, by commas.",
        default="uniform",
    ),
    Key(
        name="noise",
        read=_noise,
        metavar="SPEC",
        help="After each gate: depolarizing:P, 1q=CHANNEL, 2q=CHANNEL, readout:P, by commas.",
    ),
    Key(
        name="shots",
        read=_whole(1),
        metavar="N",
        help="Shots per gradient component.",
        parse=_number,
        default=DEFAULT_SHOTS,
    ),
    Key(
        name="trainable",
        read=list_of_names,
        metavar="POLICY",
        help=f"Which angles are trained: {', '.join(POLICIES)}, or names such as w*, by commas.",
        parse=_words,
        default=("auto",),
    ),
    Key(
        name="data",
        read=list_of_names,
        metavar="GLOB",
        help="Parameters that carry data, not weights; repeatable.",
        parse=_words,
        default=(),
        joins=True,
    ),
    Key(
        name="dataset",
        read=_dataset,
        metavar="FILE",
        help="The rows of the data parameters: a .csv or .npy file, with labels in a column y or label; or '1,2; 3,4'.",
    ),
    Key(
        name="data-law",
        read=_law,
        metavar="LAW",
        help="What data is drawn from where there is no data set, as --init says it.",
    ),
    Key(
        name="loss",
        read=_loss,
        metavar="NAME",
        help="What is trained: linear, mse, hinge, sigmoid:T, cross-entropy:EPS, kernel, kernel:projected, mmd:SIGMA or kl.",
        default="linear",
    ),
    Key(
        name="target",
        read=_samples,
        metavar="FILE",
        help="For mmd and kl: a file of samples as bit strings, a line each, qubit 0 first; or '0110 1100'.",
    ),
    Key(
        name="seed",
        read=_whole(0),
        metavar="N",
        help="Of the sampling.",
        parse=_number,
        default=0,
        said=Said.BY_CALLER,
    ),
    Key(
        name="budget",
        read=_seconds,
        metavar="SECONDS",
        help="Work for a large question about one circuit, at a fixed rate of operations a second.",
        parse=_number,
        default=60.0,
        said=Said.BY_CALLER,
    ),
)

"""What a circuit does not say: the loss, the angle law, the shots; and the case a rule sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from bplint.errors import Span
from bplint.ir.circuit import Circuit
from bplint.ir.law import Init
from bplint.ir.loss_function import LINEAR, LossFunction
from bplint.ir.naming import listed
from bplint.ir.noise import Noise
from bplint.ir.observable import Observable
from bplint.ir.rows import Rows
from bplint.ir.trainable import Selection, count_trainable

if TYPE_CHECKING:  # most sources say nothing of samples
    from bplint.ir.circuit import Codes

DEFAULT_SHOTS = 10_000


class Context(NamedTuple):
    """The assumptions in force.

    ``observable_source`` is ``option``, ``comment``, ``pragma``, ``annotation``, ``braket``, ``configuration`` or ``assumed``;
    ``observable_span`` and ``shots_span`` are where they stand in the source, if they do.
    """

    observable: Observable
    observable_source: str
    selection: Selection
    shots: int = DEFAULT_SHOTS
    seed: int = 0
    init: Init = Init()
    observable_span: Span | None = None
    noise: Noise = Noise()
    shots_span: Span | None = None
    data: tuple[str, ...] = ()
    """Patterns of names, as said."""
    budget: float = 60.0
    """Seconds for the sampling."""
    loss: LossFunction = LINEAR
    rows: Rows | None = None
    """Of the data set, where one is declared."""
    dataset: str = ""
    """What it is called."""
    data_law: str = ""
    """What data is drawn from, where that is declared."""
    samples: Codes | None = None
    """Bit strings that the circuit is to produce, uint8 (M, n), qubit 0 first; where they are declared."""
    target: str = ""
    """What they are called."""

    @property
    def guesses_observable(self) -> bool:
        """Whether nobody said what is measured, and the loss needs it."""
        return self.observable_source == "assumed" and not (self.loss.is_kernel or self.loss.of_samples)

    @property
    def assumed(self) -> bool:
        """Whether findings rest on a guess: then nothing is an error."""
        return self.guesses_observable or self.selection.guessed


class Note(NamedTuple):
    """Something a reader should know about how the source was understood: a clause without its full stop."""

    text: str
    span: Span


class NotVariational(Note):
    """Why a source is not analysed that is more than gates and has nothing in it to train: the circuit beside it is empty."""


class NotAffine(Note):
    """Expressions that became parameters of their own; of those that the rows of a data set work out it says nothing."""

    @classmethod
    def of(cls, names: Sequence[str], span: Span) -> NotAffine:
        """The note about these expressions."""
        return cls(f"not affine in the parameters: {listed(names)}; taken as parameters of their own", span)


class Case(NamedTuple):
    """One circuit in one context: what a rule sees.

    ``id`` is its node id, ``path`` the file as the user named it, ``source`` its lines, ``notes`` the importer's remarks.
    """

    id: str
    path: str
    circuit: Circuit
    context: Context
    source: Sequence[str] = ()
    notes: Sequence[Note] = ()

    @property
    def not_variational(self) -> str:
        """Why there is nothing to train, so that most questions do not arise; empty where there is something."""
        if self.context.loss.is_kernel or count_trainable(self.circuit):
            return ""
        not_read = (note.text for note in self.notes if isinstance(note, NotVariational))
        return next(not_read, "no trainable parameter was found")

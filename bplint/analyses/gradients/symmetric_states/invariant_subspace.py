"""A subspace that holds the start of a circuit and that all of its generators leave: small matrices are all that matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Matrix: TypeAlias = "npt.NDArray[np.complex128]"


class InvariantSubspace(NamedTuple):
    """Matrices complex128 (k, k); the start is the first basis vector.

    ``generators`` holds the generator of each group, None of one that does nothing. l = ``offset`` + <loss>, and no
    |l - offset| is larger than ``size``.
    """

    generators: Sequence[Matrix | None]
    loss: Matrix
    offset: float
    size: float

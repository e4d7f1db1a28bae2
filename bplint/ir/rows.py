"""The rows of a data set: what a circuit's data parameters are, point by point, and the labels of the points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bplint.ir.circuit import Circuit, Role

if TYPE_CHECKING:  # readers of circuits do without
    from bplint.ir.circuit import Floats


class WeightedFeature(NamedTuple):
    """A trained parameter that is an expression of data and one weight: in row i, factor[i] · weight + shift[i].

    ``factor`` and ``shift`` are float64 (M,).
    """

    weight: str
    factor: Floats
    shift: Floats

    @property
    def size(self) -> float:
        """The root mean square of the factor: what a derivative by the weight is divided by; 1 where it is zero in all rows."""
        import numpy as np

        return float(np.sqrt((self.factor**2).mean())) or 1.0

    @property
    def steepest(self) -> float:
        """The largest |factor| beside that; at least 1 unless it is zero in all rows."""
        return max(map(abs, self.factor.tolist()), default=0.0) / self.size


@dataclass(frozen=True, eq=False)
class Rows:
    """M data points of a circuit.

    ``values``, float64 (M, D), are the data parameters of each point (:func:`data_columns`) in the units of the parameters: of
    one that stands for a product or a function of others (``sources``) the value of that. ``labels``, float64 (M,), are -1 or
    +1, or real targets of a squared loss; None without. ``drawn``: the points were drawn from a law, and are no data set.
    ``names`` are those of the parameters, where they are known. ``weighted`` are the trained parameters that are expressions of
    data and a weight, by name. The arrays cannot be written to.
    """

    values: Floats
    labels: Floats | None = None
    drawn: bool = False
    names: tuple[str, ...] = ()
    weighted: Mapping[str, WeightedFeature] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        import numpy as np

        for name, dimensions in (("values", 2), ("labels", 1)):
            array = getattr(self, name)
            if array is None:
                continue
            kept = np.array(array, dtype=np.float64)
            if kept.ndim != dimensions or not np.isfinite(kept).all():
                raise ValueError(f"want finite {name} in {dimensions} dimensions, got shape {kept.shape}")
            kept.flags.writeable = False
            object.__setattr__(self, name, kept)
        if not len(self.values):
            raise ValueError("want one row at least")
        if self.labels is not None and len(self.labels) != len(self.values):
            raise ValueError(f"want {len(self.values)} labels, got {len(self.labels)}")

    def __len__(self) -> int:
        return len(self.values)


def data_columns(circuit: Circuit) -> dict[int, int]:
    """The column of :attr:`Rows.values` of each data parameter, by its index in ``circuit.parameters``, in their order."""
    data = [index for index, parameter in enumerate(circuit.parameters) if parameter.role is Role.DATA]
    return {index: column for column, index in enumerate(data)}


def data_names(circuit: Circuit) -> tuple[str, ...]:
    """The data parameters, by column."""
    return tuple(circuit.parameters[index].name for index in data_columns(circuit))

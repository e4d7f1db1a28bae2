"""What a data set makes of the gradients, as it is reported beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bplint.analyses.gradients.answer import Number
from bplint.analyses.gradients.over_rows import OverRows
from bplint.analyses.gradients.rows.brackets import tail_bound
from bplint.bounds import Status
from bplint.ir.context import Case
from bplint.ir.loss_function import LossKind
from bplint.number_format import number


class RowFigure(NamedTuple):
    """Of one parameter, in the units of its second moment: E[(∂l)²] of one row on average, that of (1/M) Σ y l (None without
    labels), and that of the declared loss (None where it has none; ``tail`` is then P(|∂L| >= ``delta``) at most), also as it was
    ``drawn``, if it was."""

    row: Number
    linear: Number | None
    loss: Number | None
    drawn: Number | None = None
    tail: float | None = None
    delta: float = 0.0

    def as_json(self) -> dict[str, object]:
        return {
            "row": _likeliest(self.row),
            "linear": None if self.linear is None else _likeliest(self.linear),
            "loss": None if self.loss is None else self._loss(self.loss),
            **({} if self.tail is None else {"tail": {"probability": self.tail, "threshold": self.delta}}),
        }

    def _loss(self, bounds: Number) -> dict[str, object]:
        drawn = self.drawn
        estimate = {} if drawn is None else {"estimate": drawn.value, "interval": [drawn.lower, drawn.upper]}
        return {"lower": bounds.lower, "upper": bounds.upper, **estimate}


class RowFigures(NamedTuple):
    """Of a data set: how many ``rows``, whether they were ``drawn`` from a law; ``row`` encloses the largest signal of one row on
    average, ``linear`` that of the labels.

    ``alignment`` is Σ S^lin / Σ S^row: 1 for labels at random, M where all rows are alike, 0 if no label is seen; None without
    labels. ``weak_rows`` is the share of rows of which no parameter shows, by estimate unless ``exact``; ``median`` the signal of
    the row in the middle. ``capacity`` is the number of rows whose labels can be fitted at most, None where it is not known.
    """

    rows: int
    drawn: bool
    exact: bool
    row: tuple[float, float]
    linear: tuple[float, float] | None
    alignment: float | None
    weak_rows: float
    median: float
    capacity: int | None
    loss: str
    bracket: str
    parameters: tuple[RowFigure, ...] = ()

    @property
    def label_blind(self) -> bool:
        """Whether it is certain that no parameter moves what the labels make of the rows, though one moves a row."""
        return self.linear is not None and not self.linear[1] and self.row[0] > 0

    def as_json(self) -> dict[str, object]:
        return {
            "rows": self.rows,
            "drawn": self.drawn,
            "alignment": self.alignment,
            "weak_rows": self.weak_rows,
            "row_signal": list(self.row),
            "median_row_signal": self.median,
            "capacity": self.capacity,
            "bracket": self.bracket or None,
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        """The whole in words."""
        how = "" if self.exact else " (estimated)"
        whose = f"{self.rows:,} rows" + (" drawn from the law of the data" if self.drawn else "")
        low, high = self.row
        most = number(high) if low == high else f"between {number(low)} and {number(high)}"
        yield (
            "rows",
            (
                f"{whose}: largest signal of one row {most} on average, {number(self.median)} in the middle{how}; "
                f"{self.weak_rows:.0%} of the rows below the noise"
            ),
        )
        if self.alignment is not None:
            fits = "" if self.capacity is None else f"; labels of at most {self.capacity:,} rows can be fitted"
            yield (
                "labels",
                f"alignment {number(self.alignment)} (1: labels at random, {self.rows:,}: all alike){how}{fits}",
            )


def figures(case: Case, over: OverRows, parameters: Sequence[int], units: Mapping[int, float]) -> RowFigures:
    """The figures of these parameters, whose derivatives count ``units`` squared times as much as the engines say."""
    answer, scale = over.answer, case.context.observable.scale or 1.0
    threshold = case.context.observable.scale / case.context.shots
    low, high = (end / scale for end in answer.largest_row)
    linear = answer.largest_linear
    count = len(over.rows)
    return RowFigures(
        rows=count,
        drawn=over.rows.drawn,
        exact=answer.status is Status.EXACT,
        row=(low, high),
        linear=None if linear is None else (count * linear[0] / scale, count * linear[1] / scale),
        alignment=answer.alignment,
        weak_rows=answer.shares(threshold),
        median=answer.median / scale,
        capacity=answer.capacity,
        loss=str(case.context.loss),
        bracket=over.bracket,
        parameters=tuple(_figure(case, over, parameter, units[parameter]) for parameter in parameters),
    )


def _figure(case: Case, over: OverRows, parameter: int, unit: float) -> RowFigure:
    slope = over.answer.slopes.get(parameter)
    zero = Number(0.0, 0.0, 0.0)
    if slope is None:
        return RowFigure(zero, None if over.rows.labels is None else zero, zero)
    square = unit**2
    linear = None if slope.linear is None else slope.linear.times(square)
    if over.losses is not None:
        drawn = None if slope.loss is None else slope.loss.times(square)
        return RowFigure(slope.row.times(square), linear, over.losses[parameter].times(square), drawn)
    delta = (case.context.observable.scale / len(over.rows) / case.context.shots) ** 0.5
    single = len(case.context.observable.terms) == 1 and case.context.loss.kind is LossKind.CROSS_ENTROPY
    squares = over.answer.squares
    tail = tail_bound(squares, slope, delta) if single and squares is not None else None
    return RowFigure(slope.row.times(square), linear, None, tail=tail, delta=delta * unit)


def _likeliest(number: Number) -> float:
    return number.upper if number.value is None else number.value

"""Rows drawn from the law of the data, where that is all that is known of it.

Chains of independent angles are right only where every data angle occurs once. A feature that returns is the same each time, and
a product of features is not an angle of its own: so points are drawn, and taken as given from then on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from bplint.dataset.matching import evaluated, features
from bplint.dataset.table import TableError
from bplint.dataset.weighted import weighted_features
from bplint.ir.circuit import Circuit, Parameter, Role
from bplint.ir.formula import Formula
from bplint.ir.law import Init, Shape
from bplint.ir.rows import Rows, data_names

DRAWN = 200
"""Rows."""


def drawn(
    circuit: Circuit, formulas: Mapping[str, Formula], laws: Init, seed: int, data: Sequence[str] = ()
) -> Rows | None:
    """Rows from the laws of a circuit's data parameters; None where every data angle occurs once, or one has no formula.

    ``data`` are the patterns of their names.

    *Uniform* is uniform over the common period of the rotations that a feature turns, from 0 to 2π where it stands in products.
    """
    names = features(circuit, data)
    if not _returns(circuit, names) or any(
        p.role is Role.DATA and p.sources and p.name not in formulas for p in circuit.parameters
    ):
        return None
    import numpy as np

    generator = np.random.default_rng(seed)
    speeds = _speeds(circuit)
    values = np.empty((DRAWN, len(names)))
    for column, name in enumerate(names):
        law = laws.law(Parameter(name, Role.DATA))
        standard = generator.standard_normal(DRAWN) if law.shape is Shape.NORMAL else generator.uniform(-1, 1, DRAWN)
        if law.is_uniform:
            values[:, column] = math.pi * (1 + standard) * _period(speeds.get(name, ()))
        else:
            values[:, column] = law.mean + law.width * standard
    try:
        return Rows(
            evaluated(values, names, circuit, formulas, "drawn"),
            drawn=True,
            names=data_names(circuit),
            weighted=weighted_features(values, names, circuit, formulas),
        )
    except TableError:  # an expression has no value at some of them: the law is not known
        return None


def _returns(circuit: Circuit, names: Sequence[str]) -> bool:
    """Whether a feature turns several rotations, or stands in an expression."""
    seen: set[int] = set()
    for operation in circuit.operations:
        for parameter, _ in operation.terms:
            if not set(names).isdisjoint(circuit.parameters[parameter].sources):
                return True
            if circuit.parameters[parameter].role is not Role.DATA:
                continue
            if parameter in seen:
                return True
            seen.add(parameter)
    return False


def _speeds(circuit: Circuit) -> dict[str, list[float]]:
    """|d(angle)/d(feature)| of all rotations that a feature turns by a multiple of itself."""
    speeds: dict[str, list[float]] = {}
    for operation in circuit.operations:
        for parameter, factor in operation.terms:
            if circuit.parameters[parameter].role is Role.DATA and not circuit.parameters[parameter].sources:
                speeds.setdefault(circuit.parameters[parameter].name, []).append(abs(factor))
    return speeds


def _period(speeds: Iterable[float]) -> float:
    """In units of 2π: the period that all these speeds share, 1 where there is none to speak of."""
    from fractions import Fraction

    ratios = [Fraction(speed).limit_denominator(64) for speed in speeds]
    if not ratios or any(
        not ratio or abs(float(ratio) - speed) > 1e-9 for ratio, speed in zip(ratios, speeds, strict=True)
    ):
        return 1.0
    return math.lcm(*(ratio.denominator for ratio in ratios)) / math.gcd(*(ratio.numerator for ratio in ratios))

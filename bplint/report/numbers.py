"""The numbers of one circuit in sentences, each with its certainty; the machine output has all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bplint.analyses.ask import Result
from bplint.analyses.deep_limit.deep_limit import Deep
from bplint.analyses.dla import Dla, Parts
from bplint.analyses.dla.structure import Structure
from bplint.analyses.entanglement import LEVEL, Entanglement
from bplint.analyses.entanglement.purity import page_purity
from bplint.analyses.gradients.gradient import Gradient, Loss
from bplint.analyses.light_cone.locality import Locality
from bplint.analyses.symmetry import Symmetries
from bplint.bounds import Status
from bplint.number_format import number, plural, whole


def sentences(name: str, result: Result) -> Iterator[tuple[str, str]]:
    """(label, sentence) for what is known of one analysis; nothing where it could not tell."""
    if isinstance(result, Entanglement):
        yield "cuts", _cuts(result)
        name = "purity"
    if result.status not in (Status.INCONCLUSIVE, Status.SKIPPED):
        yield name, _SENTENCES[name](result) if name in _SENTENCES else result.status


def _deep(found: Deep) -> str:
    return f"mean {number(found.mean)}, variance {number(found.variance)} (exact): the loss after ever more of the same layers"


def algebra(found: Result) -> str:
    """The algebra as a person would write it: ``5 su(2) + 2 u(1), dim 17, exact``."""
    if not isinstance(found, Dla):
        return f"not known, {found.status}: {found.reason}"
    known = f"{whole(found.lower)} … {whole(found.upper)}"
    if found.estimate:
        return f"dim {whole(found.estimate.dimension)}, estimated in floating point (surely {known}): {found.reason}"
    if found.status is not Status.EXACT:
        return f"at most {_upper(found)}, dim {known}, {found.status}: {found.reason}"
    names = "" if found.parts is None else f"{_sum(found.parts)}, "
    return f"{names}dim {whole(found.upper)}, exact"


def _sum(parts: Parts) -> str:
    return " + ".join(f"{whole(copies)} {name}" if copies > 1 else name for name, _, copies in parts) or "nothing"


def _upper(found: Dla) -> str:
    names = [
        f"{f'{count:,} × ' if count > 1 else ''}{_copies(copies)}{name}" for count, copies, name in found.summary[:4]
    ]
    return f"{', '.join(names) or 'nothing'}{', …' if len(found.summary) > 4 else ''}"


def _dla(found: Dla) -> str:
    known = f"{whole(found.lower)} … {whole(found.upper)}"
    if found.estimate:
        return (
            f"dimension {whole(found.estimate.dimension)} (estimated in floating point; surely {known}); {found.reason}"
        )
    if found.status is not Status.EXACT:
        return f"dimension {known} (bounded); at most {_upper(found)}; {found.reason}"
    if found.closure:
        group = f", symmetric under {found.closure.symmetry}" if found.closure.symmetry else ""
        names = "" if found.parts is None else f": {_sum(found.parts)}"
        apart = f"; its strings apart: {whole(found.algebra.dimension)}"
        return f"dimension {whole(found.upper)} (exact, linear closure{group}){names}{apart}"
    again = f"; {whole(found.repeat.dimension)} when repeated for ever" if found.repeat else ""
    return f"dimension {whole(found.algebra.dimension)} (exact), {found.kind}: {_upper(found)}{again}"


def _structure(found: Structure) -> str:
    names = f"{_sum(found.names)} (exact)"
    if found.parts is None:
        return names
    inside = [
        what for what, is_inside in (("loss", found.observable_inside), ("start", found.state_inside)) if is_inside
    ]
    where = f"{' and '.join(inside) or 'neither loss nor start'} in it"
    if found.variance is None:
        return f"{names}, {where}"
    deep = f"ever more layers of its generators bring the variance of the loss to {number(found.variance)} (exact)"
    return f"{names}, {where}: {deep}"


def _copies(copies: int) -> str:
    return "" if copies == 1 else f"{whole(copies)} copies of "


def _cuts(found: Entanglement) -> str:
    bounds, minimal = found.cuts
    if not any(bounds):
        return "0 ebits: no gate entangles one qubit with another"
    how = "minimum cuts" if minimal == len(bounds) else f"minimum cuts for the first {minimal:,}, then gates counted"
    return f"at most {plural(max(bounds), 'ebit')} between the first k qubits and the rest, whatever the angles (bounded: {how})"


def _purity(found: Entanglement) -> str:
    if found.status is Status.EXACT:
        return "1 (exact): no gate entangles what the loss sees with the rest"
    parts = [
        f"{'a qubit' if a.size == 1 else 'a pair'} {a.value:.3f} (mixed {a.mixed:g}, random state "
        f"{page_purity(a.size, found.n_qubits):.3f})"
        for a in found.averages
    ]
    bounds = " and ".join(f"{a.ceiling:.3f}" for a in found.averages)
    drawn = "states" if found.method == "state-vector" else "paths"
    return (
        f"on average {', '.join(parts)} on the light cone, {len(found.cone):,} of {plural(found.n_qubits, 'qubit')} "
        f"(estimated, {found.samples:,} {drawn}); below {bounds} with certainty 1 - {number(LEVEL)}"
    )


def _gradient(found: Gradient) -> str:
    values = sorted(c.second_moment for c in found.components)
    dead = sum(c.dead for c in found.components)
    how = {
        Status.EXACT: "(exact)",
        Status.BOUNDED: f"(bounded; the largest {number(found.lower_max)} … {number(found.bound_max)})",
    }.get(
        found.status,
        f"(estimated, {found.drawn}); all below {number(found.bound_max)} with certainty 1 - {number(found.level)}",
    )
    return (
        f"E[(∂C)²] largest {number(values[-1])}, median {number(values[len(values) // 2])}, smallest {number(values[0])} {how}"
        + (f"; {dead:,} of {plural(len(values), 'parameter')} dead" if dead else "")
    )


def _locality(found: Locality) -> str:
    widest = max(found.terms, key=lambda t: t.light_cone, default=None)
    if widest is None:
        return "the loss has no term"
    met = max((t.first_met or 0 for t in found.terms), default=0)
    declared = max(t.declared for t in found.terms)
    return (
        f"{plural(len(found.terms), 'term')}; widest {declared:,} as declared, {met:,} where first met, "
        f"light cone {widest.light_cone:,} of {plural(found.n_qubits, 'qubit')} (exact)"
    )


def _loss(found: Loss) -> str:
    mean, variance = number(found.mean or 0.0), number(found.variance or 0.0)
    low, high = (number(end) for end in found.interval or (0.0, 0.0))
    if found.status is Status.EXACT:
        return f"mean {mean} (exact), variance {variance} (exact)"
    if found.status is Status.BOUNDED:
        least, most = (number(end) for end in found.mean_interval or (found.mean or 0.0,) * 2)
        return f"mean {least if least == most else f'{least} … {most}'}, variance {low} … {high} (bounded)"
    how = f"estimated, {found.drawn}, 95 % interval {low} … {high}"
    return f"mean {mean} ({'exact' if found.sampled_paths else 'estimated'}), variance {variance} ({how})"


def _symmetry(found: Symmetries) -> str:
    kept, loss = (", ".join(s.group for s in groups) or "nothing" for groups in (found.ansatz, found.observable))
    broken = ", ".join(dict.fromkeys(prior.group for prior in found.priors))
    unused = f"; could be kept and is not: {broken}" if broken else ""
    return f"the circuit keeps {kept}, the loss {loss} ({found.reason or found.status}){unused}"


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "deep_limit": _deep,
    "dla": _dla,
    "gradient": _gradient,
    "locality": _locality,
    "loss": _loss,
    "purity": _purity,
    "structure": _structure,
    "symmetry": _symmetry,
}

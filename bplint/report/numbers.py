"""The numbers of one circuit in sentences, each with its certainty; the machine output has all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bplint.analyses.ask import Result
from bplint.analyses.deep import Deep
from bplint.analyses.dla import Dla
from bplint.analyses.entanglement import LEVEL, Entanglement
from bplint.analyses.entanglement.purity import page_purity
from bplint.analyses.locality import Locality
from bplint.analyses.moments.choose import Gradient, Loss
from bplint.bounds import Status
from bplint.words import number, plural, whole


def sentences(name: str, result: Result) -> Iterator[tuple[str, str]]:
    """(label, sentence) for what is known of one analysis; nothing where it could not tell."""
    if isinstance(result, Entanglement):
        yield "cuts", _cuts(result)
        name = "purity"
    if result.status not in (Status.INCONCLUSIVE, Status.SKIPPED):
        yield name, _SENTENCES[name](result) if name in _SENTENCES else result.status


def _deep(found: Deep) -> str:
    return f"mean {number(found.mean)}, variance {number(found.variance)} (exact): the loss after ever more of the same layers"


def _dla(found: Dla) -> str:
    structure = (
        ", ".join(
            f"{f'{count:,} × ' if count > 1 else ''}{_copies(copies)}{algebra}"
            for count, copies, algebra in found.summary[:4]
        )
        or "nothing"
    )
    if len(found.summary) > 4:
        structure += ", …"
    if found.status is Status.EXACT and found.closure:
        group = f", symmetric under {found.closure.symmetry}" if found.closure.symmetry else ""
        return f"dimension {whole(found.upper)} (exact, linear closure{group}); its strings apart: {whole(found.algebra.dimension)}"
    if found.status is not Status.EXACT:
        return f"dimension {whole(found.lower)} … {whole(found.algebra.dimension)} (bounded); at most {structure}; {found.reason}"
    again = f"; {whole(found.repeat.dimension)} when repeated for ever" if found.repeat else ""
    return f"dimension {whole(found.algebra.dimension)} (exact), {found.kind}: {structure}{again}"


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
        return f"mean about {mean}, variance {low} … {high} (bounded)"
    how = f"estimated, {found.drawn}, 95 % interval {low} … {high}"
    return f"mean {mean} ({'exact' if found.sampled_paths else 'estimated'}), variance {variance} ({how})"


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "deep_limit": _deep,
    "dla": _dla,
    "gradient": _gradient,
    "locality": _locality,
    "loss": _loss,
    "purity": _purity,
}

"""The maximum mean discrepancy as a sum over Z-strings, and bounds on its gradients by strings.

With K(a, b) = e^{-d(a,b)/2σ}, d the Hamming distance, and p = (1 - e^{-1/2σ})/2,

    L = Σ_A w_A (<Z_A> - t_A)²,    w_A = p^|A| (1-p)^(n-|A|),    t_A = the mean of (-1)^(A·y) over the target's samples y.

Let A = Σ w <Z_A>² and B = Σ w t <Z_A>. If random angles keep all Z-strings apart, E[(∂L)²] = E[(∂A)²] + 4 E[(∂B)²], whence

    4 Σ w² t² E[(∂<Z_A>)²]  <=  E[(∂L)²]  <=  the same + 4 Σ w E[(∂<Z_A>)²]

(the last by Jensen, as Σ w = 1). Both sums run over strings carried back: all of them where parts of the circuit are small, else
drawn, A with a share p²/(p² + (1-p)²) of the qubits for the first and p for the second. Where states of the parts can be evaluated,
E[(∂A)²] is a product over them, and E[(∂L)²] is exact. Rudolph et al., arXiv:2305.02881, on what σ does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import Declined, Number, exactly
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.paths.tally import Tally, bounds_on
from bplint.analyses.gradients.problem import Problem, scales
from bplint.analyses.gradients.propagation.string_table import Words, only_z, packed
from bplint.analyses.gradients.rows.embedding import qubit_parts
from bplint.analyses.gradients.rows.pairs import derivatives, expectations, followed
from bplint.analyses.gradients.rows.sampled import walk
from bplint.analyses.gradients.rows.separation import averages, keeps_apart
from bplint.analyses.gradients.rows.turns import RowPairs, RowTurn, shared, split, turns
from bplint.analyses.kernels.discrepancy import PartMoments, part_moments
from bplint.analyses.kernels.target import TargetSamples
from bplint.ir.circuit import Floats, Offsets
from bplint.ir.pauli import support
from bplint.ir.rows import Rows

LISTED = 9
"""Qubits of a part of which all Z-strings are followed."""

PAIRS = 1 << 22
"""Pairs of different samples times parts, at most."""

BRANCHES = 1 << 18
"""Branches of all of them, at most."""

EVALUATED = 200
"""Parts that are evaluated on states, at most."""

STAGES = (1 << 13, 1 << 15, 1 << 17, 1 << 19, 1 << 21)
"""Paths of each sum in all by the end of each stage."""

BATCH = 1 << 12

PRICE = 48
"""Operations of a path at a rotation, for each word of its string."""


class Ends(NamedTuple):
    """By trained parameter bounds on E[(∂L)²] in its unit, ``largest`` on the largest, each failing with chance ``level``; exact
    ones have none. ``mean`` is E[L], with its interval."""

    slopes: Mapping[int, tuple[float, float]]
    largest: tuple[float, float]
    mean: Number
    level: float = 0.0
    paths: int = 0


def string_ends(problem: Problem, target: TargetSamples, effort: Effort) -> Ends | Declined:
    """The bounds of a circuit without data or noise; ``effort.threshold`` is N/shots."""
    nothing = Rows(np.zeros((1, 0)))
    turning = turns(problem, nothing)
    if isinstance(turning, Declined):
        return turning
    if reason := shared(problem, turning):
        return Declined(reason)
    steps = turning[::-1]
    frame, n = problem.frame, problem.frame.n_qubits
    generators = [frame.pull(1 << (q + n))[0] for q in range(n)]
    if not keeps_apart(problem, (0, *generators), steps):
        return Declined("angles do not keep all Z-strings apart")
    listed = _listed(problem, target, steps, generators, effort)
    if listed is not None:
        return listed
    if any(turn.random and not averages(problem, turn) for turn in steps):
        return Declined("strings are sampled for uniform angles only")
    return _drawn(problem, target, steps, generators, effort)


def _listed(
    problem: Problem, target: TargetSamples, steps: Sequence[RowTurn], generators: Sequence[int], effort: Effort
) -> Ends | None:
    """Exactly, all strings of each part that no rotation joins with others; None if they become too many.

    t_A² is the mean of (-1)^(A·(y + y')) over pairs of samples, and for each pair the sum over A is a product over the parts.
    """
    frame, n, p = problem.frame, problem.frame.n_qubits, target.share
    masks = qubit_parts([support(string, n) for string in (*generators, *(turn.axis for turn in steps))])
    samples, counts = np.unique(target.bits, axis=0, return_counts=True)
    one, other = (side.ravel() for side in np.indices((len(samples),) * 2))
    chances = (counts[one] * counts[other]) / counts.sum() ** 2
    if len(masks) * len(chances) > PAIRS:
        return None
    parts, quartic = [], True
    for mask in masks:
        qubits = [q for q, generator in enumerate(generators) if support(generator, n) & mask]
        own = [(k, turn) for k, turn in enumerate(steps) if support(turn.axis, n) & mask]
        if len(qubits) > LISTED:
            return None
        code = samples[:, qubits].astype(np.int64) @ (1 << np.arange(len(qubits)))
        part = _part(problem, [generators[q] for q in qubits], own, np.bitwise_xor(code[one], code[other]), p, effort)
        if part is None:
            return None
        if quartic and len(masks) <= EVALUATED:
            inside = [bool(support(axis, n) & mask) for axis in frame.axes]
            known = [True] * len(inside) if problem.alive is None else problem.alive
            own_problem = problem._replace(alive=[a and b for a, b in zip(known, inside, strict=True)])
            evaluated = part_moments(own_problem, [frame.pull(1 << (q + n)) for q in qubits], p, effort)
            part = part._replace(fourth=evaluated)
        quartic = quartic and part.fourth is not None
        parts.append(part)
    slopes = dict.fromkeys(scales(problem), (0.0, 0.0))
    shares = {step: (parameter, share) for step, parameter, share in _drives(problem, steps)}
    squares = np.array([part.squares for part in parts])
    firsts = np.array([part.first for part in parts])
    for k, part in enumerate(parts):
        others = np.delete(squares, k, axis=0).prod(axis=0)
        for step, (square, first) in part.slopes.items():
            parameter, share = shares[step]
            low = max(4 * share * float(chances @ (square * others)), 0.0)
            high = low + 4 * share * first * float(np.delete(firsts, k).prod())
            if quartic:
                more = math.prod(other.fourth.value for i, other in enumerate(parts) if i != k and other.fourth)
                low = high = low + more * (part.fourth.slopes[parameter] if part.fourth else 0.0)
            slopes[parameter] = low, high
    ends = [max((slope[end] for slope in slopes.values()), default=0.0) for end in (0, 1)]
    mean = float(firsts.prod()) + target.self_similarity - 2 * (1 - p) ** n
    return Ends(slopes, (ends[0], ends[1]), exactly(mean))


class _Part(NamedTuple):
    """Sums over the strings A of a part: ``squares`` Σ w² (-1)^(A·s) E[<Z_A>²] for each pair of samples, which differ by s there,
    and ``first`` Σ w E[<Z_A>²]; by trained step the same of derivatives. ``fourth`` is what states tell of u = Σ w <Z_A>².
    """

    squares: Floats
    first: float
    slopes: Mapping[int, tuple[Floats, float]]
    fourth: PartMoments | None = None


def _part(
    problem: Problem,
    generators: Sequence[int],
    own: Sequence[tuple[int, RowTurn]],
    apart: Offsets,
    p: float,
    effort: Effort,
) -> _Part | None:
    m, strings = len(generators), [0]
    for generator in generators:
        strings += [string ^ generator for string in strings]
    trained, columns = [bool(turn.random) for _, turn in own], RowPairs.same(1)
    splits = [split(problem, turn, columns) for _, turn in own]
    most = min(BRANCHES, effort.work // PRICE)
    graph = followed(strings, strings, splits, trained, problem.frame.n_qubits, most, effort)
    if graph is None:
        return None
    masks = np.arange(2**m)
    weight = np.bitwise_count(masks.astype(np.uint64)).astype(np.int64)
    w = p**weight * (1 - p) ** (m - weight)
    ends = (only_z(graph.left) & only_z(graph.right)).astype(np.float64)[:, None]
    moments = expectations(graph, splits, ends.copy())[: 2**m, 0]
    patterns, place = np.unique(apart, return_inverse=True)
    signs = 1.0 - 2 * (np.bitwise_count((patterns[:, None] & masks).astype(np.uint64)) & 1)
    weights = w**2 * signs
    by_pattern = [derivatives(graph, row, splits, ends.copy(), trained) for row in weights]
    first = derivatives(graph, w, splits, ends.copy(), trained)
    slopes = {
        own[k][0]: (np.array([float(values[k][0]) for values in by_pattern])[place.ravel()], float(slope[0]))
        for k, slope in first.items()
    }
    return _Part((weights @ moments)[place.ravel()], float(w @ moments), slopes)


def _drawn(
    problem: Problem, target: TargetSamples, steps: Sequence[RowTurn], generators: Sequence[int], effort: Effort
) -> Ends:
    """By sampled strings, in stages, until the bounds decide about the threshold."""
    n, p = problem.frame.n_qubits, target.share
    both = p**2 + (1 - p) ** 2
    shares = (p**2 / both, p)
    factors = (4 * both**n, 4.0)
    drives = _drives(problem, steps)
    images = packed(generators, n)
    sums = np.zeros((2, sum(bool(turn.random) for turn in steps)))
    seen, paths = 0.0, 0
    price = 2 * PRICE * (len(steps) + n) * (n // 32 + 1)
    stages = [stage for stage in STAGES if stage * price <= effort.work] or list(STAGES[:1])
    level = effort.level / (4 * len(stages))
    place = {step: k for k, step in enumerate(k for k, turn in enumerate(steps) if turn.random)}
    scale = np.array([share for _, _, share in drives])
    order = [place[step] for step, _, _ in drives]
    lower = upper = np.zeros(len(drives))
    for stage in stages:
        while paths < stage:
            effort.clock.check()
            for kind, share in enumerate(shares):
                random = np.random.Generator(np.random.PCG64([effort.seed, paths, kind]))
                chosen = random.random((BATCH, n)) < share
                strings: Words = np.bitwise_xor.reduce(np.where(chosen[None], images[:, None], np.uint64(0)), axis=2)
                strings, _, met = walk(steps, strings, 1, n, random)
                value = only_z(strings).astype(np.float64)
                seen += float(value.sum()) * kind
                if not kind:
                    value *= target.means(chosen) ** 2
                sums[kind] += [float(value[mask].sum()) for mask in met]
            paths += BATCH
        tallies = [Tally(sums[kind][order], paths, factors[kind] * scale) for kind in (0, 1)]
        lower = np.maximum(bounds_on([tallies[0]], level / max(len(drives), 1), upper=False), 0.0)
        upper = bounds_on(tallies, 2 * level, upper=True)
        if upper.max(initial=0.0) < effort.threshold or lower.max(initial=0.0) > effort.threshold:
            break
    known = {
        parameter: (float(low), float(high)) for (_, parameter, _), low, high in zip(drives, lower, upper, strict=True)
    }
    slopes = dict.fromkeys(scales(problem), (0.0, 0.0)) | known
    hit = seen / paths
    error = 3 * math.sqrt(max(hit * (1 - hit), 1 / paths) / paths)
    rest = target.self_similarity - 2 * (1 - p) ** n
    return Ends(
        slopes=slopes,
        largest=(float(lower.max(initial=0.0)), float(upper.max(initial=0.0))),
        mean=Number(hit + rest, max(hit - error + rest, 0.0), hit + error + rest),
        level=effort.level,
        paths=paths,
    )


def _drives(problem: Problem, steps: Sequence[RowTurn]) -> list[tuple[int, int, float]]:
    """(step, parameter, what a second moment by its angle is in the parameter's unit)."""
    units = scales(problem)
    return [(k, p, (c / units[p]) ** 2) for k, turn in enumerate(steps) for p, c in turn.random]

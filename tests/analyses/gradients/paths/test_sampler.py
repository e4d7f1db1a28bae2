"""Sampled counts against the exact chain, published numbers and deep limits, within bounds that fail once in 10^7."""

import json

import numpy as np
import pytest

from bplint.analyses.gradients.paths.angle_laws import laws
from bplint.analyses.gradients.paths.interfering_terms import Blocks, blocks
from bplint.analyses.gradients.paths.sampler import Hits, PathSampler
from bplint.analyses.gradients.paths.schedule import schedule
from bplint.bounds import lower_bound, upper_bound
from bplint.ir.circuit import ROTATION
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.frame import frame
from bplint.ir.gates import gate
from bplint.ir.law import Init
from bplint.ir.noise import Noise
from bplint.ir.observable import Observable, parse
from bplint.ir.pauli import x_part
from dense import chain, random_circuit, random_observable, rotations, start_weights
from paths import FIXTURES
from samples import circuit

LEVEL = 1e-7
TABLE = json.loads((FIXTURES / "variance_table.json").read_text())


def uniform(c, found, seed=0):
    return PathSampler(schedule(c, laws(c, Init()), Noise()), found, seed)


def sample(c, found, paths, seed=0):
    sampler = uniform(c, found, seed)
    counts = Hits(0, 0, *np.zeros((2, sampler.n_free), dtype=np.int64))
    while counts.paths < paths:
        counts += sampler.sample(counts.paths, min(sampler.batch, paths - counts.paths))
    return counts


def agrees(hits, paths, expected):
    low, high = lower_bound(hits / paths, paths, LEVEL), upper_bound(hits / paths, paths, LEVEL)
    assert low - 1e-12 <= expected <= high + 1e-12, (hits / paths, expected)


@pytest.mark.parametrize("seed", range(150))
def test_counts_agree_with_the_exact_chain(seed):
    """All Cliffords, axes of one to three letters, quarter turns, fixed angles, sums and projectors."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    c = random_circuit(rng, n, int(rng.integers(1, 25)), free=0.35, fixed=0.15)
    found = blocks(frame(c), random_observable(rng, n))
    if found.constant:
        return
    counts = sample(c, found, 1 << 14, seed)
    hit, met = chain(c, start_weights(found, n) / found.total)
    agrees(counts.hits, counts.paths, hit)
    assert len(counts.met_hits) == len(met)
    for k, expected in enumerate(met):
        agrees(int(counts.met_hits[k]), counts.paths, expected)


@pytest.mark.parametrize("name", CLIFFORDS)
def test_cliffords_move_planes_as_they_move_strings(name):
    """On qubits 1 and 0 of three; an H on each qubit before makes X bits out of the Z bits."""
    row = gate(name)
    for before in ([], [("h", [q]) for q in range(3)]):
        c = circuit(3, [*before, (name, [1, 0][: row.n_qubits])])
        for string in range(1, 64):
            pulled, _ = frame(c).pull(string)
            counts = sample(c, Blocks(0.0, ((string, 1.0),)), 64)
            assert counts.hits == (0 if x_part(pulled, 3) else 64)


def test_equal_seeds_give_equal_counts():
    c = rotations(4, [(letter, [q]) for letter in "XYX" for q in range(4)] + [("ZZ", [q, q + 1]) for q in range(3)])
    found = blocks(frame(c), parse("mean(Z)", 4))
    first, again, other = (uniform(c, found, seed).sample(0, 6400) for seed in (1, 1, 2))
    assert (first.hits, first.met_hits.tolist()) == (again.hits, again.met_hits.tolist())
    assert first.met_hits.tolist() != other.met_hits.tolist()
    later = uniform(c, found, 1).sample(6400, 6400)
    assert first.met_hits.tolist() != later.met_hits.tolist()


def test_paths_come_in_words():
    c = rotations(1, [("X", [0])])
    with pytest.raises(ValueError, match="want a multiple of 64 paths, got 100"):
        uniform(c, Blocks(0.0, ((2, 1.0),))).sample(0, 100)


def test_operations_of_one_moment_are_disjoint_and_later_ones_have_higher_moments():
    """What the order of the schedule rests on."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        c = random_circuit(rng, 5, 40, fixed=0.1)
        depth = [-1] * 5
        for k in range(len(c)):
            assert all(c.moment[k] > depth[q] for q in c.operands(k))
            for q in c.operands(k):
                depth[q] = int(c.moment[k])


def test_a_projector_starts_from_every_z_string_but_the_identity():
    """Nothing moves: all paths hit, and those that anticommute with X0 are 4 of the 7 strings."""
    c = rotations(3, [("XII", [0, 1, 2])])
    counts = sample(c, Blocks(0.0, projector=(0, 1, 2)), 1 << 14)
    agrees(int(counts.met_hits[0]), counts.paths, 4 / 7 / 2)
    single = sample(c, Blocks(0.0, projector=(0,)), 1 << 14)
    assert single.met_hits[0] == single.hits < single.paths


@pytest.mark.parametrize("n", range(2, 15))
def test_product_of_rx_with_a_global_projector(n):
    """Var ∂ = (1/8)(3/8)^(n-1) for the cost 1 - |0…0><0…0| (Cerezo et al. 2001.00550)."""
    c = rotations(n, [("X", [q]) for q in range(n)])
    found = blocks(frame(c), Observable(n, projector=tuple(range(n))))
    counts = sample(c, found, 1 << 17)
    for hits in counts.met_hits:
        agrees(int(hits), counts.paths, (1 / 8) * (3 / 8) ** (n - 1) / found.total)


@pytest.mark.parametrize("n", [2, 3, 10, 30])
def test_product_of_rx_with_a_local_cost(n):
    """Var ∂ = 1/(8n²) for 1 - (1/n) Σ |0><0|_j = ½ - (1/2n) Σ Z_j."""
    c = rotations(n, [("X", [q]) for q in range(n)])
    found = blocks(frame(c), parse("0.5 - " + " - ".join(f"{1 / (2 * n)}*Z{q}" for q in range(n)), n))
    assert found.mean == 0.5
    counts = sample(c, found, 1 << 15)
    for hits in counts.met_hits:
        agrees(int(hits), counts.paths, 1 / (8 * n * n) / found.total)


def test_two_terms_of_one_block_have_second_moment_two():
    c = rotations(2, [("XX", [0, 1])])
    found = blocks(frame(c), parse("Z0 + Z1", 2))
    counts = sample(c, found, 1 << 16)
    agrees(counts.hits, counts.paths, 2 / found.total)


BRICKS = [row for row in TABLE if row["quantity"] == "Var[d_1 C]"]


@pytest.mark.slow
@pytest.mark.parametrize("family", ["a14", "a5_circ"])
def test_brick_circuits_of_the_gradient_figure(family):
    """Wiersema et al. 2309.05690: all rows of the table, one by one and pooled."""
    ratios = []
    for row in [row for row in BRICKS if row["name"].startswith(family)]:
        c = brick(family, row["n"], int(row["name"].split("depth ")[1].split(",")[0]))
        counts = sample(c, blocks(frame(c), parse("Z0 Z1", row["n"])), 1 << 17)
        agrees(int(counts.met_hits[0]), counts.paths, row["value_float"])
        ratios.append(int(counts.met_hits[0]) / counts.paths / row["value_float"])
    assert len(ratios) > 25
    assert np.mean(ratios) == pytest.approx(1, abs=0.02)


def brick(family, n, depth):
    pairs = [*((q, q + 1) for q in range(0, n - 1, 2)), *((q, q + 1) for q in range(1, n - 1, 2))]
    words = {"a14": ("XX", "YY", "XY"), "a5_circ": ("XY", "YZ")}[family]
    if family == "a5_circ":
        pairs.append((n - 1, 0))
    return rotations(n, [(word, pair) for _ in range(depth) for pair in pairs for word in words])


GRIDS = [
    (4, 3, 1, 1, 1 / 4),
    (4, 3, 2, 2, 0.09375),
    (4, 3, 4, 1, 0.0122623),
    (4, 3, 4, 4, 0.0181758),
    (4, 4, 2, 1, 0.078125),
]


@pytest.mark.parametrize(("rows", "columns", "layers", "k", "expected"), GRIDS)
def test_ry_and_cz_on_a_grid(rows, columns, layers, k, expected):
    """ZZ on an interior vertical edge, derivative of layer k on one end; figures rounded to six digits."""
    n, gates = rows * columns, []
    edges = [(q, q + 1) for q in range(n) if (q + 1) % columns] + [(q, q + columns) for q in range(n - columns)]
    for layer in range(layers):
        gates += [("ry", [q], f"t{layer}.{q}") for q in range(n)] + [("cz", list(edge)) for edge in edges]
    upper = columns + 1
    c = circuit(n, gates)
    counts = sample(c, blocks(frame(c), parse(f"Z{upper} Z{upper + columns}", n)), 1 << 17)
    agrees(int(counts.met_hits[(k - 1) * n + upper]), counts.paths, expected)


DEEP = [row for row in TABLE if row["quantity"] == "deep-limit E[C^2]"]


@pytest.mark.slow
@pytest.mark.parametrize("row", DEEP, ids=lambda row: f"{row['name']} n={row['n']}")
def test_deep_circuits_reach_the_deep_limit(row):
    """The generators as layers, 150 times over: orthogonal, unitary and matchgate families, local and global losses."""
    n = row["n"]
    c = rotations(n, [(word, range(n)) for word in row["generators"]] * 150)
    found = blocks(frame(c), parse(row["observable"], n))
    if found.constant:
        assert found.mean**2 == row["value_float"]
        return
    counts = sample(c, found, 1 << 15)
    agrees(counts.hits, counts.paths, row["value_float"])


@pytest.mark.parametrize("word", ["Z0", "Z0 Z1 Z2 Z3", "X0 Y2"])
def test_a_deep_hardware_efficient_circuit_forgets_its_observable(word):
    """su(2^n): 1/(2^n + 1) for every string, local or global."""
    n, gates = 4, []
    for layer in range(60):
        gates += [(r, [q], f"{r}{layer}.{q}") for r in ("rx", "rz") for q in range(n)]
        gates += [("cz", [q, q + 1]) for q in range(n - 1)]
    c = circuit(n, gates)
    counts = sample(c, blocks(frame(c), parse(word, n)), 1 << 16)
    agrees(counts.hits, counts.paths, 1 / (2**n + 1))


def test_rotations_are_numbered_in_circuit_order():
    """Of four rotations only the third can be met: the others commute with Z0."""
    c = rotations(2, [("Z", [0]), ("X", [1]), ("X", [0]), ("Z", [1])])
    assert int((c.code == ROTATION).sum()) == 4
    counts = sample(c, blocks(frame(c), parse("Z0", 2)), 6400)
    assert (counts.met_hits > 0).tolist() == [False, False, True, False]

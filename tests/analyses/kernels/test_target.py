import numpy as np
import pytest

from bplint.analyses.kernels.target import TargetSamples


def test_mmd_is_a_sum_of_z_strings():
    """K(a, b) = Σ_A w_A (-1)^(A·(a + b))."""
    n, target = 4, TargetSamples(np.array([[0, 1, 1, 0]], dtype=np.uint8), 0.7)
    p = target.share
    masks = np.arange(2**n)
    weight = np.array([mask.bit_count() for mask in masks.tolist()])
    w = p**weight * (1 - p) ** (n - weight)
    for b in range(2**n):
        signs = np.array([(-1.0) ** (int(mask) & b).bit_count() for mask in masks])
        assert w @ signs == pytest.approx(np.exp(-b.bit_count() / (2 * 0.7)))


def test_means_are_those_of_the_samples():
    bits = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1]], dtype=np.uint8)
    target = TargetSamples(bits, 1.5)
    chosen = np.array([[False, False, False], [True, False, False], [True, True, False], [False, False, True]])
    assert target.means(chosen) == pytest.approx([1, -1 / 3, 1 / 3, -1])
    kernel = [np.exp(-np.abs(a - b).sum() / 3) for a in bits.astype(float) for b in bits.astype(float)]
    assert target.self_similarity == pytest.approx(np.mean(kernel))

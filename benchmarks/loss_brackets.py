"""Brackets of losses over rows against state vectors, on random small models.

    python benchmarks/loss_brackets.py [MODELS] [--first SEED]

Each model has its circuit (data once or again, shared features, fixed rotations), observable, law, rows, labels and loss, drawn by
its seed. The truth is a sum over a grid of angles, of states computed by other code. Prints how many of each loss were held, how
many brackets were exact, and how wide the others are; exit code 1 if one was broken.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from model_brackets import LOSSES, random_case, truth_and_brackets


def main() -> int:
    parser = argparse.ArgumentParser(description="Count brackets of losses that hold.")
    parser.add_argument("models", type=int, nargs="?", default=1000)
    parser.add_argument("--first", type=int, default=0, help="seed of the first model")
    asked = parser.parse_args()
    models, checked, broken, exact = Counter(), Counter(), Counter(), Counter()
    widths = {name: [] for name in LOSSES}
    for seed in range(asked.first, asked.first + asked.models):
        case = random_case(np.random.default_rng(seed), seed)
        name = str(case.loss.kind)
        models[name] += 1
        for truth, lower, upper, slack in truth_and_brackets(case):
            checked[name] += 1
            exact[name] += upper == lower
            if not lower - slack <= truth <= upper + slack:
                broken[name] += 1
                print(f"seed {seed}: {case.loss}: {truth!r} is not in {lower!r} … {upper!r}", flush=True)
            elif 0 < lower < upper:
                widths[name].append(upper / lower)
    for name in LOSSES:
        wide = f", two-sided {len(widths[name]):,}, median ratio {np.median(widths[name]):.3g}" if widths[name] else ""
        counts = (
            f"{models[name]:,} models, {checked[name]:,} parameters, {broken[name]:,} broken, {exact[name]:,} exact"
        )
        print(f"{name}: {counts}{wide}")
    print(f"{sum(models.values()):,} models, {sum(checked.values()):,} brackets, {sum(broken.values()):,} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

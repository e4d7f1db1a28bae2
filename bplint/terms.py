"""What the words of the output mean: ``bplint explain signal``. The manual's page on them, ``docs/terms.md``, is made of these."""

from __future__ import annotations

from types import MappingProxyType

TERMS = MappingProxyType(
    {
        "signal": """\
How much the loss answers to a parameter where training starts, beside the noise of one shot. A signal of 5e-4 takes about
1 / 5e-4 = 2,000 shots before the gradient stands out of its noise; with 1,000 shots, whose noise is 1e-3, it does not, and an
optimizer walks at random. The screen has the signal of the parameter that has most.

It is S = E[(∂C)²] / (R² N(O)): the mean square of one gradient component over random starts, drawn from the law of the angles
that is in force. N(O) is the variance of one shot: the sum of c² over the strings of the loss, or 1/4 for a projector. R is the
range of what the parameter turns, 1 for one rotation.
""",
        "noise": """\
1/shots: what the shot noise adds to the mean square of a gradient component, in the unit of the signal. `--shots N` are those of
one component. Below it a gradient cannot be told from zero.
""",
        "certainty": """\
Each number says how far it is to be believed. *Exact*: it is computed, not sampled. *Below* and *above*: a bound that is proved, or
one from samples that fails with chance 1e-6; errors rest on these alone. *Measured*: the best estimate from samples, with a 95 %
interval in `--format json`; no error rests on it. *Could not tell* is none of these, is counted, and is never clean.
""",
        "seed": """\
Where samples are drawn, `--seed N` (0) is where they begin: the same input, seed and version print the same bytes, for any `-j`.
Another seed is an independent measurement: `bplint profile FILE --seed 1` shows how far a number moves.
""",
    }
)
"""A text for each, for people, in Markdown."""

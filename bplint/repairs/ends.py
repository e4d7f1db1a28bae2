"""Whether a changed circuit trains to as good an end as the circuit it is made of."""

from __future__ import annotations

import math
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.training.end import SAME, End, end, training
from bplint.analyses.training.with_shots import STEPS, with_shots
from bplint.ir.context import Case
from bplint.number_format import plural, share

CHANCE = 2.0
"""Standard errors that a difference between two means over starts has to exceed."""


class Shortfall(NamedTuple):
    """``worse`` says that training ends worse, ``unchecked`` why it is not known; both are empty where it ends as well."""

    worse: str = ""
    unchecked: str = ""


def ends(case: Case, ask: Ask, changed: Ask) -> tuple[End, End]:
    """Where training ends without a change and with it, both told in the loss that was declared before."""
    loss = case.context.observable
    return ask(end), changed(end) if changed.case.context.observable == loss else changed(end, loss=loss)


def is_trained(changed: Ask) -> bool:
    """Whether something can be known of where training ends: asked before any is done."""
    told = changed(training).end
    return told is None or not told.unknown


def noisy_shortfall(ask: Ask, changed: Ask) -> Shortfall:
    """What training with the declared shots says of another start of the same circuit.

    It has to come further, by more than chance, or as far where without noise it comes further: a larger slope alone is worth
    nothing.
    """
    before, after = ask(with_shots), changed(with_shots)
    if after.unknown or before.unknown:
        return Shortfall(
            unchecked=f"whether training from there ends as well is not known {after.unknown or before.unknown}"
        )
    lost, ends_better = after.missed - before.missed, ask(end).missed - changed(end).missed > SAME
    if lost < -CHANCE * math.hypot(before.error, after.error) or (ends_better and lost <= SAME):
        return Shortfall()
    reached, declared = share(after.reached), share(before.reached)
    against = "as without the change" if reached == declared else f"without the change to {declared}"
    told = f"with {plural(ask.case.context.shots, 'shot')} training comes to {reached} of the {after.optimum} in {STEPS} steps"
    if lost >= 0:
        return Shortfall(f"{told}, {against}")
    return Shortfall(unchecked=f"{told}, {against}{', which may be chance' if reached != declared else ''}")


def shortfall(before: End, after: End, dimension: int | None, *, only_starts: bool = False) -> Shortfall:
    """What the ends say of a change after which the algebra has this dimension, None if that is not known.

    An end at the best value there is needs no comparison. Free fermions that stop short of it from every start are
    no better for what is not known of the circuit as it is. Where the circuit as it is has not come to rest, it may come
    further than it did: then one that comes as far has to be able to go on as well, which takes an algebra of no fewer
    dimensions than the states it moves in. A change that ``only_starts`` elsewhere can go on as before.
    """
    if after.unknown:
        asked = "training from there ends as well" if only_starts else f"it can still reach the {after.optimum}"
        return Shortfall(unchecked=f"whether {asked} is not known {after.unknown}")
    if after.is_best:
        return Shortfall()
    told = f"training ends at {share(after.reached)} of the {after.optimum}"
    if before.unknown:
        if after.free_fermions and after.is_limit:
            return Shortfall(f"{told} from every start; its states are those of free fermions")
        return Shortfall(unchecked=f"{told}, and where it ends without the change is not known {before.unknown}")
    if after.missed > before.missed + SAME:
        return Shortfall(f"{told}, without the change at {share(before.reached)}")
    if (
        only_starts
        or before.settled
        or (not after.settled and dimension is not None and dimension >= 2 * (after.states - 1))
    ):
        return Shortfall()
    return Shortfall(unchecked=f"{told}, and without the change it still falls at {share(before.reached)}")

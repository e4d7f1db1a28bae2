"""Gradients over the rows of a data set: of one row, of what labels make of all rows, and of other losses.

* ``row_moments(problem, rows, effort, loss) -> RowAnswer | Declined`` (:mod:`.engines`): all numbers by parameter
  (:mod:`.answer`). In the circuit of ``problem`` data parameters have the role DATA; its loss is <O> without what parity makes
  zero; ``rows`` are :class:`bplint.ir.rows.Rows`. All second moments are those of derivatives in ``problem.units``, as elsewhere,
  and not divided by N(O): ``slope.row`` over N(O) is the row signal, M · ``slope.linear`` over N(O) the linear signal.
* ``loss_bracket(loss, slope, problem, rows, odd_vanish=…) -> LossBracket | None`` (:mod:`.brackets`): what they leave for
  E[(∂L)²] of another loss; ``noise_factors`` for its shots; ``tail_bound`` where there is only a statement of probability.
* ``odd_moments_vanish(problem, strings, steps) -> bool`` (:mod:`.separation`): the ``odd_vanish`` of these.
* ``embedded_distance(circuit, rows, effort) -> float | None`` (:mod:`.distance`): how far apart the rows are as states, the mean
  over pairs of Σ_q ‖ρ_q - ρ'_q‖² behind the embedding.
"""

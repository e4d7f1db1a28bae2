"""Gradients over the rows of a data set: of one row, of what labels make of all rows, and of other losses.

* ``row_moments(problem, rows, effort) -> RowAnswer | Declined`` (:mod:`.engines`): all numbers by parameter (:mod:`.answer`).
  ``problem`` is that of the circuit in which data parameters have the role DATA, its loss without what parity makes zero;
  ``rows`` are :class:`bplint.ir.rows.Rows`. All second moments are those of derivatives in ``problem.units``, as elsewhere, and
  not divided by N(O): ``slope.row`` over N(O) is the row signal, M · ``slope.linear`` over N(O) the linear signal.
"""

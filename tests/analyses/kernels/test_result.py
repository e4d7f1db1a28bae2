"""How overlaps are told: over what, and how far they stand above the noise."""

import numpy as np

from bplint.analyses import kernel
from bplint.analyses.kernels.result import spread_in_shots
from bplint.ir.loss_function import LINEAR
from bplint.ir.rows import Rows
from kernel_questions import asked, product


def test_rows_that_look_alike_differ_by_less_than_the_noise():
    alike = asked(product(6), law="range:0.001")(kernel)
    assert spread_in_shots(alike) < 1
    assert spread_in_shots(asked(product(6))(kernel)) > 1


def test_json_and_sentences_say_over_what():
    law, rows = asked(product(3))(kernel), asked(product(3), rows=Rows(np.eye(3), drawn=True))(kernel)
    assert "over the law of the data (exact)" in next(law.sentences())[1]
    assert "3 rows drawn" in next(rows.sentences())[1]
    assert {"mean", "second_moment", "min", "max", "counted_share", "projected_distance"} <= rows.as_json().keys()
    assert kernel.belongs(asked(product(2)).case)
    assert not kernel.belongs(asked(product(2), loss=str(LINEAR)).case)

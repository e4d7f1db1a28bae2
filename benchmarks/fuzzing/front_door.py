"""OpenQASM through everything: linted or measured, repaired at times, and written in some format."""

from __future__ import annotations

import random
from collections.abc import Callable

from bplint.config import Settings
from bplint.run import lint_text, profile_job, report
from bplint.sources.collect import InputSource
from fuzzing.trying import forms, judged, refusals


def through(r: random.Random, text: str, settings: Settings) -> Callable[[], str]:
    """What tries a program under these settings."""
    measured, form, verbosity = r.random() < 0.25, r.choice(forms()), r.randrange(3)

    def run() -> str:
        if not measured:
            return judged(lint_text(text, settings), form, verbosity)
        job = profile_job(settings._replace(select=(), ignore=(), fail_on=None))
        entry = job.run(InputSource("-", "circuit.qasm"), text)
        return judged(report(job, [entry], [job.configurations.of("circuit.qasm")], 0.0), form, verbosity)

    return refusals(run)

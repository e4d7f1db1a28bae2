"""One ansatz, four front ends: the same algebra, the same locality, the same gradients."""

import pytest

pytest.importorskip("qiskit")
cirq = pytest.importorskip("cirq")

from ansatze import ANSATZE  # noqa: E402  # both frameworks are there
from bplint.analyses.dla import dla  # noqa: E402
from bplint.analyses.gradients.gradient import gradient  # noqa: E402
from bplint.analyses.light_cone.locality import locality  # noqa: E402
from bplint.bounds import Status  # noqa: E402
from bplint.config import Settings  # noqa: E402
from bplint.importers.from_cirq import from_cirq  # noqa: E402
from bplint.importers.from_qiskit import from_qiskit  # noqa: E402
from bplint.runs.entries import CircuitReport  # noqa: E402
from bplint.runs.jobs import profile_job  # noqa: E402
from bplint.sources.collect import InputSource  # noqa: E402

JOB = profile_job(Settings(isolated=True, seed=5))._replace(analyses=(dla, locality, gradient))


@pytest.mark.parametrize("build", ANSATZE, ids=lambda build: build.__name__)
def test_every_front_end_says_the_same(build):
    ansatz = build()
    first, *others = reports(ansatz)
    for other in others:
        assert algebra(other) == algebra(first)
        assert lengths(other) == lengths(first)
        assert_same_gradients(first.analyses["gradient"], other.analyses["gradient"], ansatz.by_other_gates)


def reports(ansatz):
    """From OpenQASM 2, OpenQASM 3, Qiskit and Cirq."""
    for text in ansatz.texts():
        found = JOB.run(InputSource("-", "ansatz.qasm"), text)
        assert isinstance(found, CircuitReport), found.finding.hit.message
        yield found
    force = JOB.configurations.of("-")
    asked = force.asked._replace(observable=ansatz.observable, data=tuple(ansatz.data.split()))
    in_order = cirq.Circuit(ansatz.cirq, strategy=cirq.InsertStrategy.NEW)  # else Cirq moves gates to the left
    for program in (from_qiskit(ansatz.qiskit), from_cirq(in_order)):
        yield JOB.finish(program, force._replace(asked=asked), "-", ())


def algebra(report):
    found = report.analyses["dla"]
    return found.status, found.lower, found.upper


def lengths(report):
    return [(t.string, t.declared, t.first_met, t.light_cone) for t in report.analyses["locality"].terms]


def assert_same_gradients(first, other, by_other_gates):
    """Exact ones up to rounding, and sampled ones too: equal circuits draw equal samples. Else within their errors.

    Scales differ, as ``ZZ**t`` turns by pi t, and second moments do not: they belong to the normalised coordinate.
    """
    assert (other.status, other.method) == (first.status, first.method)
    in_order = [sorted(found.components, key=lambda c: c.operation) for found in (first, other)]
    for a, b in zip(*in_order, strict=True):
        assert a.dead == b.dead
        widths = (end - start for start, end in (a.interval, b.interval))
        # Intervals hold 95 %, four standard deviations across; the difference of two estimates stays within six.
        tolerance = 1.5 * sum(widths) if by_other_gates and first.status is Status.ESTIMATED else 0.0
        assert b.second_moment == pytest.approx(a.second_moment, rel=1e-11, abs=1e-12 + tolerance)


def test_the_ansatze_are_what_they_are_called():
    """Dimensions that the literature has in closed form."""
    known = {"efficient_su2_linear": 4**6 - 1, "matchgates": 6 * 11, "qaoa_ring": 3 * 6 - 1, "ising_variational": 6**2}
    for build in ANSATZE:
        if build.__name__ in known:
            status, lower, upper = algebra(next(reports(build())))
            assert (status, lower, upper) == (Status.EXACT, known[build.__name__], known[build.__name__])

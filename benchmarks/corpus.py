"""The verdicts on the labelled corpus: precision and recall of errors, warnings that are not deserved, what was left open, time.

    python benchmarks/corpus.py [--every K] [--missed]

Each circuit of ``fixtures/corpus`` is linted by itself, without suggestions. ``--every K`` takes each K-th, ``--missed``
lists what differs from the index. A row's ``verdict`` is what is true of it: ``plateau`` (the largest signal is below the noise of
the declared shots), ``small`` (the same below six qubits), ``dead`` (a constant loss), ``visible``, and ``healthy`` (a hundred
times above the noise). Models with data name in ``due`` the rules of data that are true of them; their verdict may also be
``kernel`` or ``mmd``, which have no gradient of an observable, or ``blind``, a loss that is constant because labels cancel.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from bplint.config import Settings
from bplint.run import lint

CORPUS = Path(__file__).parents[1] / "fixtures" / "corpus"
PLATEAU = frozenset({"BP101", "BP301", "BP302", "BP501", "BP601", "BP701"})
"""Rules that speak of a plateau at this size and depth; BP102 and BP201 speak of what more qubits would do."""

DATA = frozenset({"BP401", "BP402", "BP403", "BP404", "BP405", "BP406", "BP802"})
"""Rules of data: rows of models with data say which of them are ``due``."""

STEPPED_DOWN = ("BP404", "note")
"""Labels that show little are a note of the rule that says that they show nothing."""


class Outcome(NamedTuple):
    """What bplint said of one row: code -> severity of its findings; how the analysis of its gradient, kernel or
    discrepancy ended."""

    row: dict[str, object]
    said: dict[str, str]
    gradient: str
    seconds: float

    @property
    def error(self) -> bool:
        """Whether anything is an error."""
        return "error" in self.said.values()

    @property
    def warned(self) -> bool:
        """Whether a plateau was warned of, or more."""
        return any(self.said.get(code) in ("warning", "error") for code in PLATEAU)

    @property
    def is_missed(self) -> bool:
        """Whether an error was deserved and none came."""
        return self.row["verdict"] in ("plateau", "dead") and not self.error

    @property
    def is_wrong(self) -> bool:
        """Whether an error came that the truth does not bear out, or without the code that it should have."""
        codes = [code for code, severity in self.said.items() if severity == "error"]
        right = {"plateau": {"BP301"}, "dead": {"BP104"}}.get(str(self.row["verdict"]), set())
        return not set(codes) <= right

    @property
    def is_false_alarm(self) -> bool:
        """Whether a plateau was warned of at a signal of a hundred times the noise."""
        return self.row["verdict"] == "healthy" and self.warned

    @property
    def is_open(self) -> bool:
        """Whether the verdict on the gradient was left open: neither a number nor a finding."""
        return not self.said.keys() & {"BP301", "BP104"} and self.gradient in ("inconclusive", "skipped")

    @property
    def of_data(self) -> set[str]:
        """The rules of data that said something."""
        return {code for code, severity in self.said.items() if code in DATA and (code, severity) != STEPPED_DOWN}

    @property
    def due(self) -> set[str]:
        """The rules of data that the truth asks for."""
        due = self.row["due"]
        assert isinstance(due, list)
        return set(due)

    @property
    def is_off(self) -> bool:
        """Whether rules of data said what is not due, or left out what is."""
        return "due" in self.row and self.of_data != self.due


def outcomes(every: int = 1) -> list[Outcome]:
    """Each K-th row of the corpus, linted."""
    rows = json.loads((CORPUS / "index.json").read_text(encoding="utf-8"))
    return [outcome(row) for row in rows[::every]]


def outcome(row: dict[str, object]) -> Outcome:
    begin = time.process_time()
    report = lint([str(CORPUS / str(row["file"]))], Settings(isolated=True, suggest=False))
    seconds = time.process_time() - begin
    (circuit,) = json.loads(report.to_json())["circuits"]
    decided = [f for f in circuit["findings"] if not f.get("undecided")]
    said = {f["code"]: f["severity"] for f in decided}
    analysis = row["verdict"] if row["verdict"] in ("kernel", "mmd") else "gradient"
    return Outcome(row, said, circuit["analyses"].get(analysis, {}).get("status", "skipped"), seconds)


def summary(every: list[Outcome]) -> dict[str, float]:
    """Shares and seconds, by name."""
    errors = [o for o in every if o.error]
    deserved = [o for o in every if o.row["verdict"] in ("plateau", "dead")]
    planted = [o for o in deserved if not o.row["tied"] and o.row["verdict"] == "plateau"]
    healthy = [o for o in every if o.row["verdict"] == "healthy"]
    seconds = [o.seconds for o in every]
    with_data = [o for o in every if "due" in o.row]
    right = sum(len(o.of_data & o.due) for o in with_data)
    told, due = sum(len(o.of_data) for o in with_data), sum(len(o.due) for o in with_data)
    return {
        "circuits": len(every),
        "errors": len(errors),
        "precision of errors": 1 - sum(o.is_wrong for o in every) / max(1, len(errors)),
        "recall of errors": 1 - sum(o.is_missed for o in deserved) / max(1, len(deserved)),
        "recall of untied plateaus": 1 - sum(o.is_missed for o in planted) / max(1, len(planted)),
        "healthy without a warning": 1 - sum(o.is_false_alarm for o in healthy) / max(1, len(healthy)),
        "models with data": len(with_data),
        "precision of data rules": right / max(1, told),
        "recall of data rules": right / max(1, due),
        "left open": sum(o.is_open for o in every) / len(every),
        "seconds, median": median(seconds),
        "seconds, 95th percentile": quantiles(seconds, n=20)[-1],
        "seconds, most": max(seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, metavar="K")
    parser.add_argument("--missed", action="store_true")
    asked = parser.parse_args()
    every = outcomes(asked.every)
    for name, value in summary(every).items():
        print(f"{name:28} {value:.4g}")
    print("truth:", dict(Counter(str(o.row["verdict"]) for o in every)))
    if asked.missed:
        for o in every:
            marks = [m for m in ("is_missed", "is_wrong", "is_false_alarm", "is_open", "is_off") if getattr(o, m)]
            if marks:
                print(f"{o.row['name']:24} {o.row['verdict']:8} signal {o.row['signal']}: {', '.join(marks)}: {o.said}")


if __name__ == "__main__":
    main()

"""A place in the sources, what it is broken into, and the tests that have to notice."""

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Mutant(NamedTuple):
    """``old``, which ``file`` has once, becomes ``new``; ``tests`` is a path in ``tests/``, with ``-k`` words if need be.

    ``rule`` is the code of the rule that rests on it, or the room of what many rest on.
    """

    rule: str
    file: str
    old: str
    new: str
    tests: str

    def __str__(self) -> str:
        return f"{self.file}: {self.old} → {self.new}"

    def made(self, text: str) -> str:
        """The text of the file with the mutant in it. ``ValueError`` if it has no such place, or several."""
        if text.count(self.old) != 1 or self.new == self.old:
            raise ValueError(f"{self.rule}: want {self.old!r} once in {self.file}, and something else for it")
        return text.replace(self.old, self.new)


def of_rule(code: str, old: str, new: str, tests: str = "") -> Mutant:
    """A mutant of the rule's own file; its examples notice unless other tests are named."""
    (file,) = (ROOT / "rules" / "bplint_rules").glob(f"{code.lower()}_*.py")
    return Mutant(code, file.relative_to(ROOT).as_posix(), old, new, tests or f"rules -k {code}")


def of_analysis(code: str, name: str, old: str, new: str, tests: str = "") -> Mutant:
    """A mutant of ``analyses/name.py``; the tests of that file notice unless others in ``tests/analyses`` are named."""
    folder, slash, stem = name.rpartition("/")
    own = f"{folder}{slash}test_{stem}.py"
    return Mutant(code, f"bplint/analyses/{name}.py", old, new, f"analyses/{tests or own}")


def of_module(room: str, module: str, old: str, new: str, only: str = "") -> Mutant:
    """A mutant of ``bplint/module.py``; the tests of that name notice, ``only`` some of them."""
    folder, slash, stem = module.rpartition("/")
    return Mutant(room, f"bplint/{module}.py", old, new, f"{folder}{slash}test_{stem}.py {only}".rstrip())

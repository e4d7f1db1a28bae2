"""Runs of the command line that are made once and shown as often as they are asked for, in every width and with -v or not."""

from functools import cache
from unittest.mock import patch

from click.testing import CliRunner

from bplint import run
from bplint.cli import main
from bplint.run import Progress


class Recorded(Progress):
    """What a run told of itself as it went on."""

    def __init__(self):
        super().__init__()
        self.started, self.entries = (), []

    def start(self, *told):
        self.started = told

    def done(self, entry):
        self.entries.append(entry)


@cache
def recorded(make, paths, settings, schedule):
    progress = Recorded()
    return make(paths, settings, schedule=schedule, progress=progress), progress


def once(make):
    """As ``make``, but paths that were looked at in the same way are only shown again."""

    def shown(paths, settings, *, schedule, progress):
        report, told = recorded(make, tuple(paths), settings, schedule)
        progress.start(*told.started)
        for entry in told.entries:
            progress.done(entry)
        return report

    return shown


def invoke(*arguments):
    """``bplint ARGUMENTS``."""
    with patch("bplint.run.lint", once(run.lint)), patch("bplint.run.profile", once(run.profile)):
        return CliRunner().invoke(main, arguments)

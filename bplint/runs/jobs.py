"""What is done to a source: its rules run, or it is measured."""

from __future__ import annotations

from collections.abc import Sequence

from bplint.config import Settings
from bplint.config.in_force import Configurations
from bplint.plugins import check_analyses, load, load_analyses
from bplint.rule import Rule
from bplint.runs.baseline import Baselines
from bplint.runs.one_source import Job


def lint_job(settings: Settings, rules: Sequence[Rule] | None = None) -> Job:
    """What linting does to a source, with the installed rules or with these."""
    plugins = load(settings.blocked)
    plugins = plugins._replace(failures=plugins.failures + check_analyses(settings.blocked))
    configurations = Configurations(settings, plugins.rules if rules is None else rules)
    return Job(settings, plugins, configurations, baselines=Baselines(taken=settings.write_baseline))


def profile_job(settings: Settings) -> Job:
    """What measuring does to a source: every analysis for a profile, ours first, no rule."""
    plugins, analyses = load(settings.blocked), load_analyses(settings.blocked)
    chosen = tuple(analysis for analysis in analyses.by_name.values() if analysis.in_profile)
    plugins = plugins._replace(failures=plugins.failures + analyses.failures)
    return Job(settings, plugins, Configurations(settings, plugins.rules), chosen)

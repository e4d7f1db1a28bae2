"""bplint in pytest: circuit files and builders as items under ``pytest --bplint``, and the fixture ``assert_trainable``.

pytest loads this module in every project where bplint is installed, so it imports nothing of bplint until a run asks for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from inspect import unwrap
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bplint.family import DeclaredFamily
    from bplint.runs.run_report import Report


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch."""
    parser.getgroup("bplint").addoption(
        "--bplint",
        action="store_true",
        help="Lint circuit files, and the circuits of builders decorated with @bplint.circuit.",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Circuit files, and the modules beside the tests that declare builders, where the run asks for them."""
    if not parent.config.getoption("bplint") or _is_excluded(file_path, parent):
        return None
    if file_path.suffix == ".py":
        declares = not _is_test_module(file_path, parent) and _declares_builders(file_path)
        return BuilderModule.from_parent(parent, path=file_path) if declares else None
    from bplint.errors import PluginError
    from bplint.plugins import load
    from bplint.sources.collect import claimed

    try:
        importers = load().importers
    except PluginError as error:
        raise pytest.UsageError(f"bplint: {error}") from None
    return CircuitFile.from_parent(parent, path=file_path) if claimed(str(file_path), importers) else None


def _is_excluded(path: Path, parent: pytest.Collector) -> bool:
    """Whether bplint's configuration or git leaves it out; what is named, and what lies below a folder that is, is not."""
    from bplint.config import Settings
    from bplint.errors import BplintError
    from bplint.runs.jobs import lint_job
    from bplint.sources.excluded import passed_over

    if parent.session.isinitpath(path):
        return False
    top = next((folder for folder in path.parents if parent.session.isinitpath(folder)), parent.config.rootpath)
    try:
        return path.is_relative_to(top) and passed_over(
            str(path), str(top), lint_job(Settings()).configurations.excluded
        )
    except BplintError as error:
        raise pytest.UsageError(f"bplint: {error}") from None


def _is_test_module(path: Path, parent: pytest.Collector) -> bool:
    """Whether pytest collects it anyway, builders and all."""
    return parent.session.isinitpath(path) or any(path.match(glob) for glob in parent.config.getini("python_files"))


def _declares_builders(path: Path) -> bool:
    """Whether the decorator stands in a file, told from its text: what declares none is not imported."""
    from bplint.errors import SourceError
    from bplint.sources.builders import builders
    from bplint.sources.collect import InputSource

    try:
        data = InputSource(str(path), str(path)).read()
    except SourceError:
        return False
    try:
        return b"bplint" in data and any(builder.declared for builder in builders(data))
    except SourceError:
        return True  # to import it says what is wrong


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> list[pytest.Item] | None:
    """Builders, in the module that defines them: one that imports them must not collect them again."""
    if not (isinstance(collector, pytest.Module) and collector.config.getoption("bplint")):
        return None
    if isinstance(obj, type) or not callable(obj) or getattr(obj, "__module__", "") != collector.obj.__name__:
        return None
    from bplint.family import declared, item_name

    told = declared(obj)
    if told is None:
        return None
    done: dict[int, Report] = {}
    items: list[pytest.Item] = [
        BuilderItem.from_parent(collector, name=item_name(name, size), builder=obj, told=told, size=size, done=done)
        for size in told.sizes or (None,)
    ]
    if len(told.sizes) > 1:
        items.append(FamilyItem.from_parent(collector, name=name, builder=obj, told=told, done=done))
    return items


@pytest.fixture(scope="session")
def assert_trainable() -> Callable[..., Report]:
    """:func:`bplint.assert_trainable`, with a traceback that ends in the test."""

    def check(circuit: Any, *arguments: Any, **keywords: Any) -> Report:
        __tracebackhide__ = True
        from bplint.api import assert_trainable

        try:
            return assert_trainable(circuit, *arguments, **keywords)
        except AssertionError as error:
            raise AssertionError(*error.args) from None

    return check


class CircuitFile(pytest.File):
    """A file that holds one circuit."""

    def collect(self) -> Iterator[pytest.Item]:
        """The circuit; its id is that of the file, as on bplint's own command line."""
        yield CircuitItem.from_parent(self, name=self.path.name, nodeid=self.nodeid)


class BuilderModule(pytest.Module):
    """A module that holds no tests but declares builders."""

    def collect(self) -> Iterator[pytest.Item]:
        """The circuits of its builders alone."""
        yield from (item for item in super().collect() if isinstance(item, LintItem))


class LintItem(pytest.Item):
    """One circuit: fails where the command would, is skipped where it could not tell, keeps the report of what it found."""

    def report(self) -> Report:
        """What bplint says of it."""
        raise NotImplementedError

    def runtest(self) -> None:
        """Lint."""
        __tracebackhide__ = True
        from bplint.errors import BplintError, SourceError

        try:
            report = self.report()
        except SourceError as error:
            hint = f"\n{error.hint}" if error.hint else ""
            raise pytest.fail.Exception(f"BP001 unreadable: {error.message}{hint}", pytrace=False) from None
        except BplintError as error:
            raise pytest.fail.Exception(f"bplint: {error}", pytrace=False) from None
        if report.failures:
            pytest.fail(
                "\n".join([*dict.fromkeys(f.title for f in report.failures), "", self._told(report)]), pytrace=False
            )
        if not report.ok():
            worst = max(finding.severity for finding in report.findings)
            named = dict.fromkeys(f"{f.code} {f.name}" for f in report.findings if f.severity is worst)
            pytest.fail(f"{', '.join(named)}\n\n{self._told(report)}", pytrace=False)
        if report.findings:
            self.add_report_section("call", "bplint", self._told(report))
        if unsettled := report.unsettled:  # could not tell is not clean
            raise pytest.skip.Exception("; ".join(unsettled), _use_item_location=True)

    def _told(self, report: Report) -> str:
        """The report, with everything under pytest's own -v."""
        return replace(report, in_python=False).to_text(verbose=self.config.option.verbose > 0)


class CircuitItem(LintItem):
    """The circuit of a file, under the configuration of its place."""

    def report(self) -> Report:
        """As ``bplint FILE`` has it."""
        from bplint.config import Settings
        from bplint.run import lint

        return lint([os.path.relpath(self.path)], Settings())

    def reportinfo(self) -> tuple[Path, int, str]:
        """The place, and what heads a failure."""
        return self.path, 0, f"bplint {self.name}"


class BuilderItem(LintItem):
    """The circuit that a builder makes of one size, or of none. ``done`` takes its report, for the family."""

    def __init__(
        self,
        *,
        builder: Callable[..., Any],
        told: DeclaredFamily,
        done: dict[int, Report],
        size: int | None = None,
        **node: Any,
    ) -> None:
        super().__init__(**node)
        self.builder, self.told, self.done, self.size = builder, told, done, size
        self.own_markers.extend(getattr(builder, "pytestmark", ()))
        self.keywords.update((mark.name, mark) for mark in self.own_markers)

    def report(self) -> Report:
        """As :func:`bplint.lint` and :func:`bplint.lint_family` have it."""
        from bplint.api import lint_builder, lint_family

        if self.size is None:
            return lint_builder(self.builder)
        report = self.done[self.size] = lint_family(self.builder, [self.size])
        return report

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """An exception of the builder's own is shown from its first line on."""
        if not self.config.getoption("fulltrace"):
            excinfo.traceback = excinfo.traceback.cut(path=_code(self.builder).co_filename)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The place of the builder."""
        return self.path, _code(self.builder).co_firstlineno - 1, self.name


class FamilyItem(BuilderItem):
    """What the circuits of all sizes show together; what each shows alone is the concern of its own item."""

    def report(self) -> Report:
        """The findings of the family, from the reports that are there and those that are not yet."""
        from dataclasses import replace
        from time import perf_counter

        from bplint.api import lint_family
        from bplint.run import family_report
        from bplint.runs.jobs import lint_job

        begin = perf_counter()
        reports = {size: self.done.get(size) or lint_family(self.builder, [size]) for size in self.told.sizes}
        self.done.clear()
        members = {size: report.circuits[0] for size, report in reports.items()}
        job = lint_job(reports[self.told.sizes[0]].settings)
        found = family_report(job, self.builder.__name__, members, job.configurations.of(str(self.path)), begin)
        return replace(found, entries=tuple(m._replace(findings=(), analyses={}) for m in found.circuits))


def _code(builder: Callable[..., Any]) -> CodeType:
    """Of a function, or of the one that a QNode is made of."""
    code: CodeType = unwrap(builder).__code__
    return code

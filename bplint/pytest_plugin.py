"""bplint in pytest: circuit files and builders as items under ``pytest --bplint``, and the fixture ``assert_trainable``.

pytest loads this module in every project where bplint is installed, so it imports nothing of bplint until a run asks for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from inspect import unwrap
from pathlib import Path
from types import CodeType, MappingProxyType, ModuleType
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
        holds = not _is_test_module(file_path, parent) and _holds_builders(file_path, parent)
        return BuilderModule.from_parent(parent, path=file_path) if holds else None
    if file_path.suffix == ".ipynb":
        return Notebook.from_parent(parent, path=file_path) if _holds_builders(file_path, parent) else None
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


def _holds_builders(path: Path, parent: pytest.Collector) -> bool:
    """Whether the decorator stands in a file, told from its text, or configuration names it: no other is imported."""
    from bplint.errors import SourceError
    from bplint.sources.builders import builders
    from bplint.sources.collect import InputSource, module_text

    if _targets(path, parent.config):
        return True
    source = InputSource(str(path), str(path))
    try:
        if b"bplint" not in source.read():
            return False
    except SourceError:
        return False
    try:
        return any(builder.declared for builder in builders(module_text(source)))
    except SourceError:
        return True  # to import it says what is wrong


def _targets(path: Path, config: pytest.Config) -> dict[str, tuple[int, ...]]:
    """The builders in a file that configuration names, with their sizes where it says them."""
    from bplint.config import Settings
    from bplint.errors import BplintError
    from bplint.runs.jobs import lint_job

    known = config.stash.setdefault(_KNOWN_TARGETS, {})
    if path not in known:
        try:
            targets = lint_job(Settings()).configurations.of(str(path)).targets_in(str(path))
        except BplintError as error:
            raise pytest.UsageError(f"bplint: {error}") from None
        known[path] = {target.function: target.sizes for target in targets}
    return known[path]


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> list[pytest.Item] | None:
    """Builders, in the module that defines them: one that imports them must not collect them again."""
    if not (isinstance(collector, pytest.Module) and collector.config.getoption("bplint")):
        return None
    return (_items(collector, name, obj) or None) if _is_defined_in(collector.obj, obj) else None


def _is_defined_in(module: ModuleType, obj: object) -> bool:
    """Whether it is a function, or what a decorator makes of one, and stands in a module itself."""
    return callable(obj) and not isinstance(obj, type) and getattr(obj, "__module__", "") == module.__name__


def _items(collector: pytest.File, name: str, obj: Any) -> list[pytest.Item]:
    """The circuits of a builder, and their family; nothing of any other function."""
    from bplint.family import DeclaredFamily, declared, item_name

    targets = _targets(collector.path, collector.config)
    told = declared(obj)
    if told is None and name not in targets:
        return []
    told = (told or DeclaredFamily()).given(sizes=targets.get(name) or None)
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
        if missing := sorted(_targets(self.path, self.config).keys() - vars(self.obj).keys()):
            raise self.CollectError(f"configuration names {', '.join(missing)}: there is no such function in this file")
        yield from (item for item in super().collect() if isinstance(item, LintItem))


class Notebook(pytest.File):
    """A notebook that declares builders; its cells run as one module, which finds others in the folder of the notebook."""

    def collect(self) -> Iterator[pytest.Item]:
        """The circuits of its builders."""
        from bplint.errors import SourceError
        from bplint.sources.collect import InputSource, module_text

        module = ModuleType(self.path.name)
        module.__file__ = str(self.path)
        try:
            code = module_text(InputSource(module.__file__, module.__file__))
        except SourceError as error:
            raise self.CollectError(f"BP001 unreadable: {error.message}") from None
        sys.modules[module.__name__] = module
        if str(self.path.parent) not in sys.path:
            sys.path.insert(0, str(self.path.parent))
        try:
            exec(compile(code, module.__file__, "exec"), module.__dict__)
        except SystemExit as error:
            raise self.CollectError(f"the notebook ends with SystemExit: {error}") from None
        for name, obj in list(vars(module).items()):
            if _is_defined_in(module, obj):
                yield from _items(self, name, obj)


class LintItem(pytest.Item):
    """One circuit: fails where the command would, is skipped where it could not tell, keeps the report of what it found."""

    funcargs: Mapping[str, object] = MappingProxyType({})
    """No fixtures; pytest-lsp breaks items that cannot be asked."""

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
        measured = family_report(job, self.builder.__name__, members, job.configurations.of(str(self.path)), begin)
        return replace(measured, entries=tuple(m._replace(findings=(), analyses={}) for m in measured.circuits))


def _code(builder: Callable[..., Any]) -> CodeType:
    """Of a function, or of the one that a QNode is made of."""
    code: CodeType = unwrap(builder).__code__
    return code


_KNOWN_TARGETS: pytest.StashKey[dict[Path, dict[str, tuple[int, ...]]]] = pytest.StashKey()

"""All builders under the paths of a run, several files at once if asked for."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bplint.config.in_force import Configurations
from bplint.sources.building.circuit import BuiltCircuit
from bplint.sources.building.files import BuilderFile, BuildRequest, build, read
from bplint.sources.building.process import Processes
from bplint.sources.collect import InputSource, collect_python, may_hold_builders


def builder_files(configurations: Configurations, paths: Sequence[str]) -> list[BuilderFile]:
    """The Python files under these paths that hold builders, read and not run."""

    def targets_in(file: str) -> object:
        return configurations.of(file).targets_in(file)

    files: list[BuilderFile] = []
    for source in collect_python(paths, configurations.excluded, is_target=targets_in):
        # Also where a file is named, as hooks name all that changed: most Python is none of our concern.
        if may_hold_builders(source.path) or targets_in(source.path):
            files.append(read_file(configurations, source))
    return [file for file in files if file.builders or file.error]


def read_file(configurations: Configurations, source: InputSource) -> BuilderFile:
    """One Python file, with the builders that configuration names."""
    settings = configurations.of(source.name)
    return read(source, settings.id_of(source.name), settings.targets_in(source.name))


def build_all(orders: Sequence[tuple[BuilderFile, BuildRequest]], jobs: int) -> tuple[list[BuiltCircuit], int]:
    """The circuits of all files, in their order, and how many the keyword leaves out."""
    processes = Processes()
    with ThreadPoolExecutor(max(1, min(jobs, len(orders)))) as threads:
        futures = [threads.submit(build, file, request, processes) for file, request in orders]
        try:
            built = [future.result() for future in futures]
        except BaseException:  # Ctrl-C: nothing that was started goes on
            processes.end()
            threads.shutdown(cancel_futures=True)
            raise
    return [circuit for circuits, _ in built for circuit in circuits], sum(left for _, left in built)

"""What git knows of a source: where its repository is, what stood there at another commit, what it was called then.

git is called as a program, never through a shell; names come separated by NUL, as bytes, so that any name will do. No hook, no
file system monitor and no external diff of the repository runs.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from typing import NamedTuple

from bplint.errors import UsageError


class OldFile(NamedTuple):
    """A file at the other commit: its path in the repository then, and whether it is the same now."""

    path: str
    same: bool


class Repository:
    """A repository compared with one of its commits. ``commit`` is None of a submodule that was not there: all of it is new.

    ``top`` (absolute, real) is its folder. To be closed, which removes what :meth:`tree` made.
    """

    def __init__(self, top: str, commit: str | None) -> None:
        self.top = top
        self.commit = commit
        self._tree: str | None = None
        self._known: Mapping[str, OldFile] | None = None

    @classmethod
    def of(cls, folder: str, ref: str) -> Repository:
        """The repository around a folder, at the commit that ``ref`` names; ``REF...`` is where this branch left REF.

        ``UsageError`` where there is no git, no repository or no such commit, with what would mend it.
        """
        output = _try("rev-parse", "--show-toplevel", folder=folder)
        if output is None:
            raise UsageError(f"--diff-base {ref}: {folder} is in no git repository that can be read here")
        top = os.path.realpath(_line(output))
        above = _line(_try("rev-parse", "--show-superproject-working-tree", folder=top) or b"")
        if above:
            outer = cls.of(above, ref)
            return cls(top, outer._submodule(top, ref))
        return cls(top, _commit(top, ref))

    def old(self, path: str) -> OldFile | None:
        """What a file (absolute path) was at the commit; None if it is new."""
        if self.commit is None:
            return None
        if self._known is None:
            self._known = self._files()
        return self._known.get(self._inside(path))

    def tree(self) -> str:
        """A folder with all files of the commit, made when it is first asked for."""
        if self._tree is None:
            assert self.commit
            place = os.path.realpath(tempfile.mkdtemp(prefix="bplint-base-"))
            self._tree = place
            _git("worktree", "add", "--detach", "--force", os.path.join(place, "tree"), self.commit, folder=self.top)
        return os.path.join(self._tree, "tree")

    def at(self, path: str) -> str:
        """The place in :meth:`tree` that a path (absolute) in the repository has there; that of the top for any other."""
        return os.path.normpath(os.path.join(self.tree(), self._inside(path)))

    def close(self) -> None:
        """Remove the folder of the commit."""
        if self._tree is None:
            return
        place, self._tree = self._tree, None
        with contextlib.suppress(UsageError):
            _git("worktree", "remove", "--force", "--force", os.path.join(place, "tree"), folder=self.top)
        shutil.rmtree(place, ignore_errors=True)

    def _inside(self, path: str) -> str:
        """A path as git names it; empty for the top and for what is outside."""
        real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        inner = os.path.relpath(real, self.top)
        return "" if inner == os.curdir or inner.startswith(os.pardir) else inner.replace(os.sep, "/")

    def _files(self) -> Mapping[str, OldFile]:
        """Each file of today that the commit has, by its path of today."""
        assert self.commit
        names = _git("ls-tree", "-r", "-z", "--name-only", "--full-tree", self.commit, folder=self.top).split(b"\0")
        files = {name: OldFile(name, same=True) for name in map(os.fsdecode, names) if name}
        fields = iter(
            _git("diff", "--name-status", "-z", "-M", *_PLAIN, self.commit, "--", folder=self.top).split(b"\0")
        )
        for status in fields:
            if not status:
                break
            before = after = os.fsdecode(next(fields))
            if status[:1] in b"RC":
                after = os.fsdecode(next(fields))
            if status[:1] in b"DR":
                files.pop(before, None)
            if status[:1] not in b"DA":
                files[after] = OldFile(before, same=status == b"R100")
        return files

    def _submodule(self, top: str, ref: str) -> str | None:
        """The commit at which this repository had the submodule in a folder."""
        if self.commit is None:
            return None
        listed = _git("ls-tree", "-z", "--full-tree", self.commit, "--", self._inside(top), folder=self.top)
        mode, kind, commit = [*listed.partition(b"\t")[0].split(), b"", b"", b""][:3]
        if (mode, kind) != (b"160000", b"commit"):
            return None
        name = commit.decode()
        if _try("cat-file", "-e", f"{name}^{{commit}}", folder=top) is None:
            raise UsageError(f"--diff-base {ref}: the submodule {top} lacks its commit {name}: git -C {top} fetch")
        return name


def _commit(top: str, ref: str) -> str:
    """The commit that a name stands for."""
    name = ref.removesuffix("...")
    commit = _try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", folder=top)
    base = commit
    if commit and ref.endswith("..."):
        base = _try("merge-base", _line(commit), "HEAD", folder=top)
    if base:
        return _line(base)
    shallow = _line(_try("rev-parse", "--is-shallow-repository", folder=top) or b"") == "true"
    remote, _, branch = name.partition("/")
    known = _line(_try("remote", folder=top) or b"").split()
    fetch = f"git fetch {remote} {branch}" if remote in known and branch else f"git fetch origin {name}"
    mend = "git fetch --unshallow" if shallow else fetch
    what = "no common ancestor with HEAD" if commit else "no such commit in this clone"
    raise UsageError(f"--diff-base {ref}: {what}{', which is shallow' if shallow else ''}: {mend}")


def _try(*arguments: str, folder: str) -> bytes | None:
    """What git prints; None where it fails."""
    done = _run(arguments, folder)
    return done.stdout if done.returncode == 0 else None


def _git(*arguments: str, folder: str) -> bytes:
    """What git prints. ``UsageError`` with its own words where it fails."""
    done = _run(arguments, folder)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise UsageError(f"--diff-base: git {arguments[0]}: {said[-1]}")
    return done.stdout


def _run(arguments: tuple[str, ...], folder: str) -> subprocess.CompletedProcess[bytes]:
    # Hooks of git have these set, and then git would look at another repository than the one in the folder.
    environment = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    command = ["git", *_QUIET, *arguments]
    try:
        return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
    except FileNotFoundError as error:
        raise UsageError("--diff-base needs git, and there is no such program on the PATH") from error
    except OSError as error:
        raise UsageError(f"--diff-base: git cannot be run: {error.strerror}") from error


def _line(output: bytes) -> str:
    return os.fsdecode(output.rstrip(b"\r\n"))


_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
_PLAIN = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
_OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")

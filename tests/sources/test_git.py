"""Git: odd names, renames, deletions, submodules, worktrees, and what is said where a commit is not there."""

import os
import subprocess

import pytest

from bplint.errors import UsageError
from bplint.sources.git import OldFile, Repository

TEXT = "".join(f"line {i}\n" for i in range(30))
ODD = ["a b.qasm", "new\nline.qasm", "-rf.qasm", "ünï.qasm", os.fsdecode(b"\xff\xfe.qasm"), '"quoted".qasm', "R100"]


def git(*arguments, folder):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always"]
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repo(tmp_path):
    top = tmp_path / "repo"
    top.mkdir()
    git("init", "-q", "-b", "main", folder=top)
    for name in [*ODD, "moved.qasm", "deleted.qasm", "changed.qasm"]:
        (top / name).write_text(TEXT.replace("line", ascii(name)[1]) + name.encode(errors="replace").decode())
    git("add", "-A", folder=top)
    git("commit", "-q", "-m", "one", folder=top)
    return top


def old(repo, name, ref="main"):
    found = Repository.of(str(repo), ref)
    return found.old(str(repo / name))


def test_odd_names_are_found(repo):
    assert {old(repo, name) for name in ODD} == {OldFile(name, same=True) for name in ODD}


def test_changes_renames_and_deletions(repo):
    (repo / "changed.qasm").write_text("more")
    (repo / "sub").mkdir()
    git("mv", "moved.qasm", "sub/there.qasm", folder=repo)
    git("rm", "-q", "deleted.qasm", folder=repo)
    (repo / "untracked.qasm").write_text("")
    assert old(repo, "changed.qasm") == OldFile("changed.qasm", same=False)
    assert old(repo, "sub/there.qasm") == OldFile("moved.qasm", same=True)
    assert [old(repo, name) for name in ("moved.qasm", "deleted.qasm", "untracked.qasm", "never.qasm")] == [None] * 4
    (repo / "sub/there.qasm").write_text(TEXT.replace("line", "m") + "and more\n")
    assert old(repo, "sub/there.qasm") == OldFile("moved.qasm", same=False)


def test_the_tree_is_that_of_the_commit_and_goes_away(repo):
    (repo / "changed.qasm").write_text("now")
    hook = repo / ".git/hooks/post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch '{repo}/ran'\n")
    hook.chmod(0o755)
    found = Repository.of(str(repo), "HEAD")
    tree = found.tree()
    with open(found.at(str(repo / "changed.qasm"))) as file:
        assert file.read().endswith("changed.qasm")
    found.close()
    assert not os.path.exists(tree)
    assert not os.path.exists(repo / "ran")
    assert git("worktree", "list", folder=repo).count("\n") == 1
    assert (repo / "changed.qasm").read_text() == "now"


def test_a_linked_worktree_a_detached_head_and_a_hook(repo, tmp_path, monkeypatch):
    git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"), folder=repo)
    (tmp_path / "linked" / "changed.qasm").write_text("now")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "nowhere" / "index"))
    assert old(tmp_path / "linked", "changed.qasm") == OldFile("changed.qasm", same=False)
    found = Repository.of(str(tmp_path / "linked"), "main")
    assert os.path.exists(found.at(str(tmp_path / "linked" / "changed.qasm")))
    found.close()


def test_a_branch_without_commits_is_compared_too(repo):
    git("checkout", "-q", "--orphan", "unborn", folder=repo)
    (repo / "changed.qasm").write_text("now")
    assert old(repo, "changed.qasm") == OldFile("changed.qasm", same=False)


def test_three_dots_are_where_the_branch_left(repo):
    git("checkout", "-q", "-b", "work", folder=repo)
    git("commit", "-q", "--allow-empty", "-m", "two", folder=repo)
    base = git("rev-parse", "main", folder=repo).strip()
    git("checkout", "-q", "main", folder=repo)
    (repo / "changed.qasm").write_text("later")
    git("commit", "-qam", "three", folder=repo)
    git("checkout", "-q", "work", folder=repo)
    assert Repository.of(str(repo), "main...").commit == base
    assert Repository.of(str(repo), "main").commit != base


def test_submodules_are_compared_at_their_own_commits(repo, tmp_path):
    outer = tmp_path / "outer"
    outer.mkdir()
    git("init", "-q", "-b", "main", folder=outer)
    git("submodule", "add", "-q", str(repo), "inner", folder=outer)
    git("commit", "-q", "-m", "one", folder=outer)
    assert old(outer / "inner", "changed.qasm") == OldFile("changed.qasm", same=True)
    (outer / "inner" / "changed.qasm").write_text("now")
    git("commit", "-qam", "two", folder=outer / "inner")
    assert old(outer / "inner", "changed.qasm") == OldFile("changed.qasm", same=False)
    (outer / "inner2").mkdir()
    git("submodule", "add", "-q", str(repo), "later", folder=outer)
    assert old(outer / "later", "changed.qasm") is None


@pytest.mark.parametrize(
    "ref", ["nosuch", "origin/nosuch", "--help", "-x", "main:changed.qasm", "", "main^7", "nosuch..."]
)
def test_what_is_no_commit_is_refused_with_a_remedy(repo, ref):
    with pytest.raises(UsageError, match=r"no such commit in this clone: git fetch"):
        Repository.of(str(repo), ref)


def test_a_shallow_clone_says_so(repo, tmp_path):
    git("commit", "-q", "--allow-empty", "-m", "two", folder=repo)
    git("clone", "-q", "--depth", "1", repo.as_uri(), str(tmp_path / "clone"), folder=tmp_path)
    with pytest.raises(UsageError, match="which is shallow: git fetch --unshallow"):
        Repository.of(str(tmp_path / "clone"), "main~1")


def test_no_repository_and_no_git(tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="in no git repository"):
        Repository.of(str(tmp_path), "main")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="needs git"):
        Repository.of(str(tmp_path), "main")

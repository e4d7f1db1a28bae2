"""An editor's session with `bplint server` over standard input and output, by pytest-lsp's client."""

import asyncio
import sys

import pytest
from click.testing import CliRunner
from lsprotocol import types

from bplint.cli import main

pytest_lsp = pytest.importorskip("pytest_lsp")

GUESS = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = projector(0..n-1)
// bplint: shots = 1000
input array[float[64], 8] t;
qubit[8] q;
for int i in [0:7] ry(t[i]) q[i];
"""
SECONDS = 120


class Editor:
    """One session; ``shown`` waits for the next diagnostics of a document and gives their codes."""

    def __init__(self, client, folder):
        self.client, self.folder = client, folder

    def uri(self, name):
        return (self.folder / name).as_uri()

    def open(self, name, text, language="openqasm"):
        item = types.TextDocumentItem(self.uri(name), language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, name, text, version):
        document = types.VersionedTextDocumentIdentifier(version, self.uri(name))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def save(self, name):
        self.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(self.uri(name)))
        )

    def close(self, name):
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri(name)))
        )

    async def shown(self, name):
        while True:
            got = self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
            params = await asyncio.wait_for(got, SECONDS)
            if params.uri == self.uri(name):
                return params.version, {diagnostic.code for diagnostic in params.diagnostics}

    async def hover(self, name, line, character):
        place = types.HoverParams(types.TextDocumentIdentifier(self.uri(name)), types.Position(line, character))
        return await self.client.text_document_hover_async(place)

    async def actions(self, name, line, only=None):
        place = types.Range(types.Position(line, 0), types.Position(line, 1000))
        context = types.CodeActionContext([], only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(self.uri(name)), place, context)
        return await self.client.text_document_code_action_async(params)


def session(work, folder):
    """Work in an editor that starts the server, greets it, and says goodbye."""

    async def run():
        command = [sys.executable, "-m", "bplint", "server"]
        client = await pytest_lsp.ClientServerConfig(server_command=command).start()
        capabilities = pytest_lsp.client_capabilities("visual-studio-code")
        await client.initialize_session(types.InitializeParams(capabilities, root_uri=folder.as_uri()))
        await work(Editor(client, folder))
        await client.shutdown_session()
        await asyncio.wait_for(client._server.wait(), SECONDS)
        await client.stop()
        return client._server.returncode

    assert asyncio.run(run()) == 0


def test_a_document_is_linted_explained_and_mended(tmp_path):
    async def work(editor):
        editor.open("guess.qasm", GUESS)
        assert await editor.shown("guess.qasm") == (1, {"BP201"}), "what needs no measuring comes at once"
        _, codes = await editor.shown("guess.qasm")
        assert codes >= {"BP301", "BP201", "BP701"}
        assert await editor.shown("guess.qasm") == (1, codes)
        page = await editor.hover("guess.qasm", 6, 22)
        assert page.contents.value.startswith("# BP301 vanishing-gradient")
        assert await editor.hover("guess.qasm", 1, 3) is None
        titles = [action.title for action in await editor.actions("guess.qasm", 6)]
        assert titles[0].startswith("measure one qubit at a time")
        assert titles[-1].startswith("ignore BP")
        assert not await editor.actions("guess.qasm", 6, [types.CodeActionKind.Refactor])
        editor.change("guess.qasm", "\n" + GUESS, 2)
        assert not await editor.actions("guess.qasm", 6), "they were edits of another text"
        editor.change("guess.qasm", GUESS.replace("projector(0..n-1)", "mean(Z)"), 3)
        editor.save("guess.qasm")
        assert await editor.shown("guess.qasm") == (3, set())
        editor.close("guess.qasm")
        assert (await editor.shown("guess.qasm"))[1] == set()

    session(work, tmp_path)


def test_an_edit_ends_the_work_and_no_code_of_the_folder_runs(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("open('ran', 'w')\n")
    (tmp_path / "json.py").write_text("open('ran', 'w')\n")
    (tmp_path / "builder.py").write_text("open('ran', 'w')\nimport bplint\n@bplint.circuit\ndef f(): pass\n")

    async def work(editor):
        editor.open("builder.py", (tmp_path / "builder.py").read_text(), "python")
        editor.open("guess.qasm", GUESS)
        editor.change("guess.qasm", "nonsense", 2)  # before anything was found
        editor.open("broken.qasm", "OPENQASM 3.0;\nnonsense;\n")
        for _ in range(3):
            assert await editor.shown("broken.qasm") == (1, {"BP001"})
        assert set(editor.client.diagnostics) == {editor.uri("broken.qasm")}
        editor.open("without an ending", "OPENQASM 3.0;\nnonsense;\n")
        assert await editor.shown("without an ending") == (1, {"BP001"})
        editor.close("without an ending")
        (tmp_path / "bplint.toml").write_text("shotz = 1\n")
        editor.save("broken.qasm")
        assert await editor.shown("broken.qasm") == (1, {None})
        (told,) = editor.client.diagnostics[editor.uri("broken.qasm")]
        assert "shotz" in told.message

    monkeypatch.chdir(tmp_path)
    session(work, tmp_path)
    assert not (tmp_path / "ran").exists()


def test_without_pygls_the_extra_is_named(monkeypatch):
    for name in [name for name in sys.modules if name.startswith(("bplint.server", "pygls", "lsprotocol"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    result = CliRunner().invoke(main, ["server"])
    assert (result.exit_code, "pip install 'bplint[lsp]'" in result.output) == (2, True)

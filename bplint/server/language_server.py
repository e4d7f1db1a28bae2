"""The server itself: documents come in, diagnostics go out; hovers and actions are answered from what was found."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from bplint import __version__
from bplint.explain import page
from bplint.plugins import load
from bplint.server.actions import actions
from bplint.server.diagnostics import Document, Shown, failed, failures, shown
from bplint.server.linting import Ended, linted

SUFFIXES = (".qasm", ".qasm2", ".qasm3")
_LINES = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


class Server(LanguageServer):
    """What is known of each open document, by its URI: what was found in which version, and the task that looks at it."""

    def __init__(self) -> None:
        super().__init__("bplint", __version__)
        self.rules = load().rules
        self.shown: dict[str, tuple[Document, Sequence[Shown]]] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def look(self, uri: str) -> None:
        """Lint the document as it is now; what was begun for an earlier version ends."""
        self.cancel(uri)
        document = self.workspace.get_text_document(uri)
        if _is_openqasm(document):
            self.tasks[uri] = asyncio.ensure_future(self._look(document))

    def cancel(self, uri: str) -> None:
        """End the work on a document."""
        if task := self.tasks.pop(uri, None):
            task.cancel()

    def at(self, uri: str, place: types.Range) -> Iterator[tuple[Document, Shown]]:
        """The findings that touch a place."""
        document, shown = self.shown.get(uri, (None, ()))
        for one in shown:
            if document and _touch(one.diagnostic.range, place):
                yield document, one

    async def _look(self, source: TextDocument) -> None:
        document = Document(source.uri, source.version, tuple(_LINES.split(source.source)), source.position_codec)
        try:
            async for entry in linted(source.source, _path(source.uri)):
                self._show(document, shown(entry, document, self.rules), list(failures(entry)))
        except Ended as error:
            self._show(document, [], [str(error)])

    def _show(self, document: Document, shown: Sequence[Shown], messages: Sequence[str]) -> None:
        self.shown[document.uri] = document, shown
        told = [*failed(messages, document), *(one.diagnostic for one in shown)]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(document.uri, told, document.version))


def serve() -> None:
    """Speak with an editor over standard input and output until it says exit."""
    server().start_io()


def server() -> Server:
    """The server with all that it answers to."""
    server = Server()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.look(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.look(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.cancel(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.cancel(uri)
        server.shown.pop(uri, None)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        here = list(server.at(params.text_document.uri, types.Range(params.position, params.position)))
        codes = dict.fromkeys(one.finding["code"] for _, one in here)
        pages = [page(server.rules, code) for code in codes if code in {rule.code for rule in server.rules}]
        if not pages:
            return None
        text = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(pages))
        return types.Hover(text, here[0][1].diagnostic.range)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    def acted(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        version = server.workspace.get_text_document(uri).version
        wanted = params.context.only
        if wanted and not any(types.CodeActionKind.QuickFix.value.startswith(kind) for kind in wanted):
            return []
        # What was found in an earlier version has no place in this one.
        here = [pair for pair in server.at(uri, params.range) if pair[0].version == version]
        return [action for document, one in here for action in actions(one, document)]

    return server


def _is_openqasm(document: TextDocument) -> bool:
    return "qasm" in (document.language_id or "") or document.uri.lower().endswith(SUFFIXES)


def _path(uri: str) -> str:
    """The file of a document; of one that has none, or another ending, a name that says what it holds."""
    path = uris.to_fs_path(uri) or "untitled"
    return path if path.lower().endswith(SUFFIXES) else f"{path}.qasm"


def _touch(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end

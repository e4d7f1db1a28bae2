"""``bplint server``."""

from __future__ import annotations

import click

from bplint.errors import UsageError


@click.command()
def server() -> None:
    """Serve an editor: findings, pages, repairs.

    Speaks the Language Server Protocol over standard input and output. Needs the extra: pip install 'bplint[lsp]'.
    """
    try:
        from bplint.server.language_server import serve
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        raise UsageError("the server needs pygls: pip install 'bplint[lsp]'") from error
    serve()

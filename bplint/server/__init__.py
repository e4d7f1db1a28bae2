"""``bplint server``: what bplint finds, in an editor that speaks the Language Server Protocol.

OpenQASM documents are linted as they are opened and saved, in a process of their own, which the next edit ends. Needs pygls,
the extra ``lsp``; nothing else imports it.
"""

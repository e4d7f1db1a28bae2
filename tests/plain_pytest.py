"""Options for a pytest that a test runs: nothing kept, and no plugins but bplint's, whatever else is installed."""

PLAIN = tuple(
    word
    for name in ("cacheprovider", "hypothesispytest", "randomly", "asyncio", "pytest-lsp")
    for word in ("-p", f"no:{name}")
)

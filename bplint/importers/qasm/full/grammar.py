"""The reference grammar, run in the faster of the two ways that its parser generator has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bplint.importers.qasm.full.tokens import tokens_of

if TYPE_CHECKING:
    from openqasm3 import ast


def tree(text: str) -> ast.Program:
    """The same as ``openqasm3.parse``, which uses the slower way only. Raises QASM3ParsingError.

    What the faster way reads is read right; what it does not read may still be right, and the slower way decides.
    """
    from antlr4 import CommonTokenStream, InputStream, RecognitionException  # type: ignore[import-untyped]
    from antlr4.atn.PredictionMode import PredictionMode  # type: ignore[import-untyped]
    from antlr4.error.Errors import ParseCancellationException  # type: ignore[import-untyped]
    from antlr4.error.ErrorStrategy import BailErrorStrategy  # type: ignore[import-untyped]
    from openqasm3 import parser

    reference: Any = parser  # it exports no types for these
    tokens = CommonTokenStream(None)
    found = tokens_of(text, reference.qasm3Lexer)
    if found is not None:
        tokens.tokens, tokens.fetchedEOF = found, True
    else:
        tokens.tokenSource = lexer = reference.qasm3Lexer(InputStream(text))
        lexer.removeErrorListeners()
        lexer.addErrorListener(_Raising())
    for mode in (PredictionMode.SLL, PredictionMode.LL):
        recognizer = reference.qasm3Parser(tokens)
        recognizer.removeErrorListeners()
        recognizer._errHandler = BailErrorStrategy()
        recognizer._interp.predictionMode = mode
        try:
            parsed = recognizer.program()
            break
        except (RecognitionException, ParseCancellationException) as error:
            if mode is PredictionMode.LL:
                raise reference.QASM3ParsingError from error
            tokens.seek(0)
    program: ast.Program = reference.QASMNodeVisitor().visitProgram(parsed)
    return program


class _Raising:
    """Listens to the lexer, which would go on after what is no token."""

    def syntaxError(self, recognizer: Any, symbol: Any, line: int, column: int, message: str, error: Any) -> None:  # noqa: N802
        from openqasm3.parser import QASM3ParsingError

        raise QASM3ParsingError(f"L{line}:C{column}: {message}") from error

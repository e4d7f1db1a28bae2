"""Templates into text: everything that is not written in a template is escaped, and no control character gets through."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from bplint.errors import UsageError
from bplint.report.text import printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def ready() -> None:
    """``UsageError`` that says what to install where the template library is missing."""
    try:
        import jinja2  # noqa: F401
    except ImportError as error:
        raise UsageError("--format html needs Jinja2:  pip install 'bplint[html]'") from error


def rendered(template: str, **values: Any) -> str:
    """A template with these values, each escaped wherever it stands."""
    ready()
    return _environment().get_template(template).render(**values)


def source(name: str) -> str:
    """The text of a style sheet or script as it is."""
    ready()
    environment = _environment()
    assert environment.loader
    return environment.loader.get_source(environment, name)[0]


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("bplint.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_plain,
    )
    environment.filters["whole"] = _whole
    return environment


def _whole(text: str) -> Markup:
    """A text in which no line ends within a number."""
    from markupsafe import Markup, escape

    kept = re.sub(r"[\d.,]+e-\d+", r'<span class="whole">\g<0></span>', str(escape(printable(text))))
    return Markup(kept)  # of what is escaped


def _plain(value: Any) -> Any:
    """Texts of circuits, comments, paths and plugins as characters that show; what templates made stays as it is."""
    if hasattr(value, "__html__"):
        return value
    if isinstance(value, float):
        return f"{value:.5g}"
    return printable(value) if isinstance(value, str) else value

"""Templates: what is not a template is escaped and has no control characters; what is missing is an error."""

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import TemplateNotFound

from bplint.report.html.rendering import rendered, source

VALUES = {"style": "", "remarks": [], "circuits": [], "families": [], "grid": None, "n_shades": 8, "prefix": ""}


def test_values_are_escaped_and_printable():
    text = rendered("embedded.html", tally="<b>\x1b[0m 'a' \"b\" & \u202e", **VALUES)
    assert "&lt;b&gt;\N{REPLACEMENT CHARACTER}[0m &#39;a&#39; &#34;b&#34; &amp; \N{REPLACEMENT CHARACTER}" in text


def test_a_value_that_is_not_given_is_an_error():
    with pytest.raises(UndefinedError):
        rendered("embedded.html", **VALUES)


def test_only_templates_of_the_room_are_read():
    assert source("report.css").startswith(".bplint {")
    with pytest.raises(TemplateNotFound):
        source("../rendering.py")

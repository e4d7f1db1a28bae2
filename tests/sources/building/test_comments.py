"""Suppression comments in Python: which builder one speaks of, and what is refused."""

import pytest

from bplint.errors import SourceError
from bplint.sources.building.comments import of_builder, suppressions

TEXT = """\
# bplint: ignore-file[BP304]
x = "# bplint: ignore[BP101]"
# bplint: ignore[BP201] wanted
@decorated(
    sizes=[2],  # bplint: ignore[BP301]
)
def hea(n):
    # nothing for bplint
    return n  # bplint: ignore[BP202, BP203]
y = 1  # bplint: ignore[BP102]
def ring(n): ...
"""


def test_a_comment_speaks_of_the_builder_it_is_in_or_alone_before():
    found = suppressions(TEXT)
    hea, ring = of_builder(found, TEXT, (4, 9)), of_builder(found, TEXT, (11, 11))
    assert [d.value for d in hea] == ["[BP304]", "[BP201] wanted", "[BP301]", "[BP202, BP203]"]
    assert all(d.of_builder for d in found)
    assert [(d.key, d.value) for d in ring] == [("ignore-file", "[BP304]")]


@pytest.mark.parametrize(
    ("comment", "message", "line"),
    [
        ("# bplint: observable = Z0", "in Python no comment declares observable", 2),
        ("# bplint: fixed", "in Python no comment declares fixed", 2),
        ("# bplint: ignore", "needs the codes", 2),
        ("# bplint: nonsense", "cannot read", 2),
    ],
)
def test_what_is_no_suppression_is_refused(comment, message, line):
    with pytest.raises(SourceError, match=message) as caught:
        suppressions(f"x = 1\ny = 2  {comment}\n")
    assert caught.value.span.line == line


def test_a_text_that_cannot_be_split_into_tokens_has_the_comments_before():
    assert len(suppressions("# bplint: ignore[BP101]\nx = (\n")) == 1

"""Pages for tests: read back without a browser, and the circuits that they are made of."""

from html.parser import HTMLParser
from typing import NamedTuple

from repair_texts import INCLUDE

VOID = {"meta", "link", "img", "input", "br", "hr"}

GUESS = (
    f"OPENQASM 3.0;\n{INCLUDE}// bplint: observable = Z3\n// bplint: shots = 1000\n"
    "input array[float[64], 8] t;\nqubit[4] q;\nfor int i in [0:3] ry(t[i]) q[i];\n"
    "for int i in [0:2] cx q[i], q[i+1];\nfor int i in [0:3] rz(t[4+i]) q[i];\n"
)
"""Four live parameters, and four dead ones in line 9."""

PRODUCT = (
    f"OPENQASM 3.0;\n{INCLUDE}// bplint: observable = projector(0..n-1)\nconst int n = 4;\n"
    "input array[float[64], n] a;\nqubit[n] q;\nfor int i in [0:n-1] ry(a[i]) q[i];\n"
)
"""A family whose signal is ½ (3/8)^(n-1)."""

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`&amp;\x00\x1b[31m\u202e\udcff\u2028{{7*7}}"
"""A text that would like to be more."""


class Element(NamedTuple):
    """A tag with its attributes, and the text within it."""

    tag: str
    attributes: dict
    text: list

    @property
    def words(self):
        return " ".join("".join(self.text).split())


class Page(HTMLParser):
    """The elements of a document; it fails where tags do not close."""

    def __init__(self, text):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(text)
        self.close()
        assert not self._open, f"never closed: {[e.tag for e in self._open]}"

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        self.elements.append(Element(tag, dict(attrs), []))
        if tag not in VOID:
            self._open.append(self.elements[-1])

    def handle_startendtag(self, tag, attrs):
        self.elements.append(Element(tag, dict(attrs), []))

    def handle_endtag(self, tag):
        opened = self._open.pop().tag if self._open else "nothing"
        assert opened == tag, f"</{tag}> closes {opened}"

    def handle_data(self, data):
        for element in self._open:
            element.text.append(data)

    def all(self, tag=None, **attributes):
        """Elements of a tag that have these attributes; ``class_`` is one of the classes."""
        return [e for e in self.elements if tag in (None, e.tag) and all(_has(e, *item) for item in attributes.items())]

    def one(self, tag=None, **attributes):
        (found,) = self.all(tag, **attributes)
        return found


def _has(element, name, value):
    if name == "class_":
        return value in (element.attributes.get("class") or "").split()
    return element.attributes.get(name) == value

"""Figures where matplotlib is not there: what to install; a fault within it is not taken for its absence."""

import sys

import pytest

from bplint.errors import UsageError
from bplint.pictures.installed import plots


def test_what_to_install_is_told(monkeypatch):
    monkeypatch.delitem(sys.modules, "bplint.pictures.plot", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delattr("bplint.pictures.plot", raising=False)
    with pytest.raises(UsageError, match=r"pip install 'bplint\[plot\]'"):
        plots()


def test_it_is_the_module_where_it_is_there():
    assert plots().plot_circuits

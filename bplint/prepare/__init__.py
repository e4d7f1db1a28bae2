"""From a program and its settings to a case: what the source leaves open is looked up, and the data that it names is read."""

from bplint.prepare.case import check_names, prepare
from bplint.prepare.given import Given, given

__all__ = ["Given", "check_names", "given", "prepare"]

"""Circuits of builders in Python: each file runs in a process of its own, and hands back circuits.

Only here, and in pytest, does code of a repository run, and here only if the command line allows it. :mod:`.files` finds the
files and their builders without running them, :mod:`.process` starts one and bears whatever it does, :mod:`.child` is what
the process runs, :mod:`.circuit` is what comes out.
"""

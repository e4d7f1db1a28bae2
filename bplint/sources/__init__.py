"""What there is to look at: files under the paths of a run, and circuits that builders in Python make.

:mod:`.collect` finds files, :mod:`.excluded` says what a folder is searched without, :mod:`.select_by_id` what a keyword takes,
:mod:`.included` what a file depends on, :mod:`.git` what it was at another commit. :mod:`.builders` and :mod:`.notebooks` read
Python without running it, :mod:`.building` runs it, where that is allowed.
"""

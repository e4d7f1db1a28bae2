"""What a run is made of: :mod:`bplint.run` is its door.

:mod:`.run_sources` says which sources, :mod:`.jobs` what is done to them, :mod:`.one_source` does it to one and makes
one of its :mod:`.entries`, :mod:`.execution` says where: here, in other processes (:mod:`.workers`, :mod:`.dask_workers`), or
known from a :mod:`.cache`. :mod:`.baseline` and :mod:`.diff_gate` let pass what was there before, :mod:`.builder_comments`
says which comments in Python are in vain, :mod:`.run_report` is what comes out.
"""

"""What ``benchmarks/fuzz.py`` throws at bplint: a module a kind of input, and how one input is tried."""

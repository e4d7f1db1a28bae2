"""What holds for every test: no report comes from a cache, unless a test says so."""

import os

os.environ["BPLINT_NO_CACHE"] = "1"

"""``python -m bplint``."""

from bplint.cli import main

if __name__ == "__main__":
    main()

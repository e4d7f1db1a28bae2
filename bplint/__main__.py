"""``python -m bplint``."""

if __name__ == "__main__":
    import sys

    if not sys.flags.safe_path:
        del sys.path[0]  # where Python puts the working folder: nothing in it is imported from here on

    from bplint.cli import main

    main()

"""What is read from a disk and written to it, with care: files that may be none, and writes that may be broken off."""

"""Simple ideals of an algebra, and their names."""

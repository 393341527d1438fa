"""Asserts that explain themselves: rewritten as test files are imported, told when they fail."""

"""Failures as lines, with all that belongs to them."""

"""pytest's settings and options, and what they become here."""

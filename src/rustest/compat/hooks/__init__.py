"""pytest's hooks, and the objects that they get."""

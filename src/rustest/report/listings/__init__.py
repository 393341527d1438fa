"""What is printed instead of a run, or of a plan."""

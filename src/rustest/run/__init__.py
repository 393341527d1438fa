"""Stage 3: from a plan to events."""

"""Stage 2: from a collection to a plan; nothing runs."""

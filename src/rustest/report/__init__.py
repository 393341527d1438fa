"""Stage 4: from events to what people and machines read."""

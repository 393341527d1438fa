"""The fixtures that rustest brings along, as pytest has them; each is imported when a test first uses it."""

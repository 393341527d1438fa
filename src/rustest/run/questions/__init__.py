"""The answer to what runs now, and who may ask for it."""

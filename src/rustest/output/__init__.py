"""Output, logs and warnings, each with whom it belongs to, however many tests are in flight."""

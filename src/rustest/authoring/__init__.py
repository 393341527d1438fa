"""What test authors write: decorators and helpers that only record or raise."""

"""What machines read: JUnit, JSON lines, GitHub, language models."""

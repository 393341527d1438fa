"""What is looked at when a test ends and between its steps: what it left, lost, held or changed."""

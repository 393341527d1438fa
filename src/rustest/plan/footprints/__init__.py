"""What tests do to state that others can see, read from their code without running it."""

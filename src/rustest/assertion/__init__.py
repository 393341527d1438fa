"""What a failed `assert` has to say: the values that it compared, and what differs between them."""

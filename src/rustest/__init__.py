"""rustest: async tests overlap by default, each on an event loop of its own."""

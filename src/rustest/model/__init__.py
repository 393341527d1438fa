"""The nouns that every part of rustest shares: plain immutable data, no behaviour that needs a loop or a terminal."""

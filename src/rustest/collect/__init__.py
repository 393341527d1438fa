"""Stage 1: from files to a collection of tests, fixtures and problems."""

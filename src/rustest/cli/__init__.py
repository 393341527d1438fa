"""The command line: options, settings, and the way in."""

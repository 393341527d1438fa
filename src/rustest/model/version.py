"""The version of rustest, where start-up can read it without importlib.metadata."""

VERSION = "1.0.0.dev0"

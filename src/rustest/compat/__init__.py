"""pytest's names, settings and options on this engine: what lets suites written for pytest run unchanged."""

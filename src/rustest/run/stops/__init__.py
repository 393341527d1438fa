"""What ends a test or a run before it is done: limits in time, Ctrl-C, the watchdog."""

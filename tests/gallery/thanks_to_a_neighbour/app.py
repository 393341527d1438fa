"""An application that somebody must start."""

started = []


def start():
    started.append(True)


def stop():
    started.clear()

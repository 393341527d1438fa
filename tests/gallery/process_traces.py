"""Gives the process back as it was, so that one suite of the gallery cannot be disturbed by what another has left."""

import gc
import locale
import logging
import os
import random
import signal
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM)


@contextmanager
def put_back() -> Iterator[None]:
    """Whatever happens to what the process shares, put it back in the end; warnings count as they do without pytest."""
    environment, folder, path, modules = dict(os.environ), os.getcwd(), sys.path[:], dict(sys.modules)
    filters, handlers, rest = warnings.filters[:], logging.root.handlers[:], random.getstate()
    signals, mask, limit = [signal.getsignal(one) for one in SIGNALS], os.umask(0o022), sys.getrecursionlimit()
    os.umask(mask)
    names = locale.setlocale(locale.LC_ALL)
    try:
        warnings.simplefilter("default")
        yield
    finally:
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        sys.path[:], sys.modules["json"], warnings.filters[:] = path, modules["json"], filters
        logging.root.handlers[:] = handlers
        random.setstate(rest)
        for number, handler in zip(SIGNALS, signals, strict=True):
            signal.signal(number, handler)
        os.umask(mask)
        sys.setrecursionlimit(limit)
        locale.setlocale(locale.LC_ALL, names)
        socket.setdefaulttimeout(None)
        gc.enable()

"""Gives the process back as it was, so that one suite of the gallery cannot be disturbed by what another has left."""

import gc
import json
import locale
import logging
import os
import random
import shutil
import signal
import socket
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

PATCHED = (json, shutil)
"""What the suites patch: patches that overlap are undone in the wrong order."""
SIGNALS = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM)


@contextmanager
def put_back() -> Iterator[None]:
    """Whatever happens to what the process shares, put it back in the end; warnings count as they do without pytest."""
    environment, folder, path, modules = dict(os.environ), os.getcwd(), sys.path[:], dict(sys.modules)
    filters, handlers, rest = warnings.filters[:], logging.root.handlers[:], random.getstate()
    signals, mask, limit = [signal.getsignal(one) for one in SIGNALS], os.umask(0o022), sys.getrecursionlimit()
    os.umask(mask)
    names = locale.setlocale(locale.LC_ALL)
    members, most_common = [dict(vars(module)) for module in PATCHED], Counter.most_common
    try:
        warnings.simplefilter("default")
        yield
    finally:
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        sys.path[:], sys.modules["json"], warnings.filters[:] = path, modules["json"], filters
        logging.root.handlers[:] = handlers
        for module, found in zip(PATCHED, members, strict=True):
            vars(module).update(found)
        Counter.most_common = most_common
        random.setstate(rest)
        for number, handler in zip(SIGNALS, signals, strict=True):
            signal.signal(number, handler)
        os.umask(mask)
        sys.setrecursionlimit(limit)
        locale.setlocale(locale.LC_ALL, names)
        socket.setdefaulttimeout(None)
        gc.enable()

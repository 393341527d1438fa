import asyncio

import __main__


def add():
    __main__.loops.add(asyncio.get_running_loop())

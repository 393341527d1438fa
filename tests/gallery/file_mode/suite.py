"""One test takes permissions away with `umask`, and another one looks at those of a file that it makes."""

import asyncio
import os
import tempfile


async def test_keeps_others_out():
    before = os.umask(0o077)
    try:
        await asyncio.sleep(0.002)
    finally:
        os.umask(before)


async def test_lets_others_read():
    with tempfile.TemporaryDirectory() as folder:
        for number in range(4):
            await asyncio.sleep(0.001)
            path = os.path.join(folder, str(number))
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o640))
            assert os.stat(path).st_mode & 0o777 == 0o640

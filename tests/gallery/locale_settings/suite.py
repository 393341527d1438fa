"""One test writes for users of another locale, and another one for those of the usual one."""

import asyncio
import locale


async def test_in_another_locale():
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    await asyncio.sleep(0.002)
    locale.setlocale(locale.LC_CTYPE, before)


async def test_in_the_usual_one():
    usual = locale.setlocale(locale.LC_CTYPE)
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert locale.setlocale(locale.LC_CTYPE) == usual

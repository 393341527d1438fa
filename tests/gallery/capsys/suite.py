"""Two tests print, and each asserts what `capsys` has caught."""

import asyncio


async def print_and_look(capsys, text):
    print(text)
    await asyncio.sleep(0.002)
    print(text)
    assert capsys.readouterr().out == f"{text}\n{text}\n"


async def test_one(capsys):
    await print_and_look(capsys, "one")


async def test_other(capsys):
    await print_and_look(capsys, "other")

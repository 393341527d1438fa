"""One test puts a stand-in among the imported modules, and another one imports the real thing."""

import asyncio
import sys
from types import ModuleType


async def test_puts_a_stand_in():
    real = sys.modules["json"]
    sys.modules["json"] = ModuleType("json")
    await asyncio.sleep(0.002)
    import json

    assert not hasattr(json, "dumps")
    sys.modules["json"] = real


async def test_imports():
    for _ in range(4):
        await asyncio.sleep(0.001)
        import json

        assert json.dumps([1]) == "[1]"

"""Two tests patch the same function in a `with`, each with an answer of its own."""

import asyncio
import json
from unittest.mock import patch


async def test_one():
    with patch("json.dumps", return_value="one"):
        await asyncio.sleep(0.002)
        assert json.dumps([1]) == "one"


async def test_other():
    with patch("json.dumps", return_value="other"):
        await asyncio.sleep(0.002)
        assert json.dumps([1]) == "other"

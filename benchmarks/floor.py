"""The least that any runner must do: import the same modules and call the same tests, with no questions asked.

python floor.py FOLDER
"""

import importlib
import os
import sys

CALLED_LATER = 0x80  # the flag of the code of an `async def`


def main(folder: str) -> int:
    """Run all tests of the test files of a folder, and say how many passed and failed."""
    sys.path.insert(0, folder)
    names = sorted(name.removesuffix(".py") for name in os.listdir(folder) if name.startswith("test_"))
    tests = [test for name in names for test in _tests_of(importlib.import_module(name))]
    bad = sum(not _passes(test) for test in tests)
    print(f"{len(tests) - bad} passed, {bad} failed")
    return 1 if bad else 0


def _tests_of(module):
    return [value for name, value in vars(module).items() if name.startswith("test_")]


def _passes(test) -> bool:
    try:
        if test.__code__.co_flags & CALLED_LATER:
            _run_on_fresh_loop(test())
        else:
            test()
    except Exception:
        return False
    return True


def _run_on_fresh_loop(coroutine) -> None:
    import asyncio

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(coroutine)
    finally:
        loop.close()


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))

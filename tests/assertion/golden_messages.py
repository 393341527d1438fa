"""The messages of all forms, ours and pytest's, side by side in `golden/messages.json`.

Run as a script, it writes them anew.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent

from forms import ALL, ASYNC_FORMS, NUMBERS, PRELUDE, source_of
from sides import deed, rewritten

GOLDEN = Path(__file__).with_name("golden") / "messages.json"
LEFT_OUT = ("message that raises",)

PYTEST_RUN = """
import asyncio
import json

def test_all():
    messages = {{}}
    for form, (function, numbers) in FORMS.items():
        LOG.clear()
        try:
            done = function(*numbers)
            if done is not None:
                asyncio.run(done)
        except AssertionError as error:
            messages[form] = str(error)
        except TypeError as error:  # pytest's own variables become members of an enum
            messages[form] = f"raises {{type(error).__name__}}"
    with open({path!r}, "w") as file:
        json.dump(messages, file)

FORMS = {{}}
"""


def failing_numbers(form: str) -> tuple[int, int, int] | None:
    """The last numbers for which the form fails, so that few values are zeros."""
    names = rewritten(source_of(form))
    failing = [numbers for numbers in NUMBERS if deed(names, *numbers).outcome == "AssertionError"]
    return failing[-1] if failing else None


def failing_forms() -> dict[str, tuple[int, int, int]]:
    return {form: numbers for form in ALL if form not in LEFT_OUT and (numbers := failing_numbers(form))}


def our_messages() -> dict[str, str]:
    return {
        form: without_addresses(deed(rewritten(source_of(form)), *numbers).message)
        for form, numbers in failing_forms().items()
    }


def pytest_messages() -> dict[str, str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "test_forms.py"
        messages = Path(folder) / "messages.json"
        functions = map(pytest_form, enumerate(failing_forms().items()))
        path.write_text("".join([PRELUDE, PYTEST_RUN.format(path=str(messages)), *functions]))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", path]
        subprocess.run(command, check=True, cwd=folder)
        return {form: without_addresses(message) for form, message in json.loads(messages.read_text()).items()}


def pytest_form(numbered: tuple[int, tuple[str, tuple[int, int, int]]]) -> str:
    number, (form, numbers) = numbered
    word = "async def" if form in ASYNC_FORMS else "def"
    body = indent(ALL[form], "    ")
    return f"\n{word} form_{number}(a, b, c):\n{body}\n\nFORMS[{form!r}] = form_{number}, {numbers!r}\n"


def without_addresses(message: str) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x", message)


def side_by_side() -> dict[str, dict[str, list[str]]]:
    theirs = pytest_messages()
    return {
        form: {
            "assert": ALL[form].splitlines(),
            "ours": ours.splitlines(),
            "pytest": theirs.get(form, "passes").splitlines(),
        }
        for form, ours in our_messages().items()
    }


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(side_by_side(), indent=1) + "\n")

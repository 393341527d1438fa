"""The page `docs/gallery.md`, made from what is expected of the suites and what pytest was seen to say.

python tests/gallery/page.py
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from exhibits import KINDS, Exhibit, Expected, load

PAGE = Path(__file__).parents[2] / "docs" / "gallery.md"

HEAD = """\
# Gallery

Ways in which tests disturb each other, or pass by accident: a small suite for each, what pytest with pytest-asyncio
says of it, and what rustest says. Every suite is [in the repository](../tests/gallery) and is run with every change,
with `--concurrency 1`, with `--concurrency 100` and in random orders. The outcomes are always the same, no test
passes that should fail, and none fails that passes alone.

pytest runs one test after another, which keeps most neighbours from meeting. rustest has them overlap, so the first
question is whether it keeps apart what must not meet. The second one is the same for both: does a test pass although
something is wrong? **Bold** is a verdict that a test does not deserve. pytest's verdicts were recorded by
[`witness.py`](../tests/gallery/witness.py), with the settings that both come with and `asyncio_mode = "auto"`. They
come from one process for each suite.
"""

NOTES = {
    "outside": """\
Nothing in the code of these tests says that they meet. So they overlap, and one of them may fail: it is run again,
alone, and passes with the note [interfered](interference.md). From then on it is planned alone. With
`--strict-overlap` it fails. The reverse is not noticed: a test that passes only while such a neighbour has changed
something. A run with `--concurrency 1` now and then shows it.""",
    "unfinished": """\
pytest knows no time limits; plug-ins add them.""",
}
"""What is to be said of a whole part of the page."""

COLUMNS = "| | what happens | pytest + pytest-asyncio | rustest |\n|---|---|---|---|"
SAID_OF_PASSES = ("alone", "after", "interfered")
HAPPY = ("passed", "skipped", "xfailed")


def page(exhibits: Iterable[Exhibit]) -> str:
    """The whole page."""
    exhibits = list(exhibits)
    parts = [HEAD]
    for kind, title in KINDS.items():
        rows = [_row(exhibit) for exhibit in exhibits if exhibit.kind == kind]
        note = f"{NOTES[kind]}\n\n" if kind in NOTES else ""
        parts.append(f"## {title}\n\n{note}{COLUMNS}\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _row(exhibit: Exhibit) -> str:
    name = exhibit.name.replace("_", " ")
    cells = (
        f"[{name}](../tests/gallery/{exhibit.name}/suite.py)",
        exhibit.what,
        "<br>".join(_lines(_by_pytest(exhibit))),
        "<br>".join(_lines(_by_rustest(exhibit))),
    )
    return f"| {' | '.join(cells)} |"


def _by_pytest(exhibit: Exhibit) -> Iterator[tuple[str, str]]:
    for name, said in exhibit.witnessed.items():
        if name == "*":
            yield "the whole file:", said
        else:
            yield f"`{name.rpartition('::')[2]}`", _judged(said, exhibit.tests[name])


def _by_rustest(exhibit: Exhibit) -> Iterator[tuple[str, str]]:
    for name, test in exhibit.tests.items():
        yield f"`{name.rpartition('::')[2]}`", test.rustest + _joined(test)


def _joined(test: Expected) -> str:
    if not test.told:
        return ""
    if not test.should_pass:
        return f": {test.told}"
    return f", {test.told}" if test.told.startswith(SAID_OF_PASSES) else f", with a warning: {test.told}"


def _judged(said: str, test: Expected) -> str:
    word = said.partition(",")[0]
    return said if (word in HAPPY) is test.should_pass else said.replace(word, f"**{word}**", 1)


def _lines(said: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What is said of each test; once for all of them if it is the same."""
    said = list(said)
    words = {word for _, word in said}
    if len(words) == 1 and len(said) > 1:
        yield f"{'both' if len(said) == 2 else 'all'} {words.pop()}"
    else:
        yield from (f"{name} {word}" for name, word in said)


if __name__ == "__main__":
    PAGE.write_text(page(load()), encoding="utf-8")

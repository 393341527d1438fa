"""docs/reports.md, held against the events and records, and against what the reporters write."""

import enum
import io
import json
import re
from pathlib import Path
from types import UnionType
from typing import Union, get_args, get_origin, get_type_hints

from rustest.model.events import Event, StopReason
from rustest.model.failure import Phase
from rustest.model.outcome import Note, Verdict
from rustest.model.output import Stream
from rustest.model.scope import Scope
from rustest.report.machine.json_form import as_json, word
from rustest.testing import run_project

TEXT = (Path(__file__).parents[2] / "docs" / "reports.md").read_text()
WORDS = {"verdict": Verdict, "note": Note, "phase": Phase, "stream": Stream, "scope": Scope, "stop reason": StopReason}
FILES = {
    "test_it.py": """
        from rustest import fixture

        @fixture
        def broken():
            yield
            raise OSError("torn")

        def test_all(broken):
            print("printed")
            try: assert False
            except AssertionError as error: raise ValueError("caused") from error

        def test_setup(request): request.getfixturevalue("nobody")
        """,
    "test_problem.py": "import no_such_module",
}


def table(heading: str) -> list[list[str]]:
    """The rows of the table with that heading in its first cell."""
    lines = TEXT[TEXT.index(f"\n| {heading} |") + 1 :].partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def fields_by_first_cell(heading: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    name = ""
    for first, field, *_ in table(heading):
        name = first.strip("` ") or name
        fields.setdefault(name, []).append(field.strip("`"))
    return fields


def records_in(hint: object) -> set[type]:
    """The named tuples that a field of that type may hold."""
    if get_origin(hint) in (Union, UnionType, tuple, frozenset):
        return set().union(*map(records_in, get_args(hint)))
    return {hint} if isinstance(hint, type) and hasattr(hint, "_fields") else set()


def test_every_event_and_its_fields_are_in_the_table():
    assert fields_by_first_cell("event") == {word(kind.__name__): list(kind._fields) for kind in get_args(Event)}


def test_every_record_that_events_hold_is_in_the_table():
    found, new = set(), set(get_args(Event))
    while new:
        new = set().union(*(records_in(hint) for kind in new for hint in get_type_hints(kind).values())) - found
        found |= new
    assert fields_by_first_cell("record") == {
        word(kind.__name__).replace("_", " "): list(kind._fields) for kind in found
    }


def test_every_word_is_in_the_table():
    def words(kind: type[enum.Enum]) -> list[str]:
        return [str(as_json(member)) for member in kind]

    assert {name: re.findall("`([^`]+)`", listed) for name, listed in table("words")} == {
        name: words(kind) for name, kind in WORDS.items()
    }


def test_every_field_for_language_models_is_in_the_table(tmp_path):
    documented = {name for first, *_ in table("field") for name in re.findall("`([a-z]+)`", first)}
    stream = io.StringIO()
    run_project(tmp_path, FILES, stream=stream, llm=True)
    *told, _ = map(json.loads, stream.getvalue().splitlines())
    assert len(told) == 3
    assert set().union(*told) <= documented
    assert documented - set().union(*told) <= {"output", "notes", "fixture"}  # which these tests may not have

"""One project in two dialects: a package for each way to write a fixture, in which everything logs what it does."""

from textwrap import indent
from typing import NamedTuple

LOG = """
import os
from itertools import count

lives = count(1)

def note(case, what, life):
    with open(os.environ["MATRIX_LOG"], "a") as log:
        print(case, what, life, sep="|", file=log)
    return life

def begin(case, name, param):
    return note(case, f"{name}({param}) up", next(lives))
"""

OUTER = """
@fixture(scope={scope!r})
def outer({first}):
    life = begin(CASE, "outer", "")
    yield life
    note(CASE, "outer down", life)
"""

IT = """
@fixture(scope={scope!r}{options})
{prefix}def it({first}outer, request):
    {pause}
    life = begin(CASE, "it", getattr(request, "param", ""))
    {give} life
"""

AFTER_YIELD = """\
    {pause}
    note(CASE, "it down", life)
"""

INNER = """
@fixture
def inner({first}it):
    yield it
    note(CASE, "inner down", it)
"""

TESTS = """
{prefix}def test_first({first}it, inner):
    {pause}
    note(CASE, {where!r} "first", it)

{prefix}def test_bystander({first}):
    {pause}
    note(CASE, {where!r} "bystander", 0)

def test_sync({first}it):
    note(CASE, {where!r} "sync", it)

{prefix}def test_last({first}inner, it):
    {pause}
    note(CASE, {where!r} "last", it)
"""

OPTIONS = {"plain": "", "autouse": ", autouse=True", "param": ", params=['x', 'y']"}


class Case(NamedTuple):
    """One way to write a fixture, `it`: around it stands `outer`, which it uses, and in it `inner`, which uses it."""

    kind: str
    scope: str
    place: str
    flavour: str

    @property
    def name(self) -> str:
        return "_".join(self).replace(" ", "_")

    def files(self, dialect: str) -> dict[str, str]:
        """The case's package; fixtures that are no methods stand in its conftest."""
        header = f"import asyncio\nfrom {dialect} import fixture\nfrom matrix_log import begin, note\n\n"
        fixtures = self._fill(OUTER, IT, INNER)
        files = {"__init__.py": "", "conftest.py": header}
        if self.place == "function":
            files["conftest.py"] += f"CASE = {self.name!r}\n{fixtures}"
        for file in ("test_a.py", "test_b.py"):
            files[file] = header + self._tests(file, "" if self.place == "function" else fixtures)
        return {f"{self.name}/{name}": source for name, source in files.items()}

    def _tests(self, file: str, own_fixtures: str) -> str:
        methods = indent(own_fixtures + self._fill(TESTS, where=f"{file} method ", first="self, "), "    ")
        if own_fixtures:  # those of each class are other fixtures, with a log of their own
            return f"CASE = '{self.name} {file}'\nclass TestIt:{methods}"
        functions = self._fill(TESTS, where=f"{file} function ", first="")
        return f"CASE = {self.name!r}\n{functions}\nclass TestIt:{methods}"

    def _fill(self, *templates: str, **words: str) -> str:
        is_async, yields = "async" in self.kind, "generator" in self.kind
        words = {
            "scope": self.scope,
            "options": OPTIONS[self.flavour],
            "prefix": "async " if is_async else "",
            "pause": "await asyncio.sleep(0)" if is_async else "pass",
            "give": "yield" if yields else "return",
            "first": "" if self.place == "function" else "self, ",
            **words,
        }
        source = "".join(template + (AFTER_YIELD if template is IT and yields else "") for template in templates)
        return source.format(**words)

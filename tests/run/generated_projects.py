"""Small projects of all sorts for property tests: a strategy, and the source that it amounts to.

Every instance of a fixture has a number. What happens is noted as `("up", number, name, numbers of what it uses)`,
`("down", number)` as its teardown begins, `("gone", number)` as it ends, and `("use", test, numbers)` in bodies. One
that has no teardown is `("made", number, name, numbers of what it uses)`.
"""

from typing import NamedTuple

from hypothesis import strategies as st

SCOPES = ("function", "class", "module", "package", "session")  # narrow to wide


class Fixture(NamedTuple):
    name: str
    scope: str
    is_async: bool
    uses: tuple[str, ...]
    fate: str
    yields: bool

    def source(self) -> str:
        arguments = ", ".join(self.uses)
        numbers = "".join(f"{name}, " for name in self.uses)
        prefix, pause = ("async ", "await asyncio.sleep(0)") if self.is_async else ("", "pass")
        early = {"fails": "raise ValueError('set-up')", "skips": "skip('set-up')"}.get(self.fate, "pass")
        late = "raise ValueError('teardown')" if self.fate == "fails late" else "pass"
        lines = [
            f"@fixture(scope='{self.scope}')",
            f"{prefix}def {self.name}({arguments}):",
            "    number = next(numbers)",
            f"    {pause}",
            f"    {early}",
            f"    note(('{'up' if self.yields else 'made'}', number, '{self.name}', ({numbers})))",
            f"    {'yield' if self.yields else 'return'} number",
        ]
        teardown = ["    note(('down', number))", f"    {pause}", "    note(('gone', number))", f"    {late}"]
        return "\n".join(lines + teardown if self.yields else lines)


class Test(NamedTuple):
    __test__ = False

    name: str
    is_async: bool
    uses: tuple[str, ...]
    body: str
    marks: tuple[str, ...]

    def source(self, in_class: bool) -> str:
        arguments = ", ".join((*(["self"] if in_class else []), *self.uses))
        numbers = "".join(f"{name}, " for name in self.uses)
        body = self.body if self.is_async or "await" not in self.body else "pass"
        lines = [
            *(f"@mark.{mark}" for mark in self.marks),
            *(["@mark.timeout(0.25)"] if body == HANGS else []),
            f"{'async ' if self.is_async else ''}def {self.name}({arguments}):",
            f"    note(('use', '{self.name}', ({numbers})))",
            f"    {body}",
        ]
        return "\n".join(("    " if in_class else "") + line for line in lines)


class File(NamedTuple):
    path: str
    fixtures: tuple[Fixture, ...]
    tests: tuple[Test, ...]
    in_class: tuple[Test, ...]

    def source(self) -> str:
        parts = [HEADER, *(one.source() for one in self.fixtures), *(one.source(False) for one in self.tests)]
        if self.in_class:
            parts += ["class TestGroup:", *(one.source(True) for one in self.in_class)]
        return "\n".join(parts) + "\n"


class Project(NamedTuple):
    fixtures: tuple[Fixture, ...]
    files: tuple[File, ...]

    def sources(self) -> dict[str, str]:
        conftest = File("conftest.py", self.fixtures, (), ()).source()
        counting = "import itertools\nnumbers = itertools.count()\n"
        tests = {file.path: file.source() for file in self.files}
        return {"conftest.py": conftest, "counting.py": counting, **tests}

    def all_fixtures(self) -> tuple[Fixture, ...]:
        return sum((file.fixtures for file in self.files), self.fixtures)


HEADER = """import asyncio
from counting import numbers
from happened import note
from rustest import fail, fixture, mark, skip, xfail
"""

HANGS = "await asyncio.Event().wait()"
BODIES = (
    *["pass", "await asyncio.sleep(0)", "await asyncio.sleep(0.005)"] * 4,
    *["assert False", "skip('body')", "xfail('body')", "fail('body')", "raise SystemExit(0)"],
    "await asyncio.create_task(asyncio.sleep(0))",
    HANGS,
)
MARKS = (
    *["skip", "xfail", "xfail(strict=True)", "serial", "serial('a')", "serial('b')", "serial('a', 'b')"],
    *["asyncio(loop_scope='session')", "asyncio(loop_scope='module')", "asyncio(loop_scope='function')"],
)


def fixtures(prefix: str, known: tuple[Fixture, ...], fates: tuple[str, ...]) -> st.SearchStrategy[tuple[Fixture, ...]]:
    """Up to four fixtures, each of which may use those before it and those already known, of its scope or wider."""

    @st.composite
    def some(draw: st.DrawFn) -> tuple[Fixture, ...]:
        made: list[Fixture] = []
        for number in range(draw(st.integers(0, 4))):
            scope = draw(st.sampled_from(SCOPES))
            usable = [one.name for one in (*known, *made) if SCOPES.index(one.scope) >= SCOPES.index(scope)]
            uses = draw(st.lists(st.sampled_from(usable), max_size=2, unique=True)) if usable else []
            fate = draw(st.sampled_from(("lives",) * 6 + fates))
            if fate == "fails late" and scope != "function" and "fails late everywhere" not in fates:
                fate = "lives"  # on which of its users that falls depends on the order of the run
            yields = fate == "fails late" or draw(st.sampled_from([True, True, False]))
            made.append(Fixture(f"{prefix}{number}", scope, draw(st.booleans()), tuple(uses), fate, yields))
        return tuple(made)

    return some()


def tests(prefix: str, visible: tuple[Fixture, ...]) -> st.SearchStrategy[tuple[Test, ...]]:
    names = (
        st.lists(st.sampled_from([one.name for one in visible]), max_size=3, unique=True) if visible else st.just([])
    )
    one = st.tuples(
        st.booleans(),
        names.map(tuple),
        st.sampled_from(BODIES),
        st.lists(st.sampled_from(MARKS), max_size=1).map(tuple) | st.just(()),
    )
    return st.lists(one, max_size=4).map(
        lambda some: tuple(Test(f"test_{prefix}{n}", *it) for n, it in enumerate(some))
    )


@st.composite
def projects(draw: st.DrawFn, fates: tuple[str, ...] = ("fails", "skips", "fails late")) -> Project:
    """A project with a conftest and up to three test files in two folders."""
    everywhere = draw(fixtures("wide", (), fates))
    files: list[File] = []
    for name in draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)):
        own = draw(fixtures(name, everywhere, fates))
        visible = (*everywhere, *own)
        path = f"{'inner/' if name == 'c' else ''}test_{name}.py"
        files.append(File(path, own, draw(tests(name, visible)), draw(tests(f"{name}_method", visible))))
    return Project(everywhere, tuple(files))

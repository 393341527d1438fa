"""Warnings, with the test that gives them; which of them count, and which fail the test."""

import warnings

import pytest
from project_runs import Recording, record

from rustest.cli.arguments import parse_arguments
from rustest.cli.settings import make_settings
from rustest.model.errors import UsageError
from rustest.model.events import TestFinished, WarningIssued
from rustest.testing import plan_project, run_project


@pytest.fixture(autouse=True)
def pythons_own_filters():
    """This suite turns warnings into errors, and a run begins with the filters that it finds."""
    with warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def told(happened: Recording) -> list[tuple[str, str, str]]:
    return [
        (warning.id.partition("::")[2] if warning.id else "", warning.category, warning.message)
        for warning in happened.report.warnings
    ]


def test_each_test_has_its_own_also_where_the_place_is_the_same(tmp_path):
    source = """
        import asyncio, warnings
        from rustest import mark

        async def old():
            for _ in range(3):
                await asyncio.sleep(0.001)
                warnings.warn("old", DeprecationWarning)

        @mark.parametrize("number", range(3))
        async def test_async(number): await asyncio.gather(old(), asyncio.to_thread(warnings.warn, "thread"))

        def test_sync(): warnings.warn("user")
        """
    happened = record(tmp_path, source)
    expected = [(f"test_async[{number}]", "DeprecationWarning", "old") for number in range(3)]
    expected += [(f"test_async[{number}]", "UserWarning", "thread") for number in range(3)]
    assert sorted(told(happened)) == sorted([*expected, ("test_sync", "UserWarning", "user")])
    first = next(warning for warning in happened.report.warnings if warning.message == "user")
    assert (first.file, first.line) == (str(tmp_path / "test_it.py"), 13)


def test_a_warning_is_told_before_its_test_has_ended(tmp_path):
    happened = record(tmp_path, "import warnings\n\ndef test_it(): warnings.warn('now')")
    kinds = [type(event) for event in happened.events if isinstance(event, WarningIssued | TestFinished)]
    assert kinds == [WarningIssued, TestFinished]


def test_what_is_imported_and_background_tasks_warn_for_no_test(tmp_path):
    source = """
        import asyncio, warnings
        from rustest import fixture

        warnings.warn("imported", DeprecationWarning)

        @fixture(scope="session")
        async def server():
            async def serve():
                warnings.warn("serving")
                served.set()
            served = asyncio.Event()
            warnings.warn("starting")
            task = asyncio.create_task(serve())
            yield served
            await task

        async def test_it(server): await server.wait()
        """
    assert told(record(tmp_path, source)) == [
        ("", "DeprecationWarning", "imported"),
        ("test_it", "UserWarning", "starting"),
        ("", "UserWarning", "serving"),
    ]


def test_what_a_test_records_itself_is_not_told(tmp_path):
    source = """
        import warnings

        def test_catches():
            with warnings.catch_warnings(record=True) as mine:
                warnings.simplefilter("always")
                warnings.warn("mine")
            assert len(mine) == 1

        def test_recwarn(recwarn):
            warnings.warn("mine too")
            assert len(recwarn) == 1

        def test_tells(): warnings.warn("told")
        """
    assert told(record(tmp_path, source)) == [("test_tells", "UserWarning", "told")]


def test_filters_are_those_of_the_settings_and_the_last_wins(tmp_path):
    source = """
        import warnings

        class Mine(UserWarning): pass

        def test_ignored(): warnings.warn("old thing", DeprecationWarning)

        def test_error(): warnings.warn("deprecated", DeprecationWarning)

        def test_mine(): warnings.warn("mine", Mine)

        def test_default():
            for _ in range(2): warnings.warn("shown once", UserWarning)
        """
    filters = ["default", "error::DeprecationWarning", "ignore:OLD:DeprecationWarning", "error::test_it.Mine"]
    happened = record(tmp_path, source, filterwarnings=filters)
    assert told(happened) == [("test_default", "UserWarning", "shown once")]
    assert happened.failure("test_error").headline == "DeprecationWarning: deprecated"
    assert happened.failure("test_mine").headline == "test_it.Mine: mine"
    assert happened.verdicts()["test_ignored"] == "passed"


def test_a_filter_with_an_unknown_class_is_a_usage_error(tmp_path):
    for name, why in (("NoSuch", "AttributeError"), ("no_such.Warning", "ModuleNotFoundError"), ("int", "no class")):
        with pytest.raises(UsageError, match=f"{name}.*{why}"):
            run_project(tmp_path, {"test_it.py": "def test_it(): pass"}, filterwarnings=[f"error::{name}"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("explode", "there is no action 'explode': expected one of error, ignore"),
        ("error::a-b", "'a-b' is no name of a class"),
        ("error:(", None),
        ("ignore::::x", "'x' is no line number"),
        ("a:b:c:d:1:f", "more than 5 parts"),
    ],
)
def test_a_filter_that_cannot_be_read_is_a_usage_error_that_names_it(text, why):
    if why is None:  # plain text on the command line, a regular expression in the settings
        assert parse_arguments(["-W", text]) == {"filterwarnings": (r"error:\(",)}
        return
    with pytest.raises(UsageError) as refused:
        parse_arguments(["-W", text])
    assert str(refused.value).startswith(f"{text!r} is no warning filter: {why}")


def test_the_flag_is_repeated_and_takes_plain_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = parse_arguments(["-W", "error", "-Wignore:a.b::c.d"])
    assert make_settings(given).filterwarnings == ("error", r"ignore:a\.b::c\.d\Z")


MARKED = """
    import warnings
    from rustest import mark

    pytestmark = mark.filterwarnings("ignore:module")

    def warn_all():
        for text in ("module", "class", "test", "plain"):
            warnings.warn(text)

    @mark.filterwarnings("ignore:class", "error:module")
    class TestIt:
        @mark.filterwarnings("ignore:test")
        @mark.filterwarnings("error:test")
        @mark.filterwarnings("ignore:module")
        async def test_async(self): warn_all()

        def test_sync(self): warn_all()

    def test_plain(): warn_all()
    """


def test_marks_filter_the_warnings_of_their_tests_and_the_nearest_wins(tmp_path):
    happened = record(tmp_path, MARKED)
    texts = {name: [text for test, _, text in told(happened) if test == name] for name in happened.verdicts()}
    assert texts == {
        "TestIt::test_async": ["plain"],
        "TestIt::test_sync": [],
        "test_plain": ["class", "test", "plain"],
    }
    assert happened.failure("TestIt::test_sync").headline == "UserWarning: module"


def test_an_async_test_with_such_a_mark_runs_alone_and_says_why(tmp_path):
    plan = plan_project(tmp_path, {"test_it.py": MARKED})
    (alone,) = [window for window in plan.windows if window.lane.value == "alone"]
    assert [step.item.id for step in alone.steps] == ["test_it.py::TestIt::test_async"]
    assert alone.steps[0].reasons == (
        "alone: mark.filterwarnings changes the warning filters, which the whole process shares",
    )


def test_filters_of_a_mark_hold_for_fixtures_and_end_with_the_test(tmp_path):
    source = """
        import warnings
        from rustest import fixture, mark

        @fixture
        def warning():
            warnings.warn("up")
            yield
            warnings.warn("down")

        @mark.filterwarnings("error:down")
        @mark.filterwarnings("error:up")
        def test_up(warning): pass

        @mark.filterwarnings("error:down")
        async def test_down(warning): pass

        @mark.filterwarnings("error::no.Such")
        def test_unknown(): pass

        def test_neither(warning): pass
        """
    before = warnings.filters[:]
    happened = record(tmp_path, source, concurrency=1)
    assert warnings.filters == before
    assert happened.failure("test_up").headline == "UserWarning: up"
    assert happened.failure("test_down").headline == "UserWarning: down"
    assert "there is no warning 'no.Such'" in happened.failure("test_unknown").headline
    assert happened.verdicts()["test_neither"] == "passed"
    assert [text for test, _, text in told(happened) if test == "test_neither"] == ["up", "down"]


def test_a_run_leaves_filters_and_showwarning_as_they_were(tmp_path):
    before = warnings.showwarning, warnings.filters[:]
    record(tmp_path, "import warnings\nwarnings.simplefilter('error')\ndef test_it(): pass")
    assert (warnings.showwarning, warnings.filters) == before

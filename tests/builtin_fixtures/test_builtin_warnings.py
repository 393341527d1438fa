"""`recwarn`, and the recorder behind it."""

import warnings

import pytest
from small_projects import results

from rustest import WarningsRecorder


class NarrowWarning(UserWarning):
    pass


def give(*categories: type[Warning]) -> None:
    for number, category in enumerate(categories):
        warnings.warn(f"number {number}", category, stacklevel=1)


def test_warnings_are_recorded_in_order_and_can_be_looked_at():
    with WarningsRecorder() as recorder:
        give(UserWarning, DeprecationWarning)
    assert len(recorder) == 2
    assert [str(message.message) for message in recorder] == ["number 0", "number 1"]
    assert recorder[1].category is DeprecationWarning
    assert recorder.list == list(recorder)
    recorder.clear()
    assert not recorder.list


def test_nothing_is_recorded_after_the_end_and_the_filters_are_as_before():
    filters = list(warnings.filters)
    with WarningsRecorder() as recorder:
        warnings.simplefilter("error")
    assert warnings.filters == filters
    with pytest.warns(UserWarning):
        give(UserWarning)
    assert len(recorder) == 0


def test_pop_takes_the_first_of_the_widest_class_that_matches():
    with WarningsRecorder() as recorder:
        give(DeprecationWarning, NarrowWarning, UserWarning, UserWarning)
    assert str(recorder.pop(UserWarning).message) == "number 2"
    assert str(recorder.pop(UserWarning).message) == "number 3"
    assert str(recorder.pop(UserWarning).message) == "number 1"
    with pytest.raises(AssertionError, match="no UserWarning was recorded; recorded: DeprecationWarning"):
        recorder.pop(UserWarning)
    assert recorder.pop().category is DeprecationWarning
    with pytest.raises(AssertionError, match="recorded: none"):
        recorder.pop()


def test_the_fixture_records_the_warnings_of_its_test_and_of_no_other(tmp_path):
    source = """
        import asyncio, warnings

        async def test_before():
            await asyncio.sleep(0.02)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                warnings.warn("not its own")

        async def test_it(recwarn):
            for _ in range(2):
                warnings.warn("mine", DeprecationWarning)
            await asyncio.sleep(0.02)
            assert [str(one.message) for one in recwarn] == ["mine"]

        def test_sync(recwarn):
            assert len(recwarn) == 0
            warnings.warn("sync")
            assert recwarn.pop(UserWarning).lineno == 18
        """
    assert set(results(tmp_path, source).values()) == {"passed"}

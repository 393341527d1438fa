"""A broken reporter is named, and brings nothing else down."""

import pytest

from rustest.model.events import Event, ReporterFailed, RunFinished, RunStarted, TestFinished
from rustest.model.outcome import PASSED
from rustest.model.report import ExitStatus, Folding
from rustest.report.fanout import Fanout, NamedReporter

START, END = RunStarted(0, 0, "/p"), RunFinished(0.1)


class Recorder:
    def __init__(self) -> None:
        self.seen: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.seen.append(event)


class Breaker(Recorder):
    """Raises at events of that type."""

    def __init__(self, at: type[object], error: BaseException) -> None:
        super().__init__()
        self.at = at
        self.error = error

    def __call__(self, event: Event) -> None:
        super().__call__(event)
        if isinstance(event, self.at):
            raise self.error


def spread(*receivers: Recorder | Folding) -> Fanout:
    return Fanout([NamedReporter(f"number {number}", receiver) for number, receiver in enumerate(receivers)])


def test_every_reporter_gets_every_event_in_order() -> None:
    first, second = Recorder(), Recorder()
    tell = spread(first, second)
    tell(START)
    tell(END)
    assert first.seen == second.seen == [START, END]


def test_a_reporter_that_raises_is_switched_off_and_all_others_are_told_at_once() -> None:
    before, broken, after = Recorder(), Breaker(RunStarted, ValueError("no")), Recorder()
    tell = spread(before, broken, after)
    tell(START)
    tell(END)
    failed = ReporterFailed("number 1", "ValueError: no")
    assert before.seen == [START, failed, END]
    assert after.seen == [failed, START, END]
    assert broken.seen == [START]


def test_a_failure_reaches_the_folded_report_also_at_the_very_end() -> None:
    folding = Folding()
    tell = spread(folding, Breaker(RunFinished, OSError("disk full")))
    tell(START)
    tell(END)
    assert folding.report().broken_reporters == (ReporterFailed("number 1", "OSError: disk full"),)
    assert folding.report().status is ExitStatus.INTERNAL_ERROR


def test_reporters_that_fail_together_and_at_the_news_of_failures_are_all_named() -> None:
    folding = Folding()
    first, second = Breaker(RunStarted, ValueError("a")), Breaker(RunStarted, ValueError("b"))
    at_the_news = Breaker(ReporterFailed, ValueError("c"))
    tell = spread(first, second, at_the_news, folding)
    tell(START)
    assert [failed.message for failed in folding.report().broken_reporters] == [
        "ValueError: c",
        "ValueError: a",
        "ValueError: b",
    ]


def test_a_reporter_that_fails_at_the_news_of_a_failure_is_not_told_the_event_itself() -> None:
    at_the_news = Breaker(ReporterFailed, ValueError("c"))
    spread(Breaker(RunStarted, ValueError("a")), at_the_news)(START)
    assert at_the_news.seen == [ReporterFailed("number 0", "ValueError: a")]


def test_a_reporter_that_exits_or_whose_error_cannot_be_printed_is_only_switched_off() -> None:
    class Unprintable(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    folding = Folding()
    tell = spread(Breaker(RunStarted, SystemExit(5)), Breaker(RunStarted, Unprintable()), folding)
    tell(START)
    assert [failed.message for failed in folding.report().broken_reporters] == ["SystemExit: 5", "Unprintable"]


def test_it_knows_of_what_nobody_wants_to_hear_and_whether_anybody_looks_ahead() -> None:
    seen: list[Event] = []
    tell = Fanout([NamedReporter("deaf", seen.append, (RunFinished,), looks_ahead=False)])
    tell(START)
    tell(END)
    assert seen == [START]
    assert (tell.hears(RunStarted), tell.hears(RunFinished), tell.looks_ahead) == (True, False, False)
    tell.put_first(NamedReporter("all ears", seen.append))
    assert (tell.hears(RunFinished), tell.looks_ahead) == (True, True)


def test_an_interrupt_is_the_users_will_and_passes() -> None:
    with pytest.raises(KeyboardInterrupt):
        spread(Breaker(RunStarted, KeyboardInterrupt()))(START)


def test_who_has_something_quicker_for_the_ends_of_tests_gets_them_there_until_it_fails() -> None:
    ends: list[str] = []

    def end_test(event: TestFinished) -> None:
        ends.append(event.id)
        raise ValueError("no")

    quick, other = Recorder(), Recorder()
    tell = Fanout([NamedReporter("quick", quick, end_test=end_test), NamedReporter("other", other)])
    first, second = TestFinished("t.py::a", PASSED, 0.1, 0.1), TestFinished("t.py::b", PASSED, 0.2, 0.1)
    for event in (START, first, second):
        tell(event)
    assert ends == ["t.py::a"]
    assert quick.seen == [START]
    assert other.seen == [START, ReporterFailed("quick", "ValueError: no"), first, second]

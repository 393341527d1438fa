"""What handlers of a test find while rustest files the same records: nothing of it on the stack, nor on records."""

import logging

import pytest
from project_runs import record


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_handler_finds_on_the_stack_the_frames_of_logging_and_of_the_test(tmp_path, kind):
    run = record(
        tmp_path,
        f"""
        import logging, sys
        from happened import note

        class Looking(logging.Handler):
            def emit(self, record):
                frame = sys._getframe(1)
                while frame.f_globals["__name__"] == "logging":
                    frame = frame.f_back
                note(frame.f_code.co_name)

        {kind} test_it():
            logger = logging.Logger("own")
            logger.addHandler(Looking())
            logger.warning("here")
        """,
    )
    assert run.log == ["test_it"]
    assert "WARNING  own: here" in run.report.finished["test_it.py::test_it"].output[0].text


def test_records_come_to_handlers_as_they_were_logged(tmp_path):
    run = record(
        tmp_path,
        """
        import logging
        from happened import note

        class Looking(logging.Handler):
            def emit(self, record): note(sorted({"message", "asctime", "exc_text"} & {
                name for name, value in vars(record).items() if value is not None
            }))

        def test_it():
            logger = logging.Logger("own")
            logger.addHandler(Looking())
            try: 1 / 0
            except ZeroDivisionError: logger.exception("here")
        """,
    )
    assert run.log == [[]]


def test_what_filters_of_a_logger_refuse_is_not_filed(tmp_path):
    run = record(
        tmp_path,
        """
        import logging

        def test_it():
            logger = logging.Logger("own")
            logger.addFilter(lambda record: record.msg != "refused")
            logger.warning("refused")
            logger.warning("let through")
        """,
    )
    (output,) = run.report.finished["test_it.py::test_it"].output
    assert "let through" in output.text
    assert "refused" not in output.text


def test_a_record_that_no_handler_wants_is_filed_once(tmp_path):
    run = record(
        tmp_path,
        """
        import logging

        def test_it(): logging.getLogger("own").warning("here")
        """,
    )
    assert [each.text.count("here") for each in run.report.finished["test_it.py::test_it"].output] == [1]


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_who_only_logs_installs_no_handler_for_all_tests(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # of pytest's
    run = record(
        tmp_path,
        f"""
        import logging

        {kind} test_logs():
            logging.error("by the module")
            assert logging.getLogger().handlers == []

        {kind} test_asks():
            logging.basicConfig(format="own: %(message)s")
            logging.error("by the module")
            logging.getLogger().handlers.clear()
        """,
        concurrency=1,
    )
    assert run.verdicts() == {"test_logs": "passed", "test_asks": "passed"}
    logs, asks = (
        {one.stream.value: one.text for one in run.report.finished[f"test_it.py::{name}"].output}
        for name in ("test_logs", "test_asks")
    )
    assert list(logs) == ["log"]
    assert asks["stderr"] == "own: by the module\n"
    assert logging.basicConfig.__globals__ is vars(logging)
    assert not hasattr(logging.basicConfig, "__wrapped__")


def test_a_record_whose_arguments_do_not_fit_is_complained_of_with_the_tests_output(tmp_path):
    run = record(
        tmp_path,
        """
        import logging

        def test_it(): logging.getLogger("own").warning("%d items", "three")
        """,
    )
    told = "".join(piece.text for piece in run.report.finished["test_it.py::test_it"].output)
    assert "--- Logging error ---" in told
    assert "%d items" in told

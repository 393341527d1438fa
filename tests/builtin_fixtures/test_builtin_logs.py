"""`caplog`: each test sees its own records at its own levels, also while others log."""

import logging

from small_projects import failing, overlapping, results


def test_fifty_overlapping_tests_each_see_their_own_records_at_their_own_levels(tmp_path):
    source = """
        import asyncio, logging, random
        from rustest import mark

        log = logging.getLogger("chatter.part")
        LEVELS = [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, None]

        async def chatter(number):
            for line in range(4):
                await asyncio.sleep(random.random() * 0.01)
                for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
                    log.log(level, "%s %s", number, line)

        @mark.parametrize("number", range(50))
        async def test_chatter(number, caplog):
            wanted = LEVELS[number % 5]
            if wanted is not None:
                caplog.set_level(wanted, ["chatter", None][number % 2])
            task = asyncio.create_task(chatter(number))
            await chatter(number)
            await asyncio.to_thread(log.error, "%s thread", number)
            await task
            lowest = wanted or logging.WARNING
            assert log.getEffectiveLevel() == lowest
            assert log.isEnabledFor(lowest) and not log.isEnabledFor(lowest - 1)
            expected = 8 * sum(level >= lowest for level in LEVELS[:4]) + 1
            assert len(caplog.records) == expected
            assert {message.split()[0] for message in caplog.messages} == {str(number)}

        @mark.parametrize("number", range(10))
        async def test_with_a_handler_of_its_own(number):
            seen = []
            logger = logging.getLogger(f"own.{number}")
            handler = logging.Handler()
            handler.emit = seen.append
            logger.addHandler(handler)
            for _ in range(10):
                await asyncio.sleep(0.002)
                logger.info("hidden by default")
                logger.warning("shown")
            assert len(seen) == 10

        def test_nothing_is_left():
            assert log.level == logging.getLogger("chatter").level == logging.NOTSET
            assert logging.root.level == logging.WARNING
            assert "isEnabledFor" in vars(logging.Logger) and logging.Logger.isEnabledFor.__module__ == "logging"
        """
    handlers = logging.root.handlers[:]
    assert overlapping(tmp_path, source) == ({}, 60)
    assert logging.root.handlers == handlers


LOOKS = """
    import logging
    from rustest import mark

    log = logging.getLogger("looks")

    def look(caplog):
        log.warning("one %s", 1)
        log.info("hidden")
        assert caplog.messages == ["one 1"]
        assert caplog.record_tuples == [("looks", logging.WARNING, "one 1")]
        assert caplog.records[0].args == (1,)
        line = look.__code__.co_firstlineno + 1
        assert caplog.text == f"WARNING  looks:test_it.py:{line} one 1\\n"
        records = caplog.records
        caplog.clear()
        assert (records, caplog.records, caplog.text) == ([], [], "")

    def test_sync(caplog): look(caplog)

    async def test_async(caplog): look(caplog)
    """


def test_records_messages_and_text(tmp_path):
    assert failing(tmp_path, LOOKS) == {}


LEVELS = """
    import logging
    from rustest import fixture, mark

    log, inner = logging.getLogger("levels"), logging.getLogger("levels.inner")

    def enabled(logger):
        return [logger.isEnabledFor(level) for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)]

    def change(caplog):
        assert enabled(inner) == [False, False, True, True]
        caplog.set_level("INFO", logger="levels")
        assert enabled(log) == enabled(inner) == [False, True, True, True]
        assert enabled(logging.root) == [False, False, True, True]
        with caplog.at_level(logging.DEBUG, logger="levels.inner"):
            assert enabled(inner) == [True] * 4
            inner.debug("seen")
        with caplog.at_level(logging.ERROR):
            assert enabled(logging.root) == [False, False, False, True]
            assert enabled(inner) == [False, True, True, True]
            log.warning("below the handler's level")
        inner.debug("hidden")
        log.info("info")
        assert caplog.messages == ["seen", "info"]
        assert caplog.handler.level == logging.INFO
        caplog.set_level(logging.WARNING, logger="levels.inner")
        caplog.set_level(logging.NOTSET, logger="levels.inner")
        assert enabled(inner) == [False, True, True, True]

    @fixture
    def quiet():
        logging.disable(logging.CRITICAL)
        yield
        logging.disable(logging.NOTSET)

    def forced(caplog):
        caplog.set_level(logging.INFO, logger="levels")
        log.debug("hidden")
        log.info("seen")
        logging.disable(logging.INFO)
        with caplog.at_level(logging.WARNING, logger="levels"):
            log.info("hidden")
            log.warning("seen too")
        assert caplog.messages == ["seen", "seen too"]

    def set_by_the_code(caplog):
        caplog.set_level(logging.DEBUG, logger="levels")
        log.setLevel(logging.ERROR)
        assert enabled(log) == [False, False, False, True]
        log.setLevel(logging.NOTSET)

    def test_sync(caplog): change(caplog)

    async def test_async(caplog): change(caplog)

    def test_forced(quiet, caplog): forced(caplog)

    @mark.serial  # for what `quiet` does to all of the process
    async def test_forced_async(quiet, caplog): forced(caplog)

    def test_set_by_the_code(caplog): set_by_the_code(caplog)

    async def test_set_by_the_code_async(caplog): set_by_the_code(caplog)

    def test_sync_sets_the_level_itself(caplog):
        caplog.set_level(logging.DEBUG, logger="levels")
        assert log.level == logging.DEBUG

    def test_all_is_as_before():
        assert enabled(log) == enabled(inner) == [False, False, True, True]
        assert log.level == inner.level == logging.NOTSET
        assert logging.root.manager.disable == logging.NOTSET

    def test_an_unknown_level(caplog): caplog.set_level("LOUD")
    """


def test_levels_are_changed_for_loggers_and_restored(tmp_path):
    assert failing(tmp_path, LEVELS) == {"test_an_unknown_level": "failed; ValueError: there is no log level 'LOUD'"}


def test_records_are_kept_phase_by_phase(tmp_path):
    source = """
        import logging
        from rustest import fixture

        log = logging.getLogger("phases")

        @fixture
        def noisy(caplog):
            log.warning("in set-up")
            assert caplog.messages == ["in set-up"]
            yield
            log.warning("in teardown")
            assert caplog.messages == ["in teardown"]
            assert [record.message for record in caplog.get_records("call")] == ["in the test"]

        async def test_it(noisy, caplog):
            assert caplog.records == []
            log.warning("in the test")
            assert caplog.messages == ["in the test"]
            assert [record.message for record in caplog.get_records("setup")] == ["in set-up"]
            assert caplog.get_records("teardown") == []
        """
    assert failing(tmp_path, source) == {}


def test_the_handler_works_on_loggers_that_do_not_propagate(tmp_path):
    source = """
        import asyncio, logging
        from rustest import mark

        log = logging.getLogger("apart")
        log.propagate = False

        @mark.parametrize("number", range(3))
        async def test_it(number, caplog):
            log.addHandler(caplog.handler)
            for _ in range(3):
                await asyncio.sleep(0.003)
                log.warning("%s", number)
            log.removeHandler(caplog.handler)
            assert caplog.messages == [str(number)] * 3
        """
    assert failing(tmp_path, source) == {}


def test_filters_hold_for_their_block(tmp_path):
    source = """
        import logging

        class Even(logging.Filter):
            def filter(self, record): return record.args[0] % 2 == 0

        async def test_it(caplog):
            with caplog.filtering(Even()):
                for number in range(4):
                    logging.warning("%s", number)
            logging.warning("%s", 5)
            assert caplog.messages == ["0", "2", "5"]
        """
    assert failing(tmp_path, source) == {}


def test_a_message_and_arguments_that_do_not_fit_fail_the_test(tmp_path):
    source = """
        import logging

        async def test_it(caplog): logging.warning("%s %s", 1)
        """
    assert results(tmp_path, source) == {
        "test_it": "failed; TypeError: not enough arguments for format string",
    }


def test_threads_of_a_sync_test_are_seen_by_it(tmp_path):
    source = """
        import logging
        from threading import Thread

        def test_it(caplog):
            thread = Thread(target=logging.warning, args=("from a thread",))
            thread.start()
            thread.join()
            assert caplog.messages == ["from a thread"]
        """
    assert failing(tmp_path, source) == {}


def test_the_level_of_a_test_ends_with_it_also_for_a_task_that_it_leaves(tmp_path):
    source = """
        import asyncio, logging
        from rustest import fixture, mark

        log = logging.getLogger("left")

        @fixture(scope="session")
        def seen(): return []

        @mark.asyncio(loop_scope="module")
        async def test_leaves_a_task(caplog, seen):
            async def late():
                await asyncio.sleep(0.03)
                seen.append(log.isEnabledFor(logging.DEBUG))

            caplog.set_level(logging.DEBUG)
            seen.append(asyncio.create_task(late()))

        @mark.asyncio(loop_scope="module")
        async def test_longer(caplog, seen):
            caplog.set_level(logging.ERROR)
            while len(seen) < 2:
                await asyncio.sleep(0.01)
            assert seen[1] is False
        """
    assert failing(tmp_path, source, timeout=10) == {}

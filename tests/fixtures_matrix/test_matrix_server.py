"""A session fixture that runs a TCP server, under hundreds of tests of many files at once."""

from project_runs import record

SERVER = """
    import asyncio
    from contextlib import suppress
    from happened import note
    from rustest import fixture

    class Server:
        def __init__(self):
            self.loop, self.ticks, self.served, self.at_once, self.most = asyncio.get_running_loop(), 0, 0, 0, 0

        async def tick(self):
            while True:
                await asyncio.sleep(0.001)
                self.ticks += 1

        async def answer(self, reader, writer):
            assert asyncio.get_running_loop() is self.loop
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            with suppress(asyncio.IncompleteReadError):
                while True:
                    writer.write(b"echo " + await reader.readuntil())
                    await writer.drain()
            self.at_once -= 1
            self.served += 1
            writer.close()
            await writer.wait_closed()

    @fixture(scope="session")
    async def server():
        note("up")
        server = Server()
        ticker = asyncio.create_task(server.tick())
        listener = await asyncio.start_server(server.answer, "127.0.0.1", 0)
        server.port = listener.sockets[0].getsockname()[1]
        async with listener:
            yield server
        ticker.cancel()
        note("down")
        note(("served", server.served))
        note(("most at once", server.most))
"""

TESTS = """
    import asyncio
    from happened import note
    from rustest import fixture, parametrize

    @fixture
    async def client(server):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        yield reader, writer
        writer.close()
        await writer.wait_closed()

    @parametrize("number", range(30))
    async def test_client(number, client, server):
        reader, writer = client
        before = server.ticks
        for part in range(3):
            writer.write(b"%d %d\\n" % (number, part))
            assert await asyncio.wait_for(reader.readuntil(), 30) == b"echo %d %d\\n" % (number, part)
            await asyncio.sleep(0.003)
        assert server.ticks > before
        assert asyncio.get_running_loop() is server.loop
        note("used")
"""


def test_it_is_set_up_once_for_three_hundred_tests_of_ten_files_and_ticks_on(tmp_path):
    files = {f"test_part{number}.py": TESTS for number in range(10)}
    happened = record(tmp_path, {"conftest.py": SERVER, **files})
    bad = {name: happened.outcome(name) for name, verdict in happened.verdicts().items() if verdict != "passed"}
    assert bad == {}
    assert happened.report.problems == ()
    assert happened.log[0] == "up"
    assert happened.log.count("used") == happened.report.total == 300
    *_, down, served, (_, most_served_at_once) = happened.log
    assert (down, served) == ("down", ("served", 300))
    assert happened.log.count("up") == happened.log.count("down") == 1
    assert happened.most_at_once() == 100
    assert most_served_at_once > 20


def test_it_ticks_on_under_tests_that_know_nothing_of_it(tmp_path):
    tests = """
        import asyncio
        import sys

        async def test_user(server):
            sys.server = server

        async def test_first_on_a_loop_of_its_own():
            while not hasattr(sys, "server"):
                await asyncio.sleep(0.001)
            await see_ticks()

        async def test_second_on_a_loop_of_its_own():
            await see_ticks()

        async def see_ticks():
            before = sys.server.ticks
            while sys.server.ticks < before + 5:
                await asyncio.sleep(0.001)
            assert asyncio.get_running_loop() is not sys.server.loop

        async def test_last_user(server):
            del sys.server
    """
    happened = record(tmp_path, {"conftest.py": SERVER, "test_it.py": tests}, concurrency=1, timeout=20)
    assert set(happened.verdicts().values()) == {"passed"}


def test_a_module_fixture_that_uses_it_lives_on_its_loop_with_all_users_of_either(tmp_path):
    shared = """
        import asyncio
        from rustest import fixture

        @fixture(scope="session")
        async def engine():
            loop = asyncio.get_running_loop()
            yield loop
            assert asyncio.get_running_loop() is loop
    """
    tests = """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="module")
        async def tables(engine):
            lock = asyncio.Lock()
            async with lock:  # binds itself to this loop as soon as somebody must wait
                yield asyncio.get_running_loop(), engine, lock
            assert asyncio.get_running_loop() is engine

        @fixture
        async def row(tables):
            yield asyncio.get_running_loop()
            assert asyncio.get_running_loop() is tables[0]

        async def test_module(tables):
            mine = asyncio.get_running_loop()
            waiting = asyncio.create_task(tables[2].acquire())
            await asyncio.sleep(0)
            waiting.cancel()
            assert mine is tables[0] is tables[1]
            note(id(mine))

        async def test_session(engine):
            assert asyncio.get_running_loop() is engine
            note(id(engine))

        async def test_both(engine, row, tables):
            assert asyncio.get_running_loop() is engine is row
            note(id(row))

        class TestIn:
            async def test_class(self, row): note(id(asyncio.get_running_loop()))

        async def test_neither():
            mine = asyncio.get_running_loop()
            await asyncio.sleep(0.01)
            note(("private", id(mine)))
    """
    happened = record(tmp_path, {"conftest.py": shared, "test_one.py": tests, "test_two.py": tests})
    assert set(happened.verdicts().values()) == {"passed"}
    loops = [entry for entry in happened.log if isinstance(entry, int)]
    assert len(loops) == 8
    assert len(set(loops)) == 1
    assert not {number for entry in happened.log if isinstance(entry, tuple) for number in entry[1:]} & set(loops)

"""Small suites for pytest's async plugins, of which pytest itself says what comes out."""

ASYNCIO = {
    "test_modes.py": """
        import asyncio, contextvars, pytest, pytest_asyncio

        variable = contextvars.ContextVar("variable", default=0)

        @pytest.fixture
        async def plain_fixture(): return 1

        @pytest_asyncio.fixture
        async def good():
            variable.set(1)
            yield 2

        async def test_unmarked(): pass

        async def test_unmarked_with_fixture(good): pass

        @pytest.mark.xfail
        async def test_unmarked_xfail(): pass

        @pytest.mark.asyncio
        async def test_plain_fixture(plain_fixture): pass

        def test_plain_fixture_in_sync(plain_fixture): pass

        def test_good_in_sync(good): assert good == 2

        @pytest.mark.asyncio
        async def test_good(good): assert good == 2 and variable.get() == 1

        @pytest.mark.asyncio
        def test_sync(): pass

        @pytest.mark.asyncio
        @pytest.mark.parametrize("x", [1, 2])
        async def test_cases(x): pass

        @pytest.mark.asyncio(loop_scope="module")
        @pytest.mark.asyncio(loop_scope="session")
        async def test_two_marks(): pass

        class TestStatic:
            @pytest.mark.asyncio
            @staticmethod
            async def test_static(): pass

            @pytest.mark.asyncio
            @classmethod
            async def test_class(cls): pass
    """,
    "test_loops.py": """
        import asyncio, pytest, pytest_asyncio

        pytestmark = pytest.mark.asyncio

        @pytest_asyncio.fixture(scope="session", loop_scope="session")
        async def session_loop():
            yield asyncio.get_running_loop()
            await asyncio.sleep(0)

        @pytest_asyncio.fixture(loop_scope="module")
        async def module_loop(): return asyncio.get_running_loop()

        @pytest_asyncio.fixture
        async def own_loop(): return asyncio.get_running_loop()

        @pytest_asyncio.fixture(scope="module", loop_scope="function")
        async def too_narrow(): pass

        async def test_two_loops(session_loop, module_loop, own_loop):
            loop = asyncio.get_running_loop()
            assert own_loop is loop
            assert len({id(session_loop), id(module_loop), id(loop)}) == 3

        @pytest.mark.asyncio(loop_scope="session")
        async def test_one_loop(session_loop, own_loop):
            assert asyncio.get_running_loop() is session_loop is not own_loop

        @pytest.mark.asyncio(loop_scope="module")
        async def test_module_loop(module_loop): assert asyncio.get_running_loop() is module_loop

        async def test_too_narrow(too_narrow): pass

        @pytest.mark.asyncio(loop_scope="class")
        async def test_class_outside_of_classes(): pass

        @pytest.mark.asyncio(loop_scope="class")
        class TestClass:
            loop = None

            async def test_one(self): TestClass.loop = asyncio.get_running_loop()

            async def test_other(self): assert TestClass.loop is asyncio.get_running_loop()

            @pytest.mark.asyncio
            async def test_nearest_mark(self): assert TestClass.loop is not asyncio.get_running_loop()
    """,
}

FACTORIES = {
    "conftest.py": """
        import asyncio

        def pytest_asyncio_loop_factories(config, item):
            return {"default": asyncio.new_event_loop, "other": asyncio.SelectorEventLoop}
    """,
    "test_factories.py": """
        import pytest

        @pytest.mark.asyncio
        @pytest.mark.parametrize("x", [1])
        async def test_case(x): pass

        @pytest.mark.asyncio(loop_factories=["other"])
        async def test_one_factory(): pass

        def test_sync(): pass
    """,
}

JUMPING_CLOCK = {
    "conftest.py": """
        import asyncio
        from unittest.mock import Mock

        class JumpingLoop(asyncio.BaseEventLoop):
            def __init__(self):
                super().__init__()
                self.now, self.jumps, self._selector = 0.0, [], Mock()

            def time(self):
                return self.now

            def _run_once(self):
                super()._run_once()
                if self._scheduled and not self._ready:
                    self.jumps.append(self._scheduled[0]._when - self.now)
                    self.now = self._scheduled[0]._when

            def _process_events(self, events): pass
            def _write_to_self(self): pass

        def pytest_asyncio_loop_factories():
            return {"jumping": JumpingLoop}
    """,
    "test_clock.py": """
        import asyncio, pytest

        @pytest.mark.asyncio
        async def test_only_its_own_timers_pass():
            await asyncio.sleep(1000)
            await asyncio.sleep(2000)
            assert asyncio.get_running_loop().jumps == [1000, 2000]

        @pytest.mark.asyncio
        @pytest.mark.parametrize("x", [1])
        async def test_one_factory_is_no_part_of_the_id(x):
            assert type(asyncio.get_running_loop()).__name__ == "JumpingLoop"

        def test_sync(): pass
    """,
}

LONELY = {
    "conftest.py": """
        import asyncio, selectors

        class Lonely(selectors.SelectSelector):
            def register(self, descriptor, *args):
                if len(self.get_map()):  # there is the loop's own, to wake itself
                    raise LookupError("this loop knows nobody else")
                return super().register(descriptor, *args)

            def select(self, timeout=None):
                if timeout is None:
                    raise RuntimeError("nobody will ever wake this loop")
                return super().select(timeout)

        class LonelyLoop(asyncio.SelectorEventLoop):
            def __init__(self): super().__init__(Lonely())
            def time(self): return super().time() + 1000

        def pytest_asyncio_loop_factories(): return {"lonely": LonelyLoop}
    """,
    "test_lonely.py": """
        import asyncio, pytest, pytest_asyncio

        async def wait_forever(): await asyncio.Event().wait()

        @pytest_asyncio.fixture(scope="module")
        async def of_module():
            await asyncio.sleep(0.001)
            yield asyncio.get_running_loop()
            await asyncio.sleep(0.001)

        @pytest_asyncio.fixture(scope="session")
        async def of_session(): return asyncio.get_running_loop()

        @pytest_asyncio.fixture(scope="class")
        async def not_set_up():
            await wait_forever()
            yield

        @pytest_asyncio.fixture(scope="class")
        async def not_torn_down():
            yield
            await wait_forever()

        @pytest_asyncio.fixture
        async def own_not_torn_down():
            yield
            await wait_forever()

        @pytest.mark.asyncio
        async def test_waits(): await wait_forever()

        @pytest.mark.asyncio
        async def test_goes_on(of_module, of_session):
            await asyncio.sleep(0.001)
            assert len({of_module, of_session, asyncio.get_running_loop()}) == 3
            assert type(of_module).__name__ == type(of_session).__name__ == "LonelyLoop"

        @pytest.mark.asyncio
        async def test_own_not_torn_down(own_not_torn_down): pass

        class TestSetUp:
            @pytest.mark.asyncio
            async def test_not_set_up(self, not_set_up): pass

        class TestTearDown:
            @pytest.mark.asyncio
            async def test_not_torn_down(self, not_torn_down): pass

        @pytest.mark.asyncio
        async def test_still_there(of_module): await asyncio.sleep(0.001)

        def test_sync(of_module): pass
    """,
}
"""Loops that take in no descriptors and say when nobody will wake them; wide fixtures live on others than the tests."""

LYING = {
    "test_lying.py": """
        import asyncio, pytest
        from unittest.mock import patch

        @pytest.mark.asyncio
        async def test_a_loop_that_says_it_is_closed_goes_on():
            with patch.object(asyncio.get_running_loop(), "is_closed", return_value=True) as asked:
                await asyncio.sleep(0)
                await asyncio.sleep(0.01)
            assert asked.call_count == 0

        @pytest.mark.asyncio
        async def test_the_next(): await asyncio.sleep(0)

        @pytest.mark.asyncio
        async def test_another(): pass
    """,
}

ANYIO = {
    "test_anyio.py": """
        import anyio, contextvars, pytest

        pytestmark = pytest.mark.anyio
        variable = contextvars.ContextVar("variable", default=0)

        def library():
            try:
                import asyncio
                return "asyncio" if asyncio.current_task() else "trio"
            except RuntimeError:
                return "trio"

        @pytest.fixture(scope="module")
        async def module_fixture(anyio_backend):
            await anyio.sleep(0)
            yield library()
            await anyio.sleep(0)

        @pytest.fixture
        async def group(module_fixture):
            async with anyio.create_task_group() as group:
                variable.set(3)
                yield group
                group.cancel_scope.cancel()

        @pytest.fixture(params=["x", "y"])
        def param(request): return request.param

        @pytest.mark.parametrize("a", [1, 2])
        async def test_ids(a, param, group, module_fixture): pass

        async def test_library(module_fixture, group, anyio_backend_name, anyio_backend_options):
            assert module_fixture == anyio_backend_name == library()
            assert variable.get() == 3 and anyio_backend_options == {}
            group.start_soon(anyio.sleep, 60)

        def test_sync(): pass

        def test_sync_with_async(module_fixture, anyio_backend): assert module_fixture == anyio_backend

        class TestClass:
            @pytest.fixture
            async def method(self): return self

            async def test_method(self, method): assert method is self

            async def test_ports(self, free_tcp_port, free_tcp_port_factory, free_udp_port):
                assert free_tcp_port != free_tcp_port_factory()

        @pytest.fixture
        async def bad(): raise ValueError

        @pytest.fixture
        async def bad_down():
            yield
            raise ValueError

        async def test_bad(bad): pass
        async def test_bad_down(bad_down): pass
        async def test_failed(): assert 0
        async def test_skipped(): pytest.skip("x")

        @pytest.mark.xfail
        async def test_xfail(): assert 0
    """,
    "test_named.py": """
        import pytest

        pytestmark = pytest.mark.anyio

        def library():
            try:
                import asyncio
                return "asyncio" if asyncio.current_task() else "trio"
            except RuntimeError:
                return "trio"

        @pytest.mark.parametrize("anyio_backend", ["asyncio"])
        async def test_only(): assert library() == "asyncio"

        @pytest.mark.parametrize("anyio_backend", [
            pytest.param(("asyncio", {"use_uvloop": True}), id="asyncio+uvloop"),
            pytest.param(("trio", {}), id="t"),
        ])
        async def test_named(anyio_backend, anyio_backend_name): assert library() == anyio_backend_name
    """,
    "test_unmarked.py": """
        import pytest

        async def test_unmarked(): pass

        async def test_by_its_fixture(anyio_backend): pass

        @pytest.fixture
        async def fixture(): return 1

        def test_sync(fixture): pass
    """,
}

TRIO = {
    "test_trio.py": """
        import pytest, trio

        @pytest.fixture
        async def fixture():
            await trio.sleep(0)
            yield trio.lowlevel.current_trio_token()

        @pytest.mark.trio
        async def test_fixture(fixture, nursery):
            assert trio.lowlevel.current_trio_token() is fixture
            nursery.start_soon(trio.sleep_forever)

        @pytest.mark.trio
        async def test_clock(autojump_clock): await trio.sleep(1000)

        def test_what_the_plugin_imports_is_there(): trio.testing.MockClock()

        @pytest.mark.trio
        @pytest.mark.parametrize("x", [1, 2])
        async def test_mock(x, mock_clock): mock_clock.jump(1)

        @pytest.mark.trio
        @pytest.mark.xfail
        async def test_xfail(): assert 0

        @pytest.mark.trio
        async def test_skipped(): pytest.skip("x")

        @pytest.mark.trio
        async def test_failed(): assert 0

        async def test_unmarked(): await trio.sleep(0)

        class TestClass:
            @pytest.mark.trio
            async def test_method(self, fixture): pass
    """,
}

IMPORTED_MODE = {"conftest.py": "from pytest_trio.enable_trio_mode import *"}
"""Another way to have all async tests run by trio."""

POLICIES = {
    "test_policies.py": """
        import asyncio, pytest
        from hypothesis import given, settings, strategies as st

        few = settings(max_examples=5, database=None, deadline=None)

        class Loop(asyncio.SelectorEventLoop): pass

        class Policy(asyncio.DefaultEventLoopPolicy):
            def new_event_loop(self): return Loop()

        @pytest.fixture(params=[Policy(), asyncio.DefaultEventLoopPolicy()])
        def event_loop_policy(request): return request.param

        @pytest.fixture(params="xy")
        def other(request): pass

        @pytest.mark.parametrize("case", [1, 2])
        @pytest.mark.asyncio
        async def test_cases(other, case): assert type(asyncio.get_running_loop()) is Loop

        def test_sync(): pass

        @pytest.mark.asyncio
        @few
        @given(st.integers())
        async def test_given(number): assert type(asyncio.get_running_loop()) is Loop
    """,
    "test_given.py": """
        import asyncio, pytest
        from hypothesis import given, settings, strategies as st

        few = settings(max_examples=5, database=None, deadline=None)

        @few
        @given(number=st.integers())
        async def test_unmarked(number): await asyncio.sleep(0)

        class TestClass:
            @pytest.mark.asyncio
            @few
            @given(number=st.integers())
            async def test_passes(self, number): await asyncio.sleep(0)

            @pytest.mark.asyncio
            @few
            @given(number=st.integers())
            async def test_fails(self, number): assert 0

            @pytest.mark.asyncio
            @few
            @given(number=st.integers())
            async def test_skips(self, number): pytest.skip("")
    """,
}
"""Policies with params, and tests to which hypothesis gives inputs."""

"""The fixtures of tests that were written for anyio."""

from small_projects import failing


def test_the_backend_is_asyncio(tmp_path):
    source = """
        from rustest import fixture, mark

        @fixture(scope="module")
        async def connection(anyio_backend): yield anyio_backend

        @mark.anyio
        async def test_it(anyio_backend, anyio_backend_name, anyio_backend_options, connection):
            assert (anyio_backend, anyio_backend_name, anyio_backend_options) == ("asyncio", "asyncio", {})
            assert connection == "asyncio"
        """
    assert failing(tmp_path, source) == {}


def test_a_backend_defined_anew_has_its_options(tmp_path):
    source = """
        from rustest import fixture

        @fixture(scope="module")
        def anyio_backend(): return "asyncio", {"debug": True}

        async def test_it(anyio_backend_name, anyio_backend_options):
            assert (anyio_backend_name, anyio_backend_options) == ("asyncio", {"debug": True})
        """
    assert failing(tmp_path, source) == {}

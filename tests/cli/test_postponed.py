"""What asyncio imports and few tests reach is loaded when somebody asks, and but for the time nobody can tell."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import rustest

Run = Callable[[str], "subprocess.CompletedProcess[str]"]

POSTPONED = ("asyncio.sslproto", "asyncio.staggered", "inspect", "linecache", "locale", "ssl", "traceback", "typing")
NAMES = f"POSTPONED = {POSTPONED}"
LEFT = (
    f"{NAMES}"
    """
import asyncio, atexit, sys

@atexit.register
def tell():
    print({*POSTPONED} & {*sys.modules} or "none of them", file=sys.__stderr__)

async def test_over_tcp():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello\\n")
    assert await reader.readline() == b"hello\\n"
    writer.close()
    server.close()

async def echo(reader, writer):
    writer.write(await reader.readline())
    writer.close()
"""
)
TLS = """
import asyncio

async def test_over_tls():
    import ssl
    client, server = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client.check_hostname = False
    for context in (client, server):
        context.verify_mode = ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("AECDH-AES256-SHA@SECLEVEL=0")
    listening = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=server)
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname(), ssl=client)
    writer.write(b"hello\\n")
    assert await reader.readline() == b"hello\\n"
    writer.close()
    listening.close()
    assert asyncio.base_events.ssl is asyncio.selector_events.ssl is ssl

async def echo(reader, writer):
    writer.write(await reader.readline())
    writer.close()
"""
MODULES = (
    f"{NAMES}"
    """
import asyncio, importlib, logging, subprocess, sys

def test_each_is_the_module_itself():
    assert "SSLProtocol" in dir(asyncio.sslproto)
    assert asyncio.staggered.staggered_race and logging.traceback.print_exc and subprocess.locale.getlocale
    for name in POSTPONED:
        assert name not in sys.modules or not type(sys.modules[name]).__module__.startswith("rustest")
        assert importlib.import_module(name) is sys.modules[name]
        assert type(sys.modules[name]) is type(sys)
    assert asyncio.sslproto.SSLProtocol is sys.modules["asyncio.sslproto"].SSLProtocol
    assert asyncio.coroutines.inspect.signature is sys.modules["inspect"].signature
    assert asyncio.coroutines.inspect is sys.modules["inspect"]
    assert logging.traceback is asyncio.base_tasks.traceback is sys.modules["traceback"]
    assert subprocess.locale is sys.modules["locale"]
"""
)
HINTS = """
import asyncio, typing

def test_asyncios_hints_say_what_typings_words_say():
    Timeout = asyncio.Timeout
    assert typing.get_type_hints(asyncio.timeout)["delay"] == typing.Optional[float]
    assert typing.get_type_hints(Timeout.__aexit__)["exc_val"] == typing.Optional[BaseException]
    assert Timeout.__final__ is True
"""
STACKS = """
import asyncio, io, logging, subprocess, sys

async def test_what_is_logged_has_its_traceback(caplog):
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("app").exception("it went wrong")
    assert "1 / 0" in caplog.text and "ZeroDivisionError" in caplog.text

async def test_a_task_shows_where_it_is():
    async def wait():
        await asyncio.sleep(1)
    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    shown = io.StringIO()
    task.print_stack(file=shown)
    assert "await asyncio.sleep(1)" in shown.getvalue()
    task.cancel()

async def test_debug_mode_knows_where_a_task_was_made():
    asyncio.get_running_loop().set_debug(True)
    task = asyncio.ensure_future(asyncio.sleep(0))
    made = [frame.name for frame in task._source_traceback]
    await task
    assert "test_debug_mode_knows_where_a_task_was_made" in made and "_extract_stack" not in made

def test_a_child_speaks_text():
    done = subprocess.run([sys.executable, "-c", "print('hello')"], capture_output=True, encoding="locale")
    assert done.stdout == "hello\\n"
"""
PATCHES = """
import asyncio, unittest.mock

def test_a_patch_through_asyncio_reaches_the_module_and_is_taken_back():
    patch = unittest.mock.patch
    with patch("asyncio.base_events.ssl.CERT_NONE", 1), patch("asyncio.sslproto.late", 2, create=True):
        import ssl
        assert ssl.CERT_NONE == 1 and asyncio.sslproto.late == 2
    assert ssl.CERT_NONE == ssl.VerifyMode.CERT_NONE and not hasattr(asyncio.sslproto, "late")
"""
FAKES = """
import asyncio, socket, unittest.mock

genuine = socket.socket, socket.create_connection

class Fake(socket.socket):
    pass

def test_it_is_loaded_while_sockets_are_faked():
    with unittest.mock.patch("socket.socket", Fake), unittest.mock.patch("socket.create_connection"):
        import ssl
        assert socket.socket is Fake
    assert ssl.SSLSocket.__bases__ == (genuine[0],) and ssl.create_connection is genuine[1]
    assert (socket.socket, socket.create_connection) == genuine
"""
SOCKETS = """
import asyncio, socket

async def test_a_socket_of_tls_is_refused_as_ever():
    loop = asyncio.get_running_loop()
    left, right = socket.socketpair()
    left.setblocking(False)
    right.setblocking(False)
    await loop.sock_sendall(left, b"x")
    assert await loop.sock_recv(right, 1) == b"x"
    import ssl
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    with context.wrap_socket(left, do_handshake_on_connect=False) as wrapped:
        try:
            await loop.sock_recv(wrapped, 1)
        except TypeError as error:
            assert "SSLSocket" in str(error)
        else:
            raise AssertionError
    right.close()
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    """Run a file with a rustest of our own, which has kept the bytecode of asyncio and of what that imports."""
    home = tmp_path_factory.mktemp("installed")
    shutil.copytree(rustest.__path__[0], home / "rustest", ignore=shutil.ignore_patterns("__pycache__"))

    def run_there(source: str) -> "subprocess.CompletedProcess[str]":
        return run_in(home, tmp_path_factory.mktemp("project"), source)

    assert "none of them" not in run_there(LEFT).stderr
    return run_there


def run_in(home: Path, project: Path, source: str) -> "subprocess.CompletedProcess[str]":
    (project / "test_it.py").write_text(source)
    program = [sys.executable, "-m", "rustest", "test_it.py"]
    environment = {**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.run(program, cwd=project, env=environment, capture_output=True, text=True, timeout=60)


def test_what_no_test_reaches_is_not_loaded(run):
    done = run(LEFT)
    assert (done.returncode, done.stderr) == (0, "none of them\n"), done.stdout


@pytest.mark.parametrize("source", [TLS, MODULES, PATCHES, FAKES, SOCKETS, HINTS, STACKS])
def test_whoever_asks_finds_what_would_have_been_there(run, source):
    done = run(source)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout

"""Descriptors: each loop has a selector of its own, so that none of its I/O reaches another loop."""

import asyncio
import fcntl
import os
import socket

from hub_runs import hub_run
from project_runs import record


def test_a_descriptor_closed_behind_its_loops_back_and_reused_by_another_loop_does_not_cross_over():
    crossed: list[str] = []
    arrived: list[bytes] = []

    async def leave_a_closed_descriptor_behind() -> int:
        ours, theirs = socket.socketpair()
        asyncio.get_running_loop().add_reader(ours.fileno(), crossed.append, "read by the wrong loop")
        number = ours.fileno()
        ours.close()  # its loop is not told
        theirs.close()
        return number

    async def stay_alive() -> None:
        await asyncio.sleep(0.05)

    async def use_the_number_again(number: int) -> None:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        if ours.fileno() != number:
            os.dup2(ours.fileno(), number)
            ours.close()
            ours = socket.socket(fileno=number)
        ours.setblocking(False)
        done = loop.create_future()
        loop.add_reader(number, lambda: (arrived.append(ours.recv(100)), done.set_result(None)))
        theirs.send(b"ping")
        await done
        loop.remove_reader(number)
        theirs.close()
        ours.close()

    with hub_run() as run:
        first = run.new_loop()
        [number] = run.finish(run.start(leave_a_closed_descriptor_behind(), first))
        both = run.start(stay_alive(), first), run.start(use_the_number_again(number))
        run.finish(*both)
        assert (crossed, arrived) == ([], [b"ping"])

        run.run(use_the_number_again(number), stay_alive())  # and once more, while the first loop still believes in it
        run.finish(run.start(stay_alive(), first))
        assert (crossed, arrived) == ([], [b"ping", b"ping"])


def test_a_number_that_goes_from_loop_to_loop_serves_each_of_them():
    """Each loop leaves it registered, closed behind its back, and lives on."""
    served: list[int] = []

    async def serve(turn: int, number: int) -> None:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        os.dup2(ours.fileno(), number)
        ours.close()
        done = loop.create_future()
        loop.add_reader(number, lambda: done.done() or done.set_result(turn))
        theirs.send(b"x")
        served.append(await done)
        os.close(number)
        theirs.close()

    number = fcntl.fcntl(0, fcntl.F_DUPFD, 200)  # far from what is opened meanwhile
    with hub_run() as run:
        loops = [run.new_loop() for _ in range(5)]
        for turn, loop in enumerate(loops):
            run.finish(run.start(serve(turn, number), loop))
            run.finish(*[run.start(asyncio.sleep(0.001), other) for other in loops])
    assert served == [0, 1, 2, 3, 4]


def test_io_of_one_loop_is_served_while_another_never_rests():
    async def spin(until: asyncio.Event) -> None:
        while not until.is_set():
            await asyncio.sleep(0)

    async def talk(until: asyncio.Event) -> bytes:
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        theirs.sendall(b"hello")
        line = await reader.readexactly(5)
        writer.close()
        await writer.wait_closed()
        theirs.close()
        until.set()
        return line

    until = asyncio.Event()
    with hub_run() as run:
        assert run.run(spin(until), talk(until)) == [None, b"hello"]


def test_a_loop_without_descriptors_opens_none():
    opened_before = len(os.listdir("/dev/fd"))
    with hub_run() as run:
        of_the_hub = len(os.listdir("/dev/fd")) - opened_before
        run.run(*[asyncio.sleep(0.001) for _ in range(50)])
        assert len(os.listdir("/dev/fd")) - opened_before == of_the_hub


ITERATIONS = """
import asyncio
import os
import signal
import socket

async def until_read():
    ours, theirs = socket.socketpair()
    seen = []
    asyncio.get_running_loop().add_reader(ours, lambda: seen.append(ours.recv(1)))
    theirs.send(b"x")
    asked = 0
    while not seen:
        await asyncio.sleep(0)
        asked += 1
    asyncio.get_running_loop().remove_reader(ours)
    ours.close(), theirs.close()
    return asked

async def until_due():
    seen = []
    asyncio.get_running_loop().call_later(0, seen.append, "due")
    asked = 0
    while not seen:
        await asyncio.sleep(0)
        asked += 1
    return asked

async def until_handled():
    seen = []
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, seen.append, "handled")
    os.kill(os.getpid(), signal.SIGUSR2)
    asked = 0
    while not seen:
        await asyncio.sleep(0)
        asked += 1
    asyncio.get_running_loop().remove_signal_handler(signal.SIGUSR2)
    return asked

COUNTS = {count: asyncio.run(count()) for count in (until_read, until_due, until_handled)}

async def test_read(): assert await until_read() == COUNTS[until_read]
async def test_due(): assert await until_due() == COUNTS[until_due]
async def test_handled(): assert await until_handled() <= COUNTS[until_handled] + 1
async def test_beside(): await asyncio.sleep(0)
"""


def test_a_test_sees_io_timers_and_signals_after_as_many_iterations_as_under_asyncio(tmp_path):
    assert set(record(tmp_path, ITERATIONS).verdicts().values()) == {"passed"}

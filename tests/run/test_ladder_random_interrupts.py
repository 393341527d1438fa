"""Many blocking bodies interrupted at random points, beside good tests: the hub stays whole.

How many is read from RUSTEST_INTERRUPTS; a thousand take under a minute.
"""

import json
import os
import subprocess
import sys

from process_runs import HARD_LIMIT

from rustest.testing import write_project

INTERRUPTS = int(os.environ.get("RUSTEST_INTERRUPTS", "40"))

BLOCKING = """
import asyncio, contextlib, heapq, itertools, json, random, socket, threading, time
import loops_seen
from rustest import mark, parametrize

def sleep():
    time.sleep(1000)

def spin():
    while True:
        pass

def spin_in_calls(depth=0):
    while True:
        spin_in_calls(depth + 1) if depth < 20 else len(str(depth))
        if depth:
            return

def sort():
    while True:
        sorted(range(1000), key=lambda number: -number)

def dump():
    class Odd:
        pass
    while True:
        json.dumps([Odd()] * 1000, default=lambda odd: [1])

def push():
    class Number(int):
        def __lt__(self, other):
            return int(self) < int(other)
    heap = []
    while True:
        heapq.heappush(heap, Number(-len(heap)))

def acquire():
    lock = threading.Lock()
    with lock:
        lock.acquire()

def wait_for_thread():
    release = threading.Event()
    thread = threading.Thread(target=release.wait, daemon=True)
    thread.start()
    try:
        thread.join()
    finally:
        release.set()

def receive():
    one, other = socket.socketpair()
    with one, other:
        one.recv(1)

def clean_up():
    with contextlib.ExitStack() as stack:
        stack.callback(len, "x")
        while True:
            with contextlib.suppress(ValueError):
                raise ValueError

def schedule():
    loop = asyncio.get_running_loop()
    for number in itertools.count():
        loop.call_later(1000 - number / 1000, len, "x").cancel()

def set_timers():
    loop = asyncio.get_running_loop()
    for number in itertools.count():
        loop.call_at(loop.time() + 0.1 / (number + 1), len, "x")

def call_soon():
    loop = asyncio.get_running_loop()
    while True:
        loop.call_soon(len, "x").cancel()

def spawn():
    while True:
        asyncio.create_task(asyncio.sleep(0)).cancel()

def wake_others():
    queue = asyncio.Queue()
    waiting = asyncio.create_task(queue.get())
    event = asyncio.Event()
    while True:
        queue.put_nowait(1)
        queue.get_nowait()
        event.set()
        event.clear()

def watch_descriptors():
    loop = asyncio.get_running_loop()
    one, other = socket.socketpair()
    with one, other:
        while True:
            loop.add_reader(one, len, "x")
            loop.remove_reader(one)

WAITS = [sleep, acquire, wait_for_thread, receive]
COMPUTES = [spin, spin_in_calls, sort, dump, push, clean_up]
IN_ASYNCIO = [schedule, set_timers, call_soon, spawn, wake_others, watch_descriptors]

async def straight(block):
    block()

async def in_a_task(block):
    async def child():
        block()
    await asyncio.create_task(child())

async def in_a_task_that_nobody_awaits(block):
    async def child():
        block()
    task = asyncio.create_task(child())
    await asyncio.Event().wait()

async def in_a_group(block):
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(asyncio.sleep(1000))
        group.create_task(in_a_task(block))

async def in_a_callback(block):
    asyncio.get_running_loop().call_soon(block)
    await asyncio.Event().wait()

async def in_a_timer(block):
    asyncio.get_running_loop().call_later(0.001, block)
    await asyncio.sleep(1000)

async def in_a_done_callback(block):
    task = asyncio.create_task(asyncio.sleep(0))
    task.add_done_callback(lambda _: block())
    await asyncio.Event().wait()

async def when_readable(block):
    one, other = socket.socketpair()
    with one, other:
        one.setblocking(False)
        loop = asyncio.get_running_loop()
        loop.add_reader(one, block)
        try:
            other.send(b"x")
            await asyncio.Event().wait()
        finally:
            loop.remove_reader(one)

async def in_an_async_generator(block):
    async def numbers():
        try:
            yield 1
            block()
        finally:
            await asyncio.sleep(0)
    async for _ in numbers():
        await asyncio.sleep(0)

async def on_leaving(block):
    class Manager:
        async def __aenter__(self):
            return self
        async def __aexit__(self, *_):
            block()
    async with Manager():
        await asyncio.sleep(0)

async def under_a_lock(block):
    async with asyncio.Lock(), asyncio.timeout(1000):
        block()

async def after_a_thread(block):
    await asyncio.to_thread(len, "x")
    block()

async def while_cancelled(block):
    try:
        asyncio.current_task().cancel()
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        block()
        raise

async def among_its_own_tasks(block):
    async def busy():
        while True:
            await asyncio.sleep(0)
    others = [asyncio.create_task(busy()) for _ in range(3)]
    await asyncio.sleep(0.002)
    block()

WAYS = [
    straight, in_a_task, in_a_task_that_nobody_awaits, in_a_group, in_a_callback, in_a_timer, in_a_done_callback,
    when_readable, in_an_async_generator, on_leaving, under_a_lock, after_a_thread, while_cancelled,
    among_its_own_tasks,
]

def chance(number):
    return random.Random(f"a fixed seed, and {number}")

async def block_somehow(number):
    loops_seen.add()
    chosen = chance(number)
    for _ in range(chosen.randrange(5)):
        await asyncio.sleep(chosen.choice([0, 0.001]))
    await chosen.choice(WAYS)(chosen.choice(chosen.choice([WAITS, COMPUTES, IN_ASYNCIO, IN_ASYNCIO])))

def limited(number):
    return mark.timeout(chance(-number).uniform(0.001, 0.02))
"""
ON_LOOPS_OF_THEIR_OWN = """
from blocking import block_somehow, limited
from rustest import param, parametrize

@parametrize("number", [param(number, marks=limited(number)) for number in range(0, {count}, 2)])
async def test_blocks(number):
    await block_somehow(number)
"""
ON_A_SHARED_LOOP = """
import asyncio
from blocking import block_somehow, limited
from rustest import mark, param, parametrize

@mark.asyncio(loop_scope="module")
@parametrize("number", [param(number, marks=limited(number)) for number in range(1, {count}, 2)])
async def test_blocks(number):
    await block_somehow(number)

@mark.asyncio(loop_scope="module", timeout=60)
@parametrize("number", range(20))
async def test_good(number):
    for _ in range(20):
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            for pause in range(3):
                group.create_task(asyncio.sleep(pause / 100))
"""
GOOD = """
import asyncio
import loops_seen
from rustest import fixture, parametrize

@fixture
async def connection():
    async def echo(reader, writer):
        while line := await reader.readline():
            writer.write(line)
        writer.close()
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    yield reader, writer
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()

@parametrize("number", range(60))
async def test_good(number, connection):
    loops_seen.add()
    reader, writer = connection
    for count in range(10):
        async with asyncio.timeout(60):
            writer.write(b"%d %d\\n" % (number, count))
            assert await reader.readline() == b"%d %d\\n" % (number, count)
        await asyncio.sleep(0.01)
    assert len(asyncio.all_tasks()) == 2  # this one, and that of the server
"""
LOOPS_SEEN = """
import asyncio
import __main__

def add():
    __main__.loops.add(asyncio.get_running_loop())
"""
PROGRAM = """
import json, signal, sys
from rustest.testing import run

loops = set()
before = [signal.getsignal(number) for number in (signal.SIGURG, signal.SIGINT)], signal.set_wakeup_fd(-1)
report = run(".", rootdir=".", concurrency=60, timeout_grace=0.2)
for _ in range(100_000):
    pass  # a stray signal would be noticed here
after = [signal.getsignal(number) for number in (signal.SIGURG, signal.SIGINT)], signal.set_wakeup_fd(-1)
print(json.dumps({
    "restored": before == after,
    "open": sum(not loop.is_closed() for loop in loops),
    "problems": [problem.failure.headline for problem in report.problems],
    "tests": [
        (ended.id, ended.outcome.verdict.value, [failure.headline for failure in ended.outcome.failures],
         sum(bool(failure.frames) for failure in ended.outcome.failures))
        for ended in report.finished.values()
    ],
}))
"""


def test_interrupts_at_random_points_leave_the_hub_whole(tmp_path):
    write_project(
        tmp_path,
        {
            "blocking.py": BLOCKING,
            "loops_seen.py": LOOPS_SEEN,
            "test_own_loops.py": ON_LOOPS_OF_THEIR_OWN.format(count=INTERRUPTS),
            "test_shared_loop.py": ON_A_SHARED_LOOP.format(count=INTERRUPTS),
            "test_good.py": GOOD,
            "program.py": PROGRAM,
        },
    )
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=HARD_LIMIT + INTERRUPTS / 10,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["problems"] == []
    good = [test for test in told["tests"] if "::test_good" in test[0]]
    bad = [test for test in told["tests"] if "::test_blocks" in test[0]]
    assert [test for test in good if test[1] != "passed"] == []
    assert [test for test in bad if test[1] != "timed out" or len(test[2]) != 1 or not test[3]] == []
    assert (len(good), len(bad)) == (80, INTERRUPTS)
    assert (told["restored"], told["open"]) == (True, 0)

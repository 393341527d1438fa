"""Typing `t` on a terminal, and what becomes of the terminal: runs in a pseudo-terminal of their own."""

import os
import pty
import select
import signal
import sys
import termios
import time

import pytest

from rustest.testing import write_project

WAITS = """
    import time

    def test_waits():
        for _ in range(1000):
            time.sleep(0.02)
"""
STUBBORN = """
    import time

    def test_stays():
        while True:
            try:
                time.sleep(1000)
            except BaseException:
                pass
"""
READS = """
    import sys

    def test_reads():
        assert sys.stdin.readline() == "t and more\\n"
"""
DEBUGS = """
    def test_debugs():
        import pdb, sys
        pdb.Pdb(stdin=sys.__stdin__, stdout=sys.__stdout__).set_trace()
        assert True
"""
LIMIT = 30


class OnTerminal:
    """The command in the foreground of a terminal."""

    def __init__(self, folder, source, *arguments, **environ):
        write_project(folder, {"setup.py": "", "test_it.py": source})
        path = os.pathsep.join(part for part in sys.path if part)
        environment = {**os.environ, "PYTHONPATH": path, "TERM": "xterm", **environ}
        environment.pop("CI", None)
        self._process, self.terminal = pty.fork()
        if not self._process:
            os.chdir(folder)
            os.execve(sys.executable, [sys.executable, "-m", "rustest", *arguments], environment)
        self.shown = ""

    def mode(self):
        """Whether lines are gathered and echoed."""
        flags = termios.tcgetattr(self.terminal)[3]
        return bool(flags & termios.ICANON), bool(flags & termios.ECHO)

    def read_until(self, done):
        deadline = time.monotonic() + LIMIT
        while not done():
            assert time.monotonic() < deadline, self.shown
            if select.select([self.terminal], [], [], 0.02)[0]:
                try:
                    self.shown += os.read(self.terminal, 65536).decode(errors="replace")
                except OSError:
                    break

    def wait_for(self, text):
        self.read_until(lambda: text in self.shown)
        assert text in self.shown, self.shown

    def type(self, text):
        os.write(self.terminal, text.encode())

    def end(self):
        """Read to the end; gives the exit status."""
        ended: list[int] = []

        def is_over():
            pid, status = os.waitpid(self._process, os.WNOHANG)
            if pid:
                ended.append(os.waitstatus_to_exitcode(status))
            return bool(pid)

        self.read_until(is_over)
        if not ended:
            is_over_by = time.monotonic() + LIMIT
            while not is_over() and time.monotonic() < is_over_by:
                time.sleep(0.01)
        return ended[0]

    def close(self):
        os.close(self.terminal)


@pytest.fixture
def on_terminal(tmp_path):
    opened = []

    def start(source, *arguments, **environ):
        opened.append(OnTerminal(tmp_path, source, *arguments, **environ))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


COOKED, KEYS = (True, True), (False, False)


def test_t_prints_what_runs_and_the_terminal_is_given_back(on_terminal):
    run = on_terminal(WAITS)
    run.wait_for("1 running")
    assert run.mode() == KEYS
    run.type("t")
    run.wait_for("after the start:")
    run.wait_for("test_it.py:6 in test_waits")
    run.type("\x03")
    assert run.end() == 2
    assert run.mode() == COOKED


def test_other_keys_do_nothing(on_terminal):
    run = on_terminal("import time\ndef test_one(): time.sleep(1)\n")
    run.wait_for("running")
    run.type("x\n")
    assert run.end() == 0
    assert "after the start" not in run.shown
    assert run.mode() == COOKED


def test_the_third_ctrl_c_gives_the_terminal_back_too(on_terminal):
    run = on_terminal(STUBBORN)
    run.wait_for("1 running")
    assert run.mode() == KEYS
    while True:
        run.type("\x03")
        run.read_until(lambda at=time.monotonic() + 0.3: time.monotonic() > at)
        if os.waitpid(run._process, os.WNOHANG)[0]:
            break
    assert run.mode() == COOKED


def test_the_last_rung_gives_the_terminal_back_too(on_terminal):
    run = on_terminal(STUBBORN, "--timeout", "0.5", "--timeout-grace", "0.1")
    assert run.end() == 1
    assert "the process is given up" in run.shown
    assert run.mode() == COOKED


def test_after_ctrl_z_it_listens_again(on_terminal):
    run = on_terminal(WAITS)
    run.wait_for("1 running")
    os.kill(run._process, signal.SIGSTOP)
    termios.tcsetattr(run.terminal, termios.TCSANOW, _cooked(run.terminal))  # as a shell does
    os.kill(run._process, signal.SIGCONT)
    run.read_until(lambda: run.mode() == KEYS)
    run.type("t")
    run.wait_for("after the start:")
    run.type("\x03")
    assert run.end() == 2
    assert run.mode() == COOKED


def _cooked(terminal):
    mode = termios.tcgetattr(terminal)
    mode[3] |= termios.ICANON | termios.ECHO
    return mode


@pytest.mark.parametrize("arguments", [["-s"], ["--capture", "no"]])
def test_tests_that_may_read_have_the_keyboard_for_themselves(on_terminal, arguments):
    run = on_terminal(READS, *arguments)
    run.wait_for("1 test in")
    assert run.mode() == COOKED
    run.type("t and more\n")
    assert run.end() == 0


def test_what_is_typed_in_a_debugger_goes_to_the_debugger(on_terminal):
    run = on_terminal(DEBUGS)
    run.wait_for("(Pdb)")
    run.type("tbreak\n")
    run.type("p 'he' + 'ard'\n")
    run.wait_for("'heard'")
    run.type("c\n")
    assert run.end() == 0
    assert "after the start" not in run.shown
    assert run.mode() == COOKED

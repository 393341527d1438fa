"""A SIGINT that a test sends to its own process is no Ctrl-C: the test gets what it would get without rustest."""

import pytest
from project_runs import record

from rustest.model.report import ExitStatus

SENDING = """
    import _thread, asyncio, os, signal
    from os import kill
    from rustest import raises

    def test_sync():
        with raises(KeyboardInterrupt):
            SEND

    async def test_async():
        with raises(KeyboardInterrupt):
            SEND
        await asyncio.sleep(0)

    def test_after(): pass
"""


@pytest.mark.parametrize(
    "send",
    [
        "os.kill(os.getpid(), signal.SIGINT)",
        "kill(os.getpid(), signal.SIGINT)",
        "os.killpg(0, signal.SIGINT) if os.getpgid(0) == os.getpid() else kill(os.getpid(), signal.SIGINT)",
        "signal.raise_signal(signal.SIGINT)",
        "signal.pthread_kill(_thread.get_ident(), signal.SIGINT)",
        "_thread.interrupt_main()",
    ],
)
def test_a_test_that_sends_it_itself_gets_a_keyboard_interrupt_and_the_run_goes_on(tmp_path, send):
    run = record(tmp_path, SENDING.replace("SEND", send))
    assert run.verdicts() == {"test_sync": "passed", "test_async": "passed", "test_after": "passed"}
    assert run.report.status == ExitStatus.OK


def test_one_that_does_not_expect_it_fails_and_the_run_goes_on(tmp_path):
    source = SENDING.replace("with raises(KeyboardInterrupt):", "if True:").replace("SEND", "_thread.interrupt_main()")
    run = record(tmp_path, source)
    assert run.verdicts() == {"test_sync": "failed", "test_async": "failed", "test_after": "passed"}


def test_it_ends_the_run_under_pytests_names_as_it_does_there(tmp_path):
    source = "import os, signal, pytest\ndef test_it(): os.kill(os.getpid(), signal.SIGINT)\ndef test_after(): pass\n"
    run = record(tmp_path, source, pytest_compat="auto")
    assert run.report.status == ExitStatus.INTERRUPTED


def test_one_that_comes_from_elsewhere_meanwhile_is_the_users(tmp_path):
    source = """
        import os, subprocess, time

        def test_it():
            subprocess.run(["kill", "-INT", str(os.getpid())])
            time.sleep(10)
    """
    assert record(tmp_path, source).report.status == ExitStatus.INTERRUPTED

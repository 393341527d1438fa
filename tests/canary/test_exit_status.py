"""The canary: the command as a user starts it, nothing of ours imported, and the status that it must end with."""

import os
import subprocess
import sys
import textwrap
import time

import pytest

RUSTEST = [sys.executable, "-m", "rustest"]

PASSING = "def test_one(): pass\nasync def test_two(): pass\n"


def rustest(folder, source, *arguments):
    (folder / "test_it.py").write_text(textwrap.dedent(source))
    (folder / "setup.py").touch()
    return subprocess.run([*RUSTEST, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)


def test_a_passing_run_is_0(tmp_path):
    done = rustest(tmp_path, PASSING)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 passed" in done.stdout


@pytest.mark.parametrize(
    "source",
    [
        "def test_fails(): assert 1 == 2",
        "async def test_fails(): assert 1 == 2",
        "import asyncio\nasync def test_fails(): await asyncio.get_running_loop().create_future()",
        "def test_fails(): raise SystemExit(0)",
        "async def test_fails(): raise SystemExit(0)",
        "def test_fails(nobody): pass",
        "from rustest import mark\n@mark.xfail(strict=True)\ndef test_fails(): pass",
    ],
)
def test_a_failing_test_is_1(tmp_path, source):
    assert rustest(tmp_path, PASSING + source + "\n", "--timeout", "0.5").returncode == 1


@pytest.mark.parametrize("scope", ["function", "class", "module", "package", "session"])
def test_a_failing_teardown_is_1(tmp_path, scope):
    source = f"""
        from rustest import fixture

        @fixture(scope={scope!r})
        def broken():
            yield
            raise OSError("the teardown failed")

        def test_passes(broken): pass
    """
    done = rustest(tmp_path, source)
    assert done.returncode == 1
    assert "the teardown failed" in done.stdout


def test_a_failing_setup_is_1(tmp_path):
    source = """
        from rustest import fixture

        @fixture
        def broken():
            raise OSError("the set-up failed")

        def test_never_starts(broken): pass
    """
    assert rustest(tmp_path, source).returncode == 1


@pytest.mark.parametrize("broken", ["import no_such_module", "def test_one(:", "raise SystemExit(0)"])
def test_a_file_that_cannot_be_imported_is_1_and_the_others_run(tmp_path, broken):
    (tmp_path / "test_broken.py").write_text(broken + "\n")
    done = rustest(tmp_path, PASSING)
    assert done.returncode == 1
    assert "2 passed" in done.stdout


def test_a_reader_who_leaves_is_3(tmp_path):
    (tmp_path / "test_it.py").write_text("import time\n\ndef test_waits(): time.sleep(0.5)\n")
    run = subprocess.Popen([*RUSTEST, "-v"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stdout and run.stderr
    run.stdout.close()
    complaint = run.stderr.read()
    run.stderr.close()
    assert run.wait(timeout=60) == 3
    assert "Traceback" not in complaint
    assert "Exception ignored" not in complaint
    assert "terminal" in complaint


def test_a_terminal_that_goes_away_is_3(tmp_path):
    (tmp_path / "test_it.py").write_text("import time\n\ndef test_waits(): time.sleep(2)\n")
    master, slave = os.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR")}
    environment["TERM"] = "xterm"
    run = subprocess.Popen(
        RUSTEST, cwd=tmp_path, env=environment, stdout=slave, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    os.close(slave)
    shown = b""
    while b"1 running" not in shown:  # the live line
        shown += os.read(master, 1024)
    os.close(master)
    assert run.stderr
    complaint = run.stderr.read()
    run.stderr.close()
    assert run.wait(timeout=60) == 3
    assert "Traceback" not in complaint
    assert "Exception ignored" not in complaint
    assert "terminal" in complaint


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_3(tmp_path):
    (tmp_path / "test_it.py").write_text(PASSING)
    with open("/dev/full", "w") as full:
        done = subprocess.run(RUSTEST, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 3
    assert "No space left" in done.stderr


def test_a_report_that_cannot_be_written_is_not_0(tmp_path):
    done = rustest(tmp_path, PASSING, "--junit-xml", str(tmp_path / "test_it.py" / "report.xml"))
    assert done.returncode == 4
    assert "report.xml" in done.stderr


def test_an_empty_run_is_5(tmp_path):
    assert rustest(tmp_path, "").returncode == 5
    assert rustest(tmp_path, PASSING, "-k", "no_such_name").returncode == 5


def test_a_run_that_skips_everything_is_told_apart_from_an_empty_one(tmp_path):
    assert rustest(tmp_path, "from rustest import mark\n@mark.skip\ndef test_one(): pass\n").returncode == 0


@pytest.mark.parametrize("options", [[], ["--full-trace"]])
def test_an_interrupt_while_collecting_is_2(tmp_path, options):
    done = rustest(tmp_path, "raise KeyboardInterrupt\n", *options)
    assert (done.returncode, done.stderr) == (2, "")
    assert "PROBLEM test_it.py  interrupted while it was imported" in done.stdout


def test_an_interrupt_while_a_plan_is_to_be_printed_is_2_and_names_the_place(tmp_path):
    done = rustest(tmp_path, "raise KeyboardInterrupt\n", "--plan")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "rustest: interrupted at test_it.py:1 in <module>\n"


def test_names_that_the_terminal_cannot_show_are_escaped(tmp_path):
    (tmp_path / "test_it.py").write_text("def test_größe(): pass\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for arguments in ["-v"], ["--plan"]:
        done = subprocess.run([*RUSTEST, *arguments], cwd=tmp_path, env=environment, capture_output=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"")
        assert rb"test_gr\xf6\xdfe" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--concurency", "3"],
        ["--concurrency", "0"],
        ["no_such_file.py"],
        ["test_it.py::test_nowhere"],
        ["-k", "and and"],
    ],
)
def test_a_command_line_that_cannot_be_is_4(tmp_path, arguments):
    done = rustest(tmp_path, PASSING, *arguments)
    assert done.returncode == 4
    assert done.stderr.startswith("rustest: error: ")
    assert "Traceback" not in done.stderr


def test_settings_that_cannot_be_are_4(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.rustest]\nconcurency = 3\n")
    done = rustest(tmp_path, PASSING)
    assert done.returncode == 4
    assert "did you mean 'concurrency'?" in done.stderr


def test_a_closed_standard_output_is_4(tmp_path):
    (tmp_path / "test_it.py").write_text(PASSING)
    done = subprocess.run(
        ["sh", "-c", '"$0" -m rustest >&-', sys.executable], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 4
    assert "standard output is closed" in done.stderr


def test_a_forgotten_thread_does_not_hold_the_exit(tmp_path):
    source = """
        import threading

        def test_forgets():
            threading.Thread(target=threading.Event().wait, name="forgotten").start()

        def test_fails():
            assert False
    """
    started = time.monotonic()
    done = rustest(tmp_path, source)
    assert done.returncode == 1
    assert "thread 'forgotten' still runs and holds the exit" in done.stderr
    assert time.monotonic() - started < 30


def test_an_exit_that_is_slow_by_itself_is_not_cut_short_for_a_thread_that_has_ended(tmp_path):
    source = """
        import atexit, threading, time

        def say_goodbye():
            time.sleep(3)  # longer than threads have
            print("goodbye")

        def test_leaves_a_thread_that_ends_with_the_main_one():
            atexit.register(say_goodbye)
            threading.Thread(target=threading.main_thread().join).start()
    """
    done = rustest(tmp_path, source)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("goodbye\n")


def test_the_idle_threads_of_an_executor_do_not_hold_the_exit(tmp_path):
    source = """
        from concurrent.futures import ThreadPoolExecutor

        executor = ThreadPoolExecutor()

        def test_leaves_its_executor_open():
            assert executor.submit(abs, -1).result() == 1
    """
    done = rustest(tmp_path, source)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_plan_of_tests_that_can_run_is_0_and_runs_none(tmp_path):
    done = rustest(tmp_path, "def test_one(): open('ran', 'w')\n", "--plan")
    assert (done.returncode, done.stderr) == (0, "")
    assert "test_one" in done.stdout
    assert not (tmp_path / "ran").exists()


def test_the_plan_of_a_test_that_cannot_run_is_1(tmp_path):
    assert rustest(tmp_path, "def test_one(nobody): pass\n", "--plan").returncode == 1


def test_the_plan_of_nothing_is_5(tmp_path):
    assert rustest(tmp_path, "", "--plan").returncode == 5

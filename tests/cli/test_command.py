"""The command called as a function, and what it does when rustest itself is at fault."""

import signal
import subprocess
import sys

import pytest

from rustest.cli.main import main
from rustest.model.report import ExitStatus
from rustest.testing import write_project


def test_the_command_gives_the_status_of_the_run(tmp_path, capsys):
    write_project(tmp_path, {"test_run_by_the_command.py": "def test_it(): pass"})
    assert main([str(tmp_path)]) is ExitStatus.OK
    assert "1 passed" in capsys.readouterr().out


def test_a_usage_error_is_one_line_on_stderr(capsys):
    assert main(["--no-such-option"]) is ExitStatus.USAGE_ERROR
    assert capsys.readouterr() == ("", "rustest: error: there is no option --no-such-option\n")


def test_a_fault_of_rustest_is_shown_whole_and_owned_up_to(monkeypatch, capsys):
    def fail(*_):
        raise RuntimeError("a wire is loose")

    monkeypatch.setattr("rustest.cli.errand.make_settings", fail)
    assert main([]) is ExitStatus.INTERNAL_ERROR
    complaint = capsys.readouterr().err
    assert "RuntimeError: a wire is loose" in complaint
    assert "the fault is rustest's" in complaint


def test_the_command_holds_the_garbage_collector_only_while_it_loads(tmp_path):
    write_project(tmp_path, {"test_gc.py": "import gc\n\ndef test_it(): assert gc.isenabled()"})
    program = "import gc; from rustest.cli.main import command; gc.disable() if {} else None; command()"
    done = [
        subprocess.run([sys.executable, "-c", program.format(is_off)], cwd=tmp_path, capture_output=True, timeout=60)
        for is_off in (False, True)
    ]
    assert [run.returncode for run in done] == [
        ExitStatus.OK,
        ExitStatus.FAILURES,
    ]  # off stays off


@pytest.mark.parametrize("capture", ["sys", "fd", "no"])
def test_a_crash_of_the_interpreter_says_on_standard_error_where_it_was(tmp_path, capture):
    write_project(tmp_path, {"test_crash.py": "import ctypes\n\ndef test_it(): ctypes.string_at(0)"})
    command = [sys.executable, "-m", "rustest", "--capture", capture]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGSEGV
    assert f'File "{tmp_path / "test_crash.py"}", line 3 in test_it' in done.stderr


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_questions_are_answered_before_anything_else(flag, capsys):
    with pytest.raises(SystemExit) as ended:
        main([flag, "no_such_file.py"])
    assert ended.value.code == 0
    assert capsys.readouterr().err == ""


def test_a_file_that_only_the_collector_can_find_is_written_at_the_end(tmp_path):
    write_project(
        tmp_path,
        {
            "test_ring.py": """
                class Log:
                    file = open("log.txt", "w")

                def test_it(): Log.file.write("to the end")
            """
        },
    )
    done = subprocess.run([sys.executable, "-m", "rustest"], cwd=tmp_path, capture_output=True, timeout=60)
    assert (done.returncode, (tmp_path / "log.txt").read_text()) == (0, "to the end")


@pytest.mark.parametrize(("keep", "is_spared"), [("", True), ("file = open(__file__)", False)])
def test_python_need_not_look_for_garbage_at_its_end_where_nothing_is_open(tmp_path, keep, is_spared):
    write_project(
        tmp_path,
        {
            "test_end.py": f"""
                import atexit, gc
                {keep}

                def tell():
                    with open("frozen.txt", "w") as file:
                        file.write(str(gc.get_freeze_count() > 0))

                def test_it(): atexit.register(tell)
            """
        },
    )
    subprocess.run([sys.executable, "-m", "rustest"], cwd=tmp_path, capture_output=True, timeout=60)
    assert (tmp_path / "frozen.txt").read_text() == str(is_spared)


@pytest.mark.parametrize(
    ("keep", "command", "is_taken_apart"),
    [
        ("", ["command.py"], False),
        ("file = open(__file__)", ["command.py"], True),
        ("import ctypes", ["command.py"], True),
        ("", ["-m", "rustest"], True),
        ("", ["-m", "cProfile", "-o", "profile", "command.py"], True),
    ],
    ids=["nothing", "a file", "compiled code", "who runs modules", "a profiler"],
)
def test_memory_is_not_taken_apart_at_the_end_unless_something_may_wait_for_it(tmp_path, keep, command, is_taken_apart):
    write_project(
        tmp_path,
        {
            "command.py": "from rustest.cli.main import command; command()",
            "test_end.py": f"""
                import atexit, os, sys
                {keep}

                class Told:
                    def __del__(self, mkdir=os.mkdir): mkdir("taken apart")

                sys.told = Told()

                def test_it():
                    atexit.register(print, "said at the end")
                    assert 0
            """,
        },
    )
    done = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (tmp_path / "taken apart").exists() == is_taken_apart
    assert "said at the end" in done.stdout
    assert done.returncode == 1 or "cProfile" in command
    assert (tmp_path / "profile").exists() == ("cProfile" in command)


def test_a_task_that_ends_by_an_exit_is_told_of_once_and_not_by_asyncio_too(tmp_path):
    write_project(
        tmp_path,
        {
            "test_exit.py": """
                import asyncio, sys

                async def leave(): sys.exit(0)

                async def test_it():
                    task = asyncio.create_task(leave())
                    await asyncio.sleep(0.001)
            """
        },
    )
    program = [sys.executable, "-m", "rustest"]
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "")
    assert "1 failed in" in done.stdout

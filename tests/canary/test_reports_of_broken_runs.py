"""Reports of runs that end badly: what is written is whole, and where results would be lost the status says so."""

import json
import os
import subprocess
import sys
import textwrap

import pytest

RUSTEST = [sys.executable, "-m", "rustest"]
FAILING = "def test_one(): pass\nasync def test_two(): assert 1 == 2\n"

needs_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")


def rustest(folder, source, *arguments, **variables):
    (folder / "test_it.py").write_text(textwrap.dedent(source))
    (folder / "setup.py").touch()
    command = [*RUSTEST, *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def events(folder):
    return [json.loads(line) for line in (folder / "run.jsonl").read_text().splitlines()]


def test_a_killed_run_leaves_the_lines_of_what_has_happened(tmp_path):
    source = """
        import os, signal

        def test_a(): pass

        def test_b(): os.kill(os.getpid(), signal.SIGKILL)
        """
    assert rustest(tmp_path, source, "--report-jsonl", "run.jsonl", "--junit-xml", "run.xml").returncode == -9
    names = ["run_started", "test_started", "test_finished", "test_started"]
    assert [event["event"] for event in events(tmp_path)] == names
    assert events(tmp_path)[-1]["id"] == "test_it.py::test_b"
    assert (tmp_path / "run.xml").read_text() == ""


@needs_full
@pytest.mark.parametrize(("flag", "name"), [("--report-jsonl", "JSON lines"), ("--junit-xml", "JUnit")])
def test_a_disk_that_is_full_costs_a_report_and_not_the_run(tmp_path, flag, name):
    done = rustest(tmp_path, FAILING, flag, "/dev/full")
    assert done.returncode == 3
    assert "1 failed, 1 passed" in done.stdout
    assert done.stdout.count(f"reporter '{name}' failed and was switched off") >= 1
    assert done.stderr == f"rustest: reporter '{name}' was switched off: OSError: [Errno 28] No space left on device\n"


@needs_full
def test_failures_for_a_model_that_cannot_be_written_are_3(tmp_path):
    (tmp_path / "test_it.py").write_text(FAILING)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*RUSTEST, "--llm"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
    assert done.returncode == 3
    assert "reporter 'LLM' was switched off: OSError" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["--llm"], ["--collect-json"], ["--collect-only", "-q"], ["--plan"]])
def test_a_reader_who_leaves_is_3(tmp_path, arguments):
    (tmp_path / "test_it.py").write_text("import time\ntime.sleep(0.5)\ndef test_waits(): assert False\n")
    run = subprocess.Popen(
        [*RUSTEST, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    run.stdout.close()
    complaint = run.stderr.read()
    run.stderr.close()
    assert run.wait(timeout=60) == 3
    assert "Traceback" not in complaint
    assert "Exception ignored" not in complaint
    assert "Broken pipe" in complaint


@pytest.mark.parametrize(
    "arguments",
    [
        ["--report-jsonl", "test_it.py/run.jsonl"],
        ["--report-jsonl", "."],
        ["--report-jsonl", "test_it.py"],
        ["--junit-xml", "same", "--report-jsonl", "./same"],
    ],
)
def test_a_report_that_cannot_be_is_4_and_no_test_runs(tmp_path, arguments):
    source = "open('ran', 'w').close()\ndef test_one(): pass\n"
    done = rustest(tmp_path, source, *arguments)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("rustest: error: --")
    assert not (tmp_path / "ran").exists()
    assert (tmp_path / "test_it.py").read_text() == source


def test_on_github_there_are_commands_and_a_page(tmp_path):
    page = tmp_path / "summary.md"
    done = rustest(tmp_path, FAILING, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(page), GITHUB_WORKSPACE="")
    assert done.returncode == 1
    (told,) = (line for line in done.stdout.splitlines() if line.startswith("::"))
    assert told.startswith("::error file=test_it.py,title=FAILED test_two,line=2::")
    assert page.read_text().startswith("### rustest: 1 of 2 tests went wrong in ")

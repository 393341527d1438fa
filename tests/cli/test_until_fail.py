"""`--until-fail` runs everything again as long as all is well, within its bound."""

import pytest

from rustest.cli.main import main
from rustest.model.report import ExitStatus
from rustest.testing import write_project

COUNTED = """
    from pathlib import Path

    def test_rounds():
        rounds = Path(__file__).with_name("rounds")
        done = len(rounds.read_text()) if rounds.exists() else 0
        rounds.write_text("x" * (done + 1))
        assert done + 1 < 3
"""


@pytest.mark.parametrize(
    ("arguments", "status", "rounds"),
    [
        (["--until-fail"], ExitStatus.FAILURES, 3),
        (["--until-fail", "9"], ExitStatus.FAILURES, 3),
        (["--until-fail", "2"], ExitStatus.OK, 2),
        ([], ExitStatus.OK, 1),
    ],
)
def test_rounds_end_with_the_first_failure_or_at_the_bound(tmp_path, arguments, status, rounds):
    write_project(tmp_path, {"test_x.py": COUNTED})
    assert main([str(tmp_path), f"--rootdir={tmp_path}", *arguments]) is status
    assert len((tmp_path / "rounds").read_text()) == rounds

"""Workers that are killed at random moments: nobody is lost, and nobody is told of twice."""

from worker_kills import count_verdicts, run_with_kills, write_suite

KILLS = 10


def test_of_a_run_with_ten_kills_every_test_has_one_verdict_and_at_most_ten_have_crashed(tmp_path):
    planned = write_suite(tmp_path, files=3, count=50, seconds=0.01)
    ended = run_with_kills(tmp_path, workers=4, kills=KILLS, seed=1)
    verdicts = count_verdicts(ended)
    assert set(verdicts) <= {"passed", "crashed"}
    assert verdicts.total() == planned == 300
    assert verdicts["crashed"] <= ended.kills <= KILLS
    assert ended.kills > 0 and ended.status == (1 if verdicts["crashed"] else 0), ended.output

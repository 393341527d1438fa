"""The rows of the table for how processes and machines share a suite."""

from rustest.cli.kinds import FILE, SHARD, START, TEXT, WORKERS
from rustest.cli.option import Option

SHARING_OPTIONS = (
    Option(
        "workers",
        WORKERS,
        "how many processes share the tests; 'auto' for one on each processor, 0 or none for this one",
        ("-n", "--workers", "--numprocesses"),
        "N",
    ),
    Option("worker_start", START, "how workers are started", ("--worker-start",), "HOW"),
    Option("dask", TEXT, "run the tests on the workers of a Dask cluster", ("--dask",), "ADDRESS"),
    Option("shard", SHARD, "run one of so many parts of the suite", ("--shard",), "K/N", once=True),
    Option(
        "durations_from",
        FILE,
        "the file of durations by which shards are of even length",
        ("--durations-from",),
        "FILE",
    ),
    Option("durations_to", TEXT, "write how long each test took", ("--durations-to",), "FILE", once=True),
)

"""Time rustest beside its peers on generated suites, and write down medians and ratios.

    python bench.py [--only A- B-5000 ...] [--rounds 5] [--peers rustest pytest ...]

In each round every runner runs once, in turn, so that what else the machine does falls on all of them alike. A ratio
is the median over the rounds of the runner's time by the original's in the same round. Bytecode is cached by a run
before the first round; `-cold` scenarios keep none. $PEERS is where the environments are made.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from statistics import median
from typing import NamedTuple

from chart import draw_ratios
from peers import HERE, ORIGINAL, PEERS, ROOT, Peer, make_environment
from suites import DIALECTS, SCENARIOS, Suite, can_write, write_suite

LIMIT = 180.0
"""Seconds after which a run is killed."""
COUNTED = "A-sync1"
"""The scenario of which instructions are counted, where valgrind is installed."""
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Run(NamedTuple):
    """What one run took: seconds on the clock and of the processor, and MiB at the peak."""

    wall: float
    cpu: float
    peak: float
    output: str


class Timing(NamedTuple):
    """The runs of one runner in one scenario."""

    runs: list[Run]
    complaint: str = ""


def run(arguments: list[str], folder: str, *, keeps_bytecode: bool) -> Run:
    """Run a command in that folder and measure it."""
    ours = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPATH"}
    environ = {key: value for key, value in os.environ.items() if key not in ours}
    environ |= {} if keeps_bytecode else {"PYTHONDONTWRITEBYTECODE": "1"}
    environ["PATH"] = os.path.dirname(arguments[0]) + os.pathsep + environ["PATH"]
    environ["VIRTUAL_ENV"] = os.path.dirname(os.path.dirname(arguments[0]))
    with tempfile.TemporaryFile() as file:
        began = time.perf_counter()
        limited = ["timeout", "-k", "1", str(LIMIT), *arguments] if shutil.which("timeout") else arguments
        process = subprocess.Popen(
            limited, cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        file.seek(max(0, file.seek(0, 2) - 4000))
        output = COLOURS.sub("", file.read().decode(errors="replace"))
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def time_scenario(name: str, peers: list[Peer], folder: str, rounds: int, budget: float) -> dict[str, Timing]:
    """Run all peers on one scenario in turns."""
    suite, timings, commands = SCENARIOS[name](), dict[str, Timing](), dict[str, tuple[list[str], str, int]]()
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        for peer in peers:
            if not (peer.takes_part(name) and can_write(suite, DIALECTS[peer.dialect])):
                continue
            path = os.path.join(place, peer.name.replace(" ", "-"), "suite")
            write_suite(suite, DIALECTS[peer.dialect], path)
            arguments = peer.arguments(name, folder, path)
            first = run(arguments, path, keeps_bytecode=not name.endswith("-cold"))
            timings[peer.name] = Timing([], "" if name.startswith("J-") else _complaint(first.output, suite))
            commands[peer.name] = arguments, path, max(1, min(rounds, int(budget / first.wall)))
        for number in range(rounds):
            for runner, (arguments, path, wanted) in commands.items():
                if number < wanted:
                    timings[runner].runs.append(run(arguments, path, keeps_bytecode=not name.endswith("-cold")))
    return timings


def _complaint(output: str, suite: Suite) -> str:
    """What is wrong with a run that has not ended as the suite should."""
    if ran := re.search(r"Ran (\d+) tests?", output):  # unittest's words
        failed = sum(map(int, re.findall(r"(?:failures|errors)=(\d+)", output)))
        passed = int(ran[1]) - failed
    else:
        passed, failed = _last(r"(\d+)(?:/\d+)? passed", output), _last(r"(\d+) failed", output)
    return "" if (passed, failed) == (suite.passed, suite.failed) else f"ends wrongly: {passed} passed, {failed} failed"


def _last(pattern: str, text: str) -> int:
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def ratio(timing: Timing, beside: Timing) -> float:
    """How long a runner takes by another one in the same round; by their medians where they share few rounds."""
    pairs = list(zip(timing.runs, beside.runs, strict=False))
    if len(pairs) >= 3:
        return median(one.wall / other.wall for one, other in pairs)
    return median(one.wall for one in timing.runs) / median(other.wall for other in beside.runs)


def count_instructions(peers: list[Peer], folder: str) -> dict[str, float]:
    """Millions of instructions that each runner takes for one passing test: the same figure on any day."""
    counts = dict[str, float]()
    if not shutil.which("valgrind"):
        return counts
    tool = ["--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        for peer in peers:
            path = os.path.join(place, peer.environment, "suite")
            write_suite(SCENARIOS[COUNTED](), DIALECTS[peer.dialect], path)
            arguments = peer.arguments(COUNTED, folder, path)
            run(arguments, path, keeps_bytecode=True)
            text = run([str(shutil.which("valgrind")), *tool, *arguments], path, keeps_bytecode=True).output
            if found := re.search(r"I\s+refs:\s+([\d,]+)", text):
                counts[peer.name] = int(found[1].replace(",", "")) / 1e6
    return counts


# --- writing it down ----------------------------------------------------------------------------------------


def table(name: str, timings: dict[str, Timing]) -> str:
    """One scenario as a table in Markdown."""
    original = timings.get(ORIGINAL)
    lines = [
        f"### {name}",
        "",
        "| runner | wall s | cpu s | peak MiB | by the original | runs | |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for runner, timing in timings.items():
        wall, cpu, peak = (median(getattr(one, key) for one in timing.runs) for key in ("wall", "cpu", "peak"))
        shown = f"{ratio(timing, original):.3f}" if original else ""
        lines.append(
            f"| {runner} | {wall:.3f} | {cpu:.3f} | {peak:.0f} | {shown} | {len(timing.runs)} | {timing.complaint} |"
        )
    return "\n".join([*lines, ""])


def ratios_of(results: dict[str, dict[str, Timing]]) -> dict[str, dict[str, float]]:
    """The ratios to the original by scenario and runner, where it takes part and the run ended as it should."""
    return {
        name: {one: ratio(timing, timings[ORIGINAL]) for one, timing in timings.items() if not timing.complaint}
        for name, timings in results.items()
        if ORIGINAL in timings
    }


def machine() -> str:
    """What was measured on, and what."""
    versions = ", ".join(sorted({part for peer in PEERS for part in peer.packages if "==" in part}))
    asked = ["git", "-C", ROOT, "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    cores, load = os.cpu_count(), os.getloadavg()[0]
    return (
        f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}, {cores} cores, "
        f"load {load:.1f} at the end; rustest at {commit.strip() or 'an unknown commit'}; {versions}."
    )


def write_results(results: dict[str, dict[str, Timing]], counts: dict[str, float], folder: str) -> None:
    """Write RESULTS.md and its picture."""
    with open(os.path.join(folder, "ratios.svg"), "w") as file:
        file.write(
            draw_ratios("time by the original's, which is 1 (logarithmic; shorter is faster)", ratios_of(results))
        )
    counted = [f"| {runner} | {count:.0f} |" for runner, count in counts.items()]
    instructions = [
        "### Instructions",
        "",
        f"Of one run of {COUNTED}, in millions.",
        "",
        "| runner | |",
        "|---|--:|",
        *counted,
        "",
    ]
    text = ["# Results", "", machine(), "", "`make bench` writes this; `bench.py` says how it measures.", ""]
    text += ["![ratios](ratios.svg)", "", *(instructions if counts else [])]
    with open(os.path.join(folder, "RESULTS.md"), "w") as file:
        file.write("\n".join([*text, *(table(*one) for one in results.items())]))


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[""], help="names of scenarios, or how they begin")
    parser.add_argument("--peers", nargs="*", default=[peer.name for peer in PEERS])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--budget", type=float, default=20, help="seconds for each runner and scenario")
    parser.add_argument("--into", default=HERE, help="the folder of RESULTS.md")
    options = parser.parse_args()
    os.makedirs(options.into, exist_ok=True)  # now, and not when all has been measured
    folder = os.environ.get("PEERS") or os.path.join(tempfile.gettempdir(), "rustest-peers")
    peers = [peer for peer in PEERS if peer.name in options.peers]
    for peer in peers:
        make_environment(peer, folder)
    results = dict[str, dict[str, Timing]]()
    for name in SCENARIOS:
        if name.startswith(tuple(options.only)):
            results[name] = time_scenario(name, peers, folder, options.rounds, options.budget)
            print(table(name, results[name]), flush=True)
    write_results(results, count_instructions(peers, folder), options.into)
    return 1 if any(timings["rustest"].complaint for timings in results.values() if "rustest" in timings) else 0


if __name__ == "__main__":
    sys.exit(main())

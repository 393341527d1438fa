"""Run the demo suite as a user would, and hold its outcome against the expected one."""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

DEMO = Path(__file__).resolve().parent
EXPECTED = {"test_hangs": "Test timed out after 0.3 seconds", "test_is_mistaken": "assert answer == 42"}
TOTAL = 102


def main() -> int:
    """Run, show, judge; exit status 0 when rustest did exactly what it should."""
    with TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        print("$ rustest demo\n", flush=True)
        started = time.perf_counter()
        status = subprocess.call([sys.executable, "-m", "rustest", "--junit-xml", str(report), str(DEMO)])
        wall = time.perf_counter() - started
        wrong = judge(report) if report.exists() else ["no report was written"]
    if status != 1:
        wrong.append(f"exit status {status}, expected 1")
    print()
    if wrong:
        print("This is not what the demo should show:", *wrong, sep="\n  ")
        return 1
    print(f"As it should be: rustest ended with status 1, because two tests failed, on purpose. It took {wall:.2f} s,")
    print("start of Python included; one after another, these tests wait for 10.4 s.")
    return 0


def judge(report: Path) -> list[str]:
    """What in the report is not as expected."""
    cases = list(ElementTree.parse(report).iter("testcase"))
    failures = {case.get("name"): text_of(case) for case in cases if len(case)}
    wrong = [f"{name}: no such failure" for name in EXPECTED if name not in failures]
    for name, text in failures.items():
        if EXPECTED.get(str(name), "\0") not in text:
            wrong.append(f"{name}: {text}")
    return wrong if len(cases) == TOTAL else [*wrong, f"{len(cases)} results, expected {TOTAL}"]


def text_of(case: ElementTree.Element) -> str:
    """All that the report says of a failure."""
    return "".join(f"{child.get('message')}\n{child.text}" for child in case)


if __name__ == "__main__":
    sys.exit(main())

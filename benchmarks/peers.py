"""The runners that are timed side by side, each in an environment of its own with pinned packages."""

import os
import subprocess
import sys
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ORIGINAL = "rustest 0.18"
FLOOR = "floor"
WAITING = ("D-", "E-", "I-")


class Peer(NamedTuple):
    """One runner: what is installed for it, and how it is started."""

    name: str
    dialect: str
    environment: str
    """The name of its folder among the environments."""
    packages: tuple[str, ...]
    command: str
    """With `{bin}` for the environment's programs, and `{path}` for the suite."""
    only: tuple[str, ...] = ("",)
    """The beginnings of the names of the scenarios that it takes part in."""
    collecting: str = ""
    """What is added to have it collect and run nothing; empty where it cannot."""
    waiting: str = ""
    """What is added where tests wait and can overlap."""

    def takes_part(self, scenario: str) -> bool:
        """Whether it can do that scenario."""
        return scenario.startswith(self.only) and (bool(self.collecting) or not scenario.startswith("J-"))

    def arguments(self, scenario: str, folder: str, path: str) -> list[str]:
        """What starts it on the suite at that path, with the environments in that folder."""
        more = self.collecting if scenario.startswith("J-") else self.waiting if scenario.startswith(WAITING) else ""
        programs = os.path.join(folder, self.environment, "bin")
        return f"{self.command} {more}".format(bin=programs, path=path, here=HERE).split()


PEERS = (
    Peer("rustest", "rustest", "this-venv", ("--editable", ROOT), "{bin}/rustest {path}", collecting="--collect-only"),
    Peer(ORIGINAL, "rustest", "rustest-venv", ("rustest==0.18.0",), "{bin}/rustest {path}"),
    Peer(
        "pytest",
        "pytest",
        "pytest-venv",
        ("pytest==9.2.0", "pytest-asyncio==1.5.0"),
        "{bin}/pytest -q -p no:anyio -p no:xdist -p no:timeout {path}",
        collecting="--collect-only",
    ),
    Peer("karva", "karva", "karva-venv", ("--pre", "karva==0.0.1a13"), "{bin}/karva test {path}"),
    Peer(
        "apte",
        "apte",
        "apte-venv",
        ("apte==0.3.2",),
        "{bin}/apte run bench_main:session --app-dir {path}",
        collecting="--collect-only",
        waiting="-n 1000",
    ),
    Peer(
        "unittest",
        "unittest",
        "apte-venv",
        ("apte==0.3.2",),
        "{bin}/python -m unittest discover -s {path}",
        only=("A-", "B-", "C-", "D-100x100ms-function", "G-"),
    ),
    Peer(
        FLOOR, "plain", "apte-venv", ("apte==0.3.2",), "{bin}/python {here}/floor.py {path}", ("A-", "B-", "C-", "G-")
    ),
)


def make_environment(peer: Peer, folder: str) -> None:
    """Install the peer into the folder of environments, if that was not done before."""
    environment = os.path.join(folder, peer.environment)
    done = os.path.join(environment, ".made")
    if os.path.exists(done):
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
    pip = [os.path.join(environment, "bin", "pip"), "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, *peer.packages], check=True)
    with open(done, "w"):
        pass

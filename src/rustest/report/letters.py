"""The letters of `-r`: which tests the ending lists, whatever the verbosity; pytest's letters with their meaning."""

from rustest.model.outcome import Verdict
from rustest.model.record import NamedTuple

_SHORT = {"a": "fEsxX", "A": "PpfEsxX", "N": ""}
_OLD = {"F": "f", "S": "s"}
_LISTED = {"s": Verdict.SKIPPED, "x": Verdict.XFAILED, "X": Verdict.XPASSED}
_BAD = {"f": (Verdict.FAILED, Verdict.TIMED_OUT, Verdict.CRASHED), "E": (Verdict.ERROR,)}


class Letters(NamedTuple):
    """What the letters ask for."""

    listed: tuple[Verdict, ...]
    """With their reasons."""
    bad: frozenset[Verdict]
    """A line for each."""
    passed: bool
    passed_output: bool


def read_letters(text: str) -> Letters:
    """What a text of letters asks for: as in pytest, `N` takes back what stands in front of it."""
    letters = ""
    for letter in (_OLD.get(letter, letter) for letter in text):
        letters = "" if letter == "N" else letters + _SHORT.get(letter, letter)
    bad = frozenset(verdict for letter, verdicts in _BAD.items() if letter in letters for verdict in verdicts)
    listed = tuple(verdict for letter, verdict in _LISTED.items() if letter in letters)
    return Letters(listed, bad, "p" in letters, "P" in letters)

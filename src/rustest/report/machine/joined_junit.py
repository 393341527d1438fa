"""JUnit files joined to one: each keeps its suite, and what kept a file from being collected is told once."""

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from rustest.model.choices import Shard, parse_shard
from rustest.model.errors import UsageError
from rustest.model.report import ExitStatus
from rustest.report.machine.junit_document import SHARD
from rustest.report.machine.parts import Joined, Part

_SUITE, _SUITES, _CASE = "testsuite", "testsuites", "testcase"
_BAD = ("failure", "error")


def join_junit(texts: Mapping[str, str]) -> Joined:
    """Join the texts, by path; raises UsageError where one is no JUnit file."""
    whole = Element(_SUITES, name="rustest tests")
    told: set[bytes] = set()
    parts: list[Part] = []
    for path, text in texts.items():
        suites = [*_suites(path, text)]
        parts.append(_part(path, suites))
        for suite in suites:
            _drop_told(suite, told)
        whole.extend(suites)
    written = ElementTree.tostring(whole, encoding="unicode")
    return Joined(f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n', tuple(parts))


def _suites(path: str, text: str) -> Iterator[Element]:
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 -- the user's own file
    except ElementTree.ParseError as error:
        raise UsageError(f"merge-reports: {path} is no whole XML file: {error}; run that shard again") from None
    if root.tag not in (_SUITE, _SUITES):
        raise UsageError(f"merge-reports: {path} is no JUnit file: it holds a <{root.tag}>; leave it out")
    yield from (root,) if root.tag == _SUITE else root.findall(_SUITE)


def _part(path: str, suites: list[Element]) -> Part:
    cases = [case for suite in suites for case in suite.iter(_CASE)]
    tests = frozenset(f"{case.get('classname')}::{case.get('name')}" for case in cases if case.get("classname"))
    if any(case.find(tag) is not None for case in cases for tag in _BAD):
        status = ExitStatus.FAILURES
    else:
        status = ExitStatus.OK if cases else ExitStatus.NO_TESTS
    return Part(path, tests, status, next(filter(None, map(_shard, suites)), None))


def _shard(suite: Element) -> Shard | None:
    for entry in suite.findall("properties/property"):
        if entry.get("name") == SHARD:
            return parse_shard(entry.get("value", ""))
    return None


def _drop_told(suite: Element, told: set[bytes]) -> None:
    """Take out what no test is and an earlier suite has told: the file that no shard could collect."""
    for case in [case for case in suite.findall(_CASE) if not case.get("classname")]:
        text = ElementTree.tostring(case).strip()
        if text in told:
            suite.remove(case)
            _count_down(suite, "tests")
            _count_down(suite, "errors" if case.find("error") is not None else "skipped")
        told.add(text)


def _count_down(suite: Element, name: str) -> None:
    suite.set(name, str(int(suite.get(name, "1")) - 1))

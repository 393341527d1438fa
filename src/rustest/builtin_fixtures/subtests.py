"""`subtests`: parts of a test of which each may fail while the others go on."""

from collections.abc import Generator
from contextlib import contextmanager

from rustest.authoring.fixture import fixture
from rustest.model.errors import Failed, Skipped, XFailed
from rustest.model.request import Request


@fixture
def subtests(request: Request) -> "Subtests":
    """Says with `with subtests.test("what", i=1):` that what fails in the block fails the test at its end only."""
    return Subtests(request)


class Subtests:
    """What a test gets as `subtests`."""

    def __init__(self, request: Request) -> None:
        self._request = request

    @contextmanager
    def test(self, msg: str | None = None, **kwargs: object) -> Generator[None]:
        """A part of the test, with what tells it from the others; its failure is told with that."""
        try:
            yield
        except (Skipped, XFailed):  # the rest of this part alone
            pass
        except (Exception, Failed) as failed:
            failed.add_note(f"subtest {_name(msg, kwargs)}".rstrip())
            self._request.node.setbacks.append(failed)


def _name(msg: str | None, given: dict[str, object]) -> str:
    """As unittest writes it: `[msg] (i=1)`."""
    details = ", ".join(f"{name}={value!r}" for name, value in given.items())
    return " ".join((*([f"[{msg}]"] if msg is not None else ()), *([f"({details})"] if details else ())))

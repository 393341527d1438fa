"""`record_property` and its kin: what tests want to have in the reports beside their verdicts."""

import re
from collections.abc import Callable

from rustest.authoring.fixture import fixture
from rustest.model.request import Request

Record = Callable[[str, object], None]

_ATTRIBUTE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@fixture
def record_property(request: Request) -> Record:
    """Call it with a name and a value, and both stand with the test in every report for machines."""
    properties = request.node.user_properties

    def record(name: str, value: object) -> None:
        properties.append((name, str(value)))

    return record


@fixture
def record_xml_attribute(request: Request) -> Record:
    """Call it with a name and a value to have them as an attribute of the test's element in the JUnit file.

    It raises ValueError for a name that XML does not take.
    """
    attributes = request.node.xml_attributes

    def record(name: str, value: object) -> None:
        if not _ATTRIBUTE.fullmatch(name):
            raise ValueError(f"an XML attribute is named by letters, digits and any of _.-, not {name!r}")
        attributes.append((name, str(value)))

    return record


@fixture(scope="session")
def record_testsuite_property(request: Request) -> Record:
    """Call it with a name and a value to have them in the reports as properties of the whole run."""
    properties = request.config.suite_properties

    def record(name: str, value: object) -> None:
        properties.append((name, str(value)))

    return record

"""Text that is fit for XML.

The standard library's writers cost more start-up than the few lines of escaping, and let characters through that no
XML file may hold.
"""

import re

from rustest.report.machine.excerpts import bounded

LONGEST = 1_000_000
"""Characters of one element's text: a widespread parser refuses 10 MB, and an escape makes six of one."""
LONGEST_ATTRIBUTE = 10_000


def element(tag: str, /, **attributes: str) -> str:
    """The start of an element, still without its `>`; attributes that are too long lose their middle."""
    values = ((name, escape_attribute(bounded(value, LONGEST_ATTRIBUTE))) for name, value in attributes.items())
    return f"<{tag}" + "".join(f' {name}="{value}"' for name, value in values)


def text_element(tag: str, text: str, /, **attributes: str) -> str:
    """A whole element that holds nothing but text; text that is too long loses its middle."""
    return f"{element(tag, **attributes)}>{escape(bounded(text, LONGEST))}</{tag}>"


def escape(text: str) -> str:
    r"""Make text fit for XML: its special characters as entities, what XML 1.0 forbids as visible escapes (`\x1b`)."""
    return _SPECIAL.sub(_escaped, text)


def escape_attribute(text: str) -> str:
    """As `escape`, and keep quotes, line ends and tabs apart from the attribute's own."""
    return _SPECIAL_IN_ATTRIBUTE.sub(_escaped, text)


_FORBIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_SPECIAL = re.compile(f"[&<>\r{_FORBIDDEN}]")
_SPECIAL_IN_ATTRIBUTE = re.compile(f'[&<>"\r\n\t{_FORBIDDEN}]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return _ENTITIES.get(character) or ascii(character)[1:-1]

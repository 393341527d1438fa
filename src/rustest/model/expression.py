"""The language of `-k` and `-m`: names joined by `and`, `or`, `not` and parentheses."""

import re
from collections.abc import Callable, Mapping
from keyword import iskeyword
from typing import Literal, NoReturn

from rustest.model.errors import UsageError
from rustest.model.record import NamedTuple

Value = str | int | bool | None
Match = Callable[[str, Mapping[str, Value]], bool]
"""Whether a name with these keywords, as in `device(serial=1)`, fits the test at hand."""
Expression = Callable[[Match], bool]

Kind = Literal["name", "string", "(", ")", ",", "=", "and", "or", "not", "end"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<name>[\w:+\-.\[\]\\/]+)
        |(?P<string>"[^"]*"|'[^']*')
        |(?P<sign>[(),=])
        |(?P<end>$))""",
    re.VERBOSE,
)
_WORDS: Mapping[str, Kind] = {"and": "and", "or": "or", "not": "not"}
_SIGNS: Mapping[str, Kind] = {"(": "(", ")": ")", ",": ",", "=": "="}
_CONSTANTS: Mapping[str, Value] = {"True": True, "False": False, "None": None}


class Token(NamedTuple):
    """One word or sign, and where in the expression it stands."""

    kind: Kind
    text: str
    start: int


def compile_expression(text: str, option: str, *, keywords: bool) -> Expression:
    """Compile an expression once, to be asked of many tests.

    `keywords` allows `mark(name=value)`. Raises UsageError, with a caret under the place, where it cannot be read.
    """
    parser = _Parser(text, option, keywords)
    expression = parser.read_or()
    parser.take("end", expected="`and`, `or` or the end")
    return expression


class _Parser:
    """Reads by recursive descent; each method reads one level of binding strength."""

    def __init__(self, text: str, option: str, keywords: bool) -> None:
        self._text = text
        self._option = option
        self._keywords = keywords
        self._next = self._scan(0)

    def read_or(self) -> Expression:
        """`a or b or c`, or anything that binds closer."""
        parts = [self._read_and()]
        while self._accept("or"):
            parts.append(self._read_and())
        return parts[0] if len(parts) == 1 else lambda match: any(part(match) for part in parts)

    def _read_and(self) -> Expression:
        parts = [self._read_not()]
        while self._accept("and"):
            parts.append(self._read_not())
        return parts[0] if len(parts) == 1 else lambda match: all(part(match) for part in parts)

    def _read_not(self) -> Expression:
        if self._accept("not"):
            inner = self._read_not()
            return lambda match: not inner(match)
        if self._accept("("):
            inner = self.read_or()
            self.take(")", expected="`and`, `or` or `)`")
            return inner
        return self._read_name()

    def _read_name(self) -> Expression:
        name = self.take("name", expected="a name, `not` or `(`").text
        opening = self._next
        if not self._accept("("):
            return lambda match: match(name, {})
        if not self._keywords:
            self._complain("`and`, `or` or the end: only -m takes keywords", opening)
        keywords = dict(self._read_keywords())
        return lambda match: match(name, keywords)

    def _read_keywords(self) -> list[tuple[str, Value]]:
        keywords = [self._read_keyword()]
        while self._accept(","):
            keywords.append(self._read_keyword())
        self.take(")", expected="`,` or `)`")
        return keywords

    def _read_keyword(self) -> tuple[str, Value]:
        name = self.take("name", expected="a keyword, such as `serial=1`")
        if not name.text.isidentifier() or iskeyword(name.text):
            self._complain("a keyword that Python allows as a name", name)
        self.take("=", expected="`=`")
        return name.text, self._read_value()

    def _read_value(self) -> Value:
        token = self._next
        if self._accept("string"):
            return token.text[1:-1]
        text = self.take("name", expected="a quoted string, a whole number, True, False or None").text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if re.fullmatch(r"-?\d+", text, re.ASCII):
            return int(text)
        return self._complain("a quoted string, a whole number, True, False or None", token)

    def take(self, kind: Kind, *, expected: str) -> Token:
        """The next token, which must be of that kind; complains with what was expected instead."""
        token = self._next
        if token.kind != kind:
            self._complain(expected, token)
        if kind != "end":
            self._next = self._scan(token.start + len(token.text))
        return token

    def _accept(self, kind: Kind) -> bool:
        if self._next.kind != kind:
            return False
        self.take(kind, expected="")
        return True

    def _scan(self, position: int) -> Token:
        found = _TOKEN.match(self._text, position)
        if found is None:
            place = position + len(self._text[position:]) - len(self._text[position:].lstrip())
            quote = self._text[place] in "\"'"
            return self._complain("a closing quote" if quote else "a name", Token("end", "", place))
        start, text = found.start(found.lastgroup or 0), found[found.lastgroup or 0]
        match found.lastgroup:
            case "name":
                return Token(_WORDS.get(text, "name"), text, start)
            case "string":
                return Token("string", text, start)
            case "sign":
                return Token(_SIGNS[text], text, start)
            case _:
                return Token("end", "", start)

    def _complain(self, expected: str, token: Token) -> NoReturn:
        message = f"cannot read the expression of {self._option}: expected {expected}"
        raise UsageError(f"{message}\n  {self._text}\n  {' ' * token.start}^")

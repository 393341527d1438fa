"""The message of a failed assert, from its sketch and the values that it kept.

First the expression, with values in place of what stood for them; then a line for each value that was computed, with
how; then what the sides of failed comparisons differ in. What was not evaluated is not told.
"""

from collections import ChainMap
from collections.abc import Callable, Mapping
from types import BuiltinFunctionType, FrameType, FunctionType, ModuleType
from typing import assert_never

from rustest.assertion.compare import explain_comparison
from rustest.assertion.place import show
from rustest.assertion.sketch import EXPLAIN, Key, Operand, Owner, Sketch, slot_name
from rustest.model.saferepr import saferepr

Ask = Callable[[str, object, object], list[str]]
"""Says in lines what two values differ in that an operator has compared; nothing where it has no word on them."""


_BRIEF = 100
"""How long values may be, in characters, where it is told beneath what they differ in."""


class Lost:
    """Stands for a value that cannot be found again: it is told by its name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


def explain(sketch: Sketch, frame: FrameType, verbosity: int, ask: Ask | None) -> str:
    """Why the assert failed that the frame has come to; `ask` may know better what two values differ in."""
    explanation = _Explanation(_names_in(frame), verbosity, ask)
    first = f"assert {explanation.tell(sketch, truth=False)}"
    return "\n".join([first, *explanation.origins, *explanation.details])


def _is_told_by_name(value: object) -> bool:
    return issubclass(type(value), (type, FunctionType, BuiltinFunctionType, ModuleType))


def _name_of(value: object) -> object:
    try:
        return getattr(value, "__name__", None)
    except Exception:  # of a metaclass that computes it
        return None


def _callee(pieces: tuple[str | Sketch, ...]) -> str:
    """The name of what is called, if it is a call of something that has one."""
    match pieces:
        case (("owner", _, name), "(", *_):
            return name
        case (("owner", *_), str(attribute), "(", *_):
            return attribute.removeprefix(".")
        case _:
            return ""


def _names_in(frame: FrameType) -> Mapping[str, object]:
    return ChainMap(frame.f_locals, frame.f_globals, frame.f_builtins)


def text_of(message: object) -> str:
    """A user's message as text, whatever object it is."""
    try:
        return str(message)
    except Exception:
        return saferepr(message)


class _Explanation:
    def __init__(self, names: Mapping[str, object], verbosity: int, ask: Ask | None) -> None:
        self.origins: list[str] = []
        """How values were computed: each line above those of its parts, which are set in deeper."""
        self.details: list[str] = []
        """What failed comparisons have to add."""
        self._names = names
        self._verbosity = verbosity
        self._ask = ask
        self._indent = ""
        self._is_brief = False
        """Whether what is told now is part of a comparison whose sides are told apart beneath."""

    def tell(self, sketch: Sketch, truth: bool | None) -> str:
        """The expression in words; `truth` is how it came out, None where that is not known."""
        match sketch:
            case ("value", key):
                return self._repr(self._find(key))
            case ("name", key, name):
                value = self._find(key)
                return name if _is_told_by_name(value) and _name_of(value) == name else self._repr(value)
            case ("owner", key, name):
                value = self._find(key)
                return name if _is_told_by_name(value) else self._repr(value)
            case ("constant", value):
                return self._repr(value)
            case ("made", slot, pieces):
                return self._computed(self._find(slot), lambda: "".join(map(self._piece, pieces)), _callee(pieces))
            case ("choice", test, body, orelse):
                return self._choice(test, body, orelse, truth)
            case ("each", slot, function, element, source):
                return self._computed(self._find(slot), lambda: self._each(slot, function, element, source))
            case ("compare", ops, operands):
                return self._compare(ops, operands, truth)
            case ("and" | "or" as word, operands):
                return self._junction(word, operands, truth)
            case ("not", inner):
                return f"not {self._inside(inner, None if truth is None else not truth)}"
            case _:
                assert_never(sketch)

    def _inside(self, sketch: Sketch, truth: bool | None = None) -> str:
        """The expression as a part of another one."""
        text = self.tell(sketch, truth)
        return f"({text})" if self._is_open(sketch) else text

    def _is_open(self, sketch: Sketch) -> bool:
        """Whether its text is one of several words that belong together."""
        match sketch:
            case ("and" | "or", operands):
                return sum(map(self._is_evaluated, operands)) > 1 or self._is_open(operands[0][1])
            case ("compare" | "not", *_):
                return True
            case ("choice", *_):
                return not self._value(sketch)
            case _:
                return False

    def _computed(self, result: object, write: Callable[[], str], callee: str = "") -> str:
        """The value, with a line of its own for where it comes from, unless it reads as the call of its class does."""
        value = self._repr(result)
        place, indent = len(self.origins), self._indent
        self._indent += "  "
        origin = write()
        self._indent = indent
        is_shown_as_made = callee == type(result).__name__ and value.startswith(f"{callee}(")
        if len(self.origins) > place or not is_shown_as_made:
            self.origins.insert(place, f"{indent}  where {value} = {origin}")
        return value

    def _piece(self, piece: str | Sketch) -> str:
        return piece if isinstance(piece, str) else self._inside(piece)

    def _choice(self, test: Sketch, body: Operand, orelse: Operand, truth: bool | None) -> str:
        is_body = self._is_evaluated(body)
        chosen = (body if is_body else orelse)[1]

        def write() -> str:
            branch, condition = self._inside(chosen, truth), self._inside(test, is_body)
            return f"{branch} if {condition} else ..." if is_body else f"... if {condition} else {branch}"

        values = self._value(chosen)
        return self._computed(values[0], write) if values else write()

    def _each(self, slot: int, function: Owner, element: Operand, source: Sketch | None) -> str:
        through = "..." if source is None else f"... in {self.tell(source, None)}"
        call = f"{self.tell(function, None)}({through})"
        result = self._find(slot) is True
        if self._find(function[1]) is not (any if result else all) or not self._is_evaluated(element):
            return call
        return f"{call}, decided by {self.tell(element[1], result)}"

    def _junction(self, word: str, operands: tuple[Operand, ...], truth: bool | None) -> str:
        evaluated = [sketch for marker, sketch in operands if self._is_evaluated((marker, sketch))]
        goes_on = word == "and"  # what each operand but the last is, or the next would not have been evaluated
        last = truth if len(evaluated) == len(operands) else not goes_on
        texts = [self._operand(sketch, goes_on) for sketch in evaluated[:-1]]
        return f" {word} ".join([*texts, self._operand(evaluated[-1], last)])

    def _operand(self, sketch: Sketch, truth: bool | None) -> str:
        """A part of `and` and `or`, in which comparisons and `not` need no parentheses."""
        text = self.tell(sketch, truth)
        return f"({text})" if sketch[0] in ("and", "or", "choice") and self._is_open(sketch) else text

    def _compare(self, ops: tuple[str, ...], operands: tuple[Operand, ...], truth: bool | None) -> str:
        evaluated = [sketch for marker, sketch in operands if self._is_evaluated((marker, sketch))]
        has_failed = truth is False or len(evaluated) < len(operands)
        details = self._compare_in_detail(ops[len(evaluated) - 2], *evaluated[-2:]) if has_failed else []
        was_brief, self._is_brief = self._is_brief, self._is_brief or bool(details)
        words = [self._inside(evaluated[0])]
        for op, sketch in zip(ops, evaluated[1:], strict=False):
            words += [op, self._inside(sketch)]
        self._is_brief = was_brief
        self.details += details
        return " ".join(words)

    def _compare_in_detail(self, op: str, *sides: Sketch) -> list[str]:
        values = [value for sketch in sides for value in self._value(sketch)]
        if len(values) != len(sides):
            return []
        left, right = values
        told = self._ask(op, left, right) if self._ask is not None else []
        return told or explain_comparison(op, left, right, verbosity=self._verbosity)

    def _value(self, sketch: Sketch) -> list[object]:
        """The value of a part, as a list of one; none if it was not kept."""
        match sketch:
            case ("constant", value):
                return [value]
            case ("compare" | "and" | "or" | "not", *_):
                return []
            case ("choice", _, body, orelse):
                return self._value((body if self._is_evaluated(body) else orelse)[1])
            case _:
                return [self._find(sketch[1])]

    def _is_evaluated(self, operand: Operand) -> bool:
        slot = operand[0]
        return slot is None or self._find(slot) is not self._names[EXPLAIN]

    def _find(self, key: Key) -> object:
        name = slot_name(key) if isinstance(key, int) else key
        return self._names[name] if name in self._names else Lost(name)

    def _repr(self, value: object) -> str:
        return saferepr(value, _BRIEF) if self._is_brief and self._verbosity <= 0 else show(value, self._verbosity)

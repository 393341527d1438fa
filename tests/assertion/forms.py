"""Every form of expression that an assert can have, each as the body of a function of three small numbers.

What a form evaluates it tells to `LOG`. For some numbers it passes, for some it fails, for some it raises.
"""

from textwrap import indent

PRELUDE = '''
import math

LOG = []

def f(value=0, *more, **named):
    LOG.append(("f", value, more, tuple(named)))
    if value == 3:
        raise ValueError("three")
    return value

class Thing:
    def __init__(self, value):
        self._value = value
    def __repr__(self):
        return f"Thing({self._value})"
    @property
    def value(self):
        LOG.append(("value", self._value))
        return f(self._value)
    def plus(self, other, *, more=0):
        LOG.append(("plus", self._value, other, more))
        return self._value + other + more
    def __call__(self, other):
        LOG.append(("call", self._value, other))
        return other
    def __getitem__(self, index):
        LOG.append(("item", self._value, str(index)))
        return self._value
    def __eq__(self, other):
        LOG.append(("eq", self._value, str(other)))
        return Truth(self._value == (other._value if isinstance(other, Thing) else other))
    def __lt__(self, other):
        LOG.append(("lt", self._value, str(other)))
        return Truth(self._value < other._value)
    def __contains__(self, other):
        LOG.append(("contains", self._value, other))
        return Truth(self._value == other)
    __hash__ = None

class Truth:
    """What a comparison returns that is no bool, as arrays do; three is neither true nor false."""
    def __init__(self, value):
        self._value = value
    def __repr__(self):
        return f"Truth({self._value})"
    def __bool__(self):
        LOG.append(("bool", self._value))
        if self._value == 3:
            raise ValueError("ambiguous")
        return bool(self._value)

async def co(value):
    LOG.append(("co", value))
    return f(value)

async def items(*values):
    for value in values:
        LOG.append(("items", value))
        yield value

class Manager:
    def __enter__(self):
        LOG.append(("enter",))
        return self
    def __exit__(self, *_):
        LOG.append(("exit",))

counter = 0

def count(by):
    global counter
    counter += by
    return counter
'''

FORMS: dict[str, str] = {
    "names": "assert a == b",
    "name alone": "assert a",
    "constant": "assert 0",
    "constant text": "assert ''",
    "constant side": "assert a == -1 or a == 'x'",
    "not": "assert not a",
    "not of a call": "assert not f(a)",
    "not of a comparison": "assert not f(a) == b",
    "less": "assert a < b",
    "not equal": "assert f(a) != f(b)",
    "is": "assert a is None",
    "is not": "assert f(a) is not f(b)",
    "in": "assert f(a) in [f(b), c]",
    "not in": "assert a not in (f(b), c)",
    "chain": "assert f(a) < f(b) < f(c)",
    "chain of four": "assert 0 <= f(a) <= f(b) == f(c)",
    "call": "assert f(a)",
    "call with arguments": "assert f(a, b, more=c) == f(b)",
    "call with unpacking": "args = [a, b]\nnamed = {'more': c}\nassert f(*args, **named) == f(c)",
    "calls in calls": "assert f(f(a)) == f(f(f(b)))",
    "method": "assert Thing(a).plus(f(b), more=f(c)) == 4",
    "method of a text": "text = 'abc' * a\nassert text.startswith('b')",
    "module function": "assert math.floor(a + 0.5) == b",
    "callable instance": "thing = Thing(a)\nassert thing(b) == c",
    "call of a call": "assert (lambda: f)()(a) == b",
    "local function": "def inner(x):\n    return f(x)\nassert inner(a) == b",
    "attribute": "thing = Thing(a)\nassert thing.value == b",
    "attribute chain": "thing = Thing(Thing(a))\nassert thing._value.value == b",
    "attribute of a call": "assert Thing(f(a)).value == 1",
    "subscript": "things = {'k': [a, b]}\nassert things['k'][f(c)] == b",
    "slice": "things = [a, b, c]\nassert things[f(a):f(b):f(1)] == [f(c)]",
    "open slice": "things = [a, b, c]\nassert things[:] == things[f(a):]",
    "slices in a tuple": "assert Thing(a)[f(a):, :f(b), c] == b",
    "and": "assert f(a) and f(b) and f(c)",
    "or": "assert f(a) or f(b) or not f(c)",
    "and in or": "assert (f(a) and f(b)) or (f(c) and b == a)",
    "or in and": "assert (f(a) or b) and (f(c) == 1 or not f(a))",
    "and of comparisons": "assert a == 1 and f(b) == 2 and c < f(b) < 3",
    "truth of strange objects": "assert Truth(a) and Truth(b)",
    "strange comparison": "assert Thing(a) == Thing(b)",
    "strange chain": "assert Thing(a) < Thing(b) < Thing(c)",
    "strange container": "assert f(a) in Thing(b)",
    "binary": "assert f(a) + f(b) * 2 == f(c)",
    "unary": "assert -f(a) == ~b",
    "matrix of operators": "assert (a << b | c) % (a + 1) == a ** b // 1",
    "ternary": "assert f(a) if f(b) else f(c) == 1",
    "ternary side": "assert (f(a) if b else f(c)) == 1",
    "walrus": "assert (x := f(a)) == b\nLOG.append(x)",
    "walrus used again": "assert (x := f(a)) and x == f(b)\nLOG.append(x)",
    "walrus over a name": "x = c\nassert x == (x := f(a)) == b\nLOG.append(x)",
    "walrus after a name": "x = c\nassert x == (x := f(a))\nLOG.append(x)",
    "walrus in or": "x = 9\nassert f(b) or (x := f(a))\nLOG.append(x)",
    "walrus in a comprehension": "x = c\nassert x in [x := i for i in (f(a), f(b))]\nLOG.append(x)",
    "list": "assert [f(a), *(f(b), c)] == [a, 1, c]",
    "dict": "assert {'k': f(a), **{'l': f(b)}} == {'k': a, 'l': c}",
    "set": "assert {f(a), f(b)} == {c}",
    "tuple": "assert (f(a), b) == (a, f(c))",
    "list comprehension": "assert [f(x) for x in (a, b) if f(x) < 2] == [c]",
    "dict comprehension": "assert {x: f(x) for x in (a, b)} == {c: c}",
    "all": "things = [a, b, c]\nassert all(f(x) > 0 for x in things)",
    "all of pairs": "assert all(x <= y for x, y in zip([a, b], [b, c]))",
    "all with and": "things = [a, b, c]\nassert all(f(x) and f(x) < 2 for x in things)",
    "any": "things = [a, b, c]\nassert any(f(x) > 1 for x in things)",
    "not any": "things = [a, b, c]\nassert not any(f(x) > 1 for x in things)",
    "all in all": "things = [[a, b], [c]]\nassert all(all(f(x) for x in y) for y in things)",
    "any in all": "things = [[a, b], [c], []]\nassert all(any(f(x) for x in y) for y in things)",
    "all in or": "assert b or all(f(x) for x in (a, c))",
    "all of a list": "assert all([f(a), f(b)])",
    "own all": "def all(values):\n    return list(values)\nassert all(f(x) for x in (a, b)) == [c]",
    "lambda": "assert (lambda x: f(x))(a) == b",
    "f-string": "assert f'{f(a)}-{b}' == '1-1'",
    "text": "assert 'x' * a == 'xx'",
    "isinstance": "assert isinstance(f(a), str)",
    "type": "assert type(f(a)) is Thing",
    "comparison as argument": "assert f(a == b) == c",
    "message": "assert f(a) == b, 'why'",
    "message evaluated": "assert f(a) == b, f'why {f(b)}'",
    "message that raises": "assert f(a) == b, f(3)",
    "message of no text": "assert f(a) == b, (a, b)",
    "message over lines": "assert f(a) == b, 'one\\ntwo'",
    "over lines": "assert f(\n    a,\n) == (\n    f(b)\n)",
    "in a loop": "for x in (a, b, c):\n    assert f(x) and x < 2",
    "in while and else": "while f(a):\n    assert f(b)\n    break\nelse:\n    assert f(c)",
    "in try": (
        "try:\n    assert f(a)\nexcept AssertionError:\n    assert f(b)\nelse:\n    assert c\nfinally:\n    assert f(c)"
    ),
    "in try star": "try:\n    assert f(a)\nexcept* AssertionError:\n    assert f(b)",
    "in with": "with Manager():\n    assert f(a)",
    "in match": "match a:\n    case 0:\n        assert f(b)\n    case _ if f(c):\n        assert f(c) == b",
    "in a class": "class C:\n    assert f(a) == b and all(x for x in (b, c))\nLOG.append(sorted(vars(C)))",
    "in an enum": (
        "import enum\nclass E(enum.Enum):\n    A = 1\n    assert f(a) == b or A == c\nLOG.append([e.name for e in E])"
    ),
    "in a nested function": "def inner():\n    nonlocal a\n    a += 1\n    assert f(a) == b\ninner()",
    "in a method with a private name": (
        "class C:\n    __x = c\n    def m(self):\n        __y = a\n        assert __y == self.__x\nC().m()"
    ),
    "in a generator": (
        "def inner():\n    x = yield 1\n    assert f(x)\n    assert (yield 2) == b\n"
        "for x in inner():\n    LOG.append(x)"
    ),
    "closure": "x = a\ndef bump():\n    nonlocal x\n    x += 1\n    return x\nassert x == bump()",
    "global changed by a call": "assert count(0) * 0 + counter == count(a)",
    "after a failure": (
        "try:\n    assert f(a) and f(b)\nexcept AssertionError:\n    pass\nassert f(c) and f(a) and f(b)"
    ),
    "two in a row": "assert f(a)\nassert f(b)",
    "empty tuple": "assert ()",
    "tuple of unpacking": "assert (*(a, b),) == (c,)",
    "locals stay": "assert f(a) + f(b)\nLOG.append(sorted(locals()))",
}

ASYNC_FORMS: dict[str, str] = {
    "await": "assert await co(a) == b",
    "await of a name": "x = co(a)\nassert await x == b",
    "await in and": "assert await co(a) and await co(b)",
    "await as argument": "assert f(await co(a)) == await co(f(b))",
    "async comprehension": "assert [x async for x in items(a, b) if await co(x)] == [c]",
    "all with await": "assert all([await co(x) async for x in items(a, b)])",
    "in async for and with": "async for x in items(a, b):\n    assert f(x)",
}

ALL = {**FORMS, **ASYNC_FORMS}
NUMBERS = [(a, b, c) for a in (0, 1, 2) for b in (0, 1, 3) for c in (0, 1, 2)]


def source_of(form: str) -> str:
    """A module with the form as the function `form`."""
    word = "async def" if form in ASYNC_FORMS else "def"
    return f"{PRELUDE}\n{word} form(a, b, c):\n{indent(ALL[form], '    ')}\n"

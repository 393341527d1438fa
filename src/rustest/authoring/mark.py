"""`mark`: any name makes a mark; those that mean something to rustest have signatures of their own."""

from collections.abc import Callable

from rustest.authoring.builtin_marks import (
    asyncio,
    concurrency,
    filterwarnings,
    flaky,
    serial,
    skip,
    skipif,
    timeout,
    usefixtures,
    xfail,
)
from rustest.authoring.parametrize import parametrize
from rustest.model.hints import Generic, ParamSpec, cast, overload
from rustest.model.marks import Mark, MarkDecorator, Target

Arguments = ParamSpec("Arguments")


class OpenMark(MarkDecorator, Generic[Arguments]):
    """A mark that is put on a test as it is, or first called with arguments."""

    __slots__ = ("_record",)

    def __init__(self, name: str, record: "Callable[Arguments, Mark]") -> None:
        super().__init__(Mark(name))
        self._record: Callable[..., Mark] = record

    @overload  # mypy: a mark that takes any arguments could take a function as one, and that is decorated instead
    def __call__(self, target: Target, /) -> Target: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, *args: "Arguments.args", **kwargs: "Arguments.kwargs") -> MarkDecorator: ...
    def __call__(self, *args: object, **kwargs: object) -> object:
        """Decorate the one function or class that is given alone; anything else is the mark's arguments."""
        if len(args) == 1 and not kwargs and (callable(args[0]) or isinstance(args[0], classmethod)):
            return super().__call__(cast("Callable[..., object]", args[0]))
        return MarkDecorator(self._record(*args, **kwargs))


class MarkFactory:
    """Makes a mark of any name: `mark.slow`, `mark.slow(reason="x")`."""

    asyncio = OpenMark("asyncio", asyncio)
    skip = OpenMark("skip", skip)
    xfail = OpenMark("xfail", xfail)
    flaky = OpenMark("flaky", flaky)
    serial = OpenMark("serial", serial)
    concurrency = staticmethod(concurrency)
    skipif = staticmethod(skipif)
    timeout = staticmethod(timeout)
    usefixtures = staticmethod(usefixtures)
    filterwarnings = staticmethod(filterwarnings)
    parametrize = staticmethod(parametrize)

    def __getattr__(self, name: str) -> OpenMark[...]:
        """A mark of the user's own, which takes any arguments; raises AttributeError for a name with a leading `_`."""
        if name.startswith("_"):
            raise AttributeError(f"a mark's name does not start with an underscore: {name!r}")
        return OpenMark(name, lambda *args, **kwargs: Mark(name, args, kwargs))


mark = MarkFactory()

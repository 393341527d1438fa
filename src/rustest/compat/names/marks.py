"""`pytest.mark`: marks of any name that take what pytest lets them take; what they mean is decided when tests run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import cast, overload

from rustest.authoring.parametrize import parametrize
from rustest.model.marks import Mark, MarkDecorator, Target
from rustest.model.scope import ScopeName

Ids = Iterable[object] | Callable[[object], object] | None


class PytestMark(MarkDecorator):
    """A mark to put on a test, or to call with arguments first."""

    __slots__ = ()

    @overload  # mypy: a mark that takes any arguments could take a function as one, and that is decorated instead
    def __call__(self, target: Target, /) -> Target: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, *args: object, **kwargs: object) -> "PytestMark": ...
    def __call__(self, *args: object, **kwargs: object) -> object:
        """Decorate the function or class that is given alone; anything else, a lambda too, is the mark's arguments."""
        if len(args) == 1 and not kwargs and _can_be_marked(args[0]):
            return super().__call__(cast("Callable[..., object]", args[0]))
        return self.with_args(*args, **kwargs)

    def with_args(self, *args: object, **kwargs: object) -> "PytestMark":
        """The mark with these arguments too, whatever they are."""
        known = self.mark
        return PytestMark(Mark(known.name, (*known.args, *args), {**known.kwargs, **kwargs}))

    @property
    def name(self) -> str:
        """The mark's name."""
        return self.mark.name

    @property
    def markname(self) -> str:
        """The same."""
        return self.mark.name

    @property
    def args(self) -> tuple[object, ...]:
        """What it was called with."""
        return self.mark.args

    @property
    def kwargs(self) -> Mapping[str, object]:
        """The keywords that it was called with."""
        return self.mark.kwargs


class Parametrize(PytestMark):
    """`pytest.mark.parametrize`: its cases are read when it is called."""

    __slots__ = ()

    def with_args(self, *args: object, **kwargs: object) -> PytestMark:
        """The mark of these cases, as `parametrize` has them; raises TypeError or ValueError where they do not fit."""
        args = (*args[:1], *map(_lasting, args[1:2]), *args[2:])
        if "argvalues" in kwargs:
            kwargs["argvalues"] = _lasting(kwargs["argvalues"])
        read = _parametrize(*args, **kwargs)  # type: ignore[arg-type] # checked there
        return Parametrized(read.mark, args, kwargs)


class Parametrized(PytestMark):
    """The mark of cases that were read, which still says what was written: suites make new marks of that."""

    __slots__ = ("_args", "_kwargs")

    def __init__(self, mark: Mark, args: tuple[object, ...], kwargs: Mapping[str, object]) -> None:
        super().__init__(mark)
        self._args = args
        self._kwargs = kwargs

    @property
    def args(self) -> tuple[object, ...]:
        """What was written, by position."""
        return self._args

    @property
    def kwargs(self) -> Mapping[str, object]:
        """What was written, by name."""
        return self._kwargs


class Flaky(PytestMark):
    """`pytest.mark.flaky`, as the plugins for reruns have it: rustest's own mark of that name does the same."""

    __slots__ = ()

    def with_args(self, *args: object, **kwargs: object) -> PytestMark:
        """The mark with `reruns`, its first argument, and `reruns_delay`, the second, by our names too."""
        given = {**dict(zip(("reruns", "reruns_delay"), args, strict=False)), **kwargs}
        renamed = {"retries": given.get("reruns"), "delay": given.get("reruns_delay")}
        ours = {name: value for name, value in renamed.items() if isinstance(value, int | float)}
        if isinstance(runs := kwargs.get("max_runs"), int):
            ours["retries"] = max(0, runs - 1)
        if kwargs.get("condition") is False:
            ours["retries"] = 0
        only = kwargs.get("only_rerun", kwargs.get("only_on"))
        if only is not None:
            kwargs = {**kwargs, "only": _types(only)}
        return PytestMark(Mark(self.name, args, {**kwargs, **ours}))


def _types(given: object) -> tuple[type[BaseException], ...]:
    """The exceptions that are given, by themselves or by names of Python's own; raises ValueError for other texts."""
    import builtins

    several = cast("Iterable[object]", given) if isinstance(given, list | tuple) else (given,)
    found = [getattr(builtins, one, one) if isinstance(one, str) else one for one in several]
    kinds = [kind for kind in found if isinstance(kind, type) and issubclass(kind, BaseException)]
    if len(kinds) != len(found):
        raise ValueError(f"mark.flaky: {given!r} does not name exceptions: give their classes, such as ValueError")
    return tuple(kinds)


def _lasting(values: object) -> object:
    """The same values, so that they can be read more than once."""
    return tuple(cast("Iterator[object]", values)) if isinstance(values, Iterator) else values


def _parametrize(
    argnames: str | Sequence[str],
    argvalues: Iterable[object],
    indirect: bool | Sequence[str] = False,
    ids: Ids = None,
    scope: ScopeName | None = None,
) -> MarkDecorator:
    """Pytest's order of the arguments."""
    return parametrize(argnames, argvalues, ids=ids, indirect=indirect, scope=scope)


class PytestMarks:
    """Makes a mark of any name."""

    parametrize = Parametrize(Mark("parametrize"))
    flaky = Flaky(Mark("flaky"))

    def __getattr__(self, name: str) -> PytestMark:
        """The mark of that name; raises AttributeError for a name with a leading `_`, as pytest does."""
        if name.startswith("_"):
            raise AttributeError(f"a mark's name does not start with an underscore: {name!r}")
        return PytestMark(Mark(name))


mark = PytestMarks()


def _can_be_marked(target: object) -> bool:
    inner: object = getattr(target, "__func__", target)  # what a staticmethod or classmethod wraps
    return callable(inner) and getattr(inner, "__name__", "<lambda>") != "<lambda>"

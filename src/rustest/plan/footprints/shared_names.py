"""The names of what a whole process shares: the functions that change it, and the objects that hold it."""

import enum
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType, ModuleType

from rustest.model.errors import UsageError
from rustest.plan.footprints.known_object import Unknown, as_class, class_attribute, instance_attribute


class Use(enum.Enum):
    """What becomes of the process where a name is used."""

    HOLDS = enum.auto()
    """Makes a context manager, patcher or decorator: changed from its start to its end."""
    CHANGES = enum.auto()
    """A call changes it, until another one changes it back."""
    RESTORES = enum.auto()
    """A call changes it back."""
    READS = enum.auto()
    """A call gives what a later one can put back."""
    STATE = enum.auto()
    """An object that the process shares: whoever changes it changes the process."""
    ALONE = enum.auto()
    """Whoever mentions it must be alone: it tells of all that runs, or reaches it, or the user says so."""


def _rows(use: Use, names: str) -> dict[str, Use]:
    return dict.fromkeys(names.split(), use)


SHARED: Mapping[str, Use] = {
    **_rows(
        Use.HOLDS,
        """unittest.mock.patch unittest.mock.patch.object unittest.mock.patch.dict unittest.mock.patch.multiple
        mock.patch mock.patch.object mock.patch.dict mock.patch.multiple
        warnings.catch_warnings rustest.warns rustest.deprecated_call pytest.warns pytest.deprecated_call
        rustest.MonkeyPatch rustest.MonkeyPatch.context pytest.MonkeyPatch pytest.MonkeyPatch.context
        contextlib.redirect_stdout contextlib.redirect_stderr contextlib.chdir
        freezegun.freeze_time time_machine.travel blockbuster.blockbuster_ctx blockbuster.BlockBuster
        respx.mock respx.MockRouter responses.activate responses.mock responses.RequestsMock aioresponses.aioresponses
        vcr.use_cassette requests_mock.mock requests_mock.Mocker httpretty.activate httpretty.enabled moto.mock_aws
        django.test.override_settings django.test.utils.override_settings""",
    ),
    **_rows(
        Use.CHANGES,
        """os.putenv os.unsetenv os.chdir os.fchdir os.umask time.tzset
        warnings.simplefilter warnings.filterwarnings warnings.resetwarnings
        signal.signal signal.setitimer signal.alarm signal.siginterrupt signal.set_wakeup_fd signal.pthread_sigmask
        locale.setlocale socket.setdefaulttimeout random.seed random.setstate numpy.random.seed resource.setrlimit
        asyncio.set_event_loop_policy gc.disable gc.set_threshold gc.set_debug importlib.reload
        sys.setrecursionlimit sys.setswitchinterval sys.settrace sys.setprofile sys.set_int_max_str_digits
        logging.disable logging.basicConfig logging.captureWarnings logging.setLoggerClass
        logging.config.dictConfig logging.config.fileConfig tracemalloc.start
        respx.start responses.start httpretty.enable""",
    ),
    **_rows(Use.RESTORES, "gc.enable tracemalloc.stop respx.stop responses.stop httpretty.disable"),
    **_rows(
        Use.READS,
        """os.getenv os.getcwd random.getstate signal.getsignal socket.getdefaulttimeout locale.getlocale
        sys.getrecursionlimit sys.getswitchinterval sys.gettrace sys.getprofile gc.get_threshold resource.getrlimit
        asyncio.get_event_loop_policy""",
    ),
    **_rows(Use.ALONE, "threading.enumerate threading.active_count signal.raise_signal signal.pthread_kill"),
    **_rows(Use.STATE, "os.environ os.environb sys.path sys.modules sys.meta_path sys.path_hooks warnings.filters"),
}
"""Every name by which a test may reach what the process shares, and what it does there."""

PATCHING_OBJECTS = frozenset(
    f"{package}.patch.{form}" for package in ("unittest.mock", "mock") for form in ("object", "dict", "multiple")
)
"""What patches the object that it is given first, and nothing else."""

LOOP_WIDE = frozenset({"all_tasks", "set_exception_handler", "set_task_factory", "set_debug"})
"""Functions and methods that see or change what belongs to a whole event loop."""

OF_CELLS = "cell_contents"
"""The attribute that is a variable of functions: whoever puts something there changes it for all that close over it."""

SAME_AS: Mapping[str, str] = {
    "random.setstate": "random.seed",
    "os.fchdir": "os.chdir",
    "os.unsetenv": "os.putenv",
    "warnings.filterwarnings": "warnings.simplefilter",
    "warnings.resetwarnings": "warnings.simplefilter",
    "gc.enable": "gc.disable",
    "tracemalloc.stop": "tracemalloc.start",
    "respx.stop": "respx.start",
    "responses.stop": "responses.start",
    "httpretty.disable": "httpretty.enable",
}
"""Calls that change what another call changes."""

SWITCHED_OFF = _rows(
    Use.CHANGES,
    """signal.alarm signal.setitimer signal.set_wakeup_fd socket.setdefaulttimeout logging.disable
    sys.settrace sys.setprofile""",
).keys()
"""Calls that end a change where 0, None or False is their last argument."""

WRAPPING: Mapping[str, str] = {
    "unittest.mock": "unittest.mock.patch",
    "mock": "mock.patch",
    "freezegun": "freezegun.freeze_time",
    "time_machine": "time_machine.travel",
    "respx": "respx.mock",
    "responses": "responses.activate",
    "aioresponses": "aioresponses.aioresponses",
    "vcr": "vcr.use_cassette",
    "requests_mock": "requests_mock.mock",
    "httpretty": "httpretty.activate",
    "moto": "moto.mock_aws",
    "django.test": "django.test.override_settings",
}
"""Packages whose decorators hold something while an async function that they decorate runs."""

_OPEN_MODULES = ("sys", "threading")
"""Modules of which code must mention the name, too: their other names alone, `path` and `enumerate`, say too little."""


class SharedNames:
    """The table, with what the settings add to it and take from it; raises UsageError for an entry that is no name."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._uses = dict(SHARED)
        self._excused: list[str] = []
        for entry in entries:
            self._enter(entry)
        self._names = dict(self._objects())
        opened = tuple(f"{module}." for module in _OPEN_MODULES)
        lasts = {name.rpartition(".")[2] for name in self._uses if not name.startswith(opened)}
        self.words = frozenset({*lasts, *_BARE_WORDS})
        """What code mentions that has to do with any of them."""

    def name_of(self, known: object, path: str) -> str:
        """The name in the table of that object, or else the path by which it was reached."""
        return self._names.get(id(known), path)

    def use_of(self, name: str) -> Use | None:
        """What using it does."""
        return self._uses.get(name)

    def excuses(self, name: str) -> bool:
        """Whether the user says that it does not matter, or that what it is a part of does not."""
        return any(name == excused or name.startswith(f"{excused}.") for excused in self._excused)

    def maker_of(self, wrapper: FunctionType) -> str:
        """The name that the user has added of the decorator that made a wrapper; empty where none has."""
        made = f"{wrapper.__globals__.get('__name__')}.{wrapper.__code__.co_qualname}"
        added = (name for name, use in self._uses.items() if use is Use.ALONE)
        return next((name for name in added if made.startswith(f"{name}.")), "")

    def aliases(self, names: Mapping[str, object]) -> frozenset[str]:
        """The globals of a module that stand for something in the table under whatever name."""
        return frozenset(name for name, value in names.items() if id(value) in self._names or _is_open(value))

    def _enter(self, entry: str) -> None:
        name = entry.removeprefix("!")
        if "." not in name or not all(part.isidentifier() for part in name.split(".")):
            raise UsageError(
                f'shared_state: {entry!r} is no dotted name, such as "package.module.function", '
                'or "!random.seed" for one that is none'
            )
        if name not in SHARED and not _exists(name):
            raise UsageError(f"shared_state: there is no {name!r} to be found; check its spelling, or take it out")
        if entry != name:
            self._excused.append(name)
            self._uses = {row: use for row, use in self._uses.items() if not self.excuses(row)}
        else:
            self._uses[name] = Use.ALONE

    def _objects(self) -> Iterator[tuple[int, str]]:
        """The objects that have the names, as far as their modules are loaded: code knows them by any name."""
        for name in self._uses:
            known = find_object(name)
            if type(known) not in _TOO_PLAIN and not isinstance(known, ModuleType):
                yield id(known), name


def _is_open(value: object) -> bool:
    return type(value) is ModuleType and value.__name__ in _OPEN_MODULES


_BARE_WORDS = (*_OPEN_MODULES, "setattr", "delattr")
_TOO_PLAIN = (Unknown, bool, int, float, complex, str, bytes, tuple, frozenset, type(None))
"""The kinds of objects that may well be the same as somebody else's."""


def find_object(name: str) -> object:
    """What has that dotted name, if it can be told without importing or running anything."""
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        if (module := sys.modules.get(".".join(parts[:count]))) is not None:
            known: object = module
            for part in parts[count:]:
                known = _member(known, part)
            return known
    return Unknown.NOTHING


def _member(known: object, name: str) -> object:
    cls = as_class(known)
    return instance_attribute(known, name) if cls is None else class_attribute(cls, name)[1]


def _exists(name: str) -> bool:
    """Whether the name is that of a loaded object, or may be one of a module that nobody has loaded yet."""
    from importlib.util import find_spec

    if find_object(name) is not Unknown.NOTHING:
        return True
    parts = name.split(".")
    loaded = next((count for count in range(len(parts), 0, -1) if ".".join(parts[:count]) in sys.modules), 0)
    try:
        return loaded < len(parts) - 1 and find_spec(".".join(parts[: loaded + 1])) is not None
    except (ImportError, ValueError):
        return False

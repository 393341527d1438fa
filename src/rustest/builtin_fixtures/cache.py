"""`cache`: what tests leave for the next run, in `.rustest_cache` in the root folder."""

import json
import os
from pathlib import Path

from rustest.authoring.fixture import fixture
from rustest.model.request import Request

FOLDER = ".rustest_cache"

_OWN_FILES = {
    "README.md": (
        "# The cache of rustest\n\n"
        "What runs of the tests leave for the next run. It can be deleted at any time, and does not belong into\n"
        "version control.\n"
    ),
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of rustest: backups may leave it out.\n",
}


@fixture(scope="session")
def cache(request: Request) -> "Cache":
    """Values and folders that are kept from one run to the next."""
    return Cache(request.config.rootpath / FOLDER)


class Cache:
    """Keeps values as JSON files, and folders, below one folder that is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str, default: object) -> object:
        """The value of that key; the default where there is none, or none that can be read.

        The key is a path with slashes, by custom one that begins with the project's name; ValueError for one that
        leads elsewhere.
        """
        path = self._value_path(key)
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return default

    def set(self, key: str, value: object) -> None:
        """Keep a value; raises TypeError where JSON cannot hold it, and OSError where it cannot be written."""
        text = json.dumps(value, ensure_ascii=False, indent=2)
        path = self._value_path(key)
        self._make(path.parent)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)  # so that nobody ever reads half a value

    def mkdir(self, name: str) -> Path:
        """A folder of that name, made if it is not there yet; raises ValueError for a name with slashes."""
        if len(Path(name).parts) != 1 or name == "..":
            raise ValueError(f"a cache folder is one name without slashes, not {name!r}")
        folder = self._folder / "d" / name
        self._make(folder)
        return folder

    def _value_path(self, key: str) -> Path:
        if not key or Path(key).is_absolute() or ".." in Path(key).parts:
            raise ValueError(f"a cache key is a path such as 'project/value', not {key!r}")
        return self._folder / "v" / key

    def _make(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in _OWN_FILES.items():
            path = self._folder / name
            if not path.exists():
                path.write_text(text, encoding="utf-8")

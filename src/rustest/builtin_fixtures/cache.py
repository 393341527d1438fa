"""`cache`: what tests leave for the next run, in the cache folder."""

import json
from pathlib import Path

from rustest.authoring.fixture import fixture
from rustest.model.cache_folder import CACHE_FOLDER, FOLDERS, VALUES, make_cache_folder, write_whole
from rustest.model.request import Request


@fixture(scope="session")
def cache(request: Request) -> "Cache":
    """Values and folders that are kept from one run to the next."""
    folder = request.config.getoption("cache_dir") or CACHE_FOLDER
    return Cache(request.config.rootpath / str(folder))


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
        write_whole(str(path), (text,))

    def mkdir(self, name: str) -> Path:
        """A folder of that name, made if it is not there yet; raises ValueError for a name with slashes."""
        if len(Path(name).parts) != 1 or name == "..":
            raise ValueError(f"a cache folder is one name without slashes, not {name!r}")
        folder = self._folder / FOLDERS / name
        self._make(folder)
        return folder

    def _value_path(self, key: str) -> Path:
        if not key or Path(key).is_absolute() or ".." in Path(key).parts:
            raise ValueError(f"a cache key is a path such as 'project/value', not {key!r}")
        return self._folder / VALUES / key

    def _make(self, folder: Path) -> None:
        make_cache_folder(str(self._folder))
        folder.mkdir(parents=True, exist_ok=True)

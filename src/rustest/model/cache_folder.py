"""The cache folder: what runs leave for the next one, in a folder that says so and keeps out of version control."""

import os
from collections.abc import Iterable

CACHE_FOLDER = ".rustest_cache"
"""Where it stands in the root folder, where no setting says otherwise."""
VALUES, FOLDERS, HISTORY = "v", "d", "history"
"""What is in it: the values and the folders of `cache`, and what is remembered of the tests."""

_OWN_FILES = {
    "README.md": (
        "# The cache of rustest\n\n"
        "What runs of the tests leave for the next run. It can be deleted at any time, and does not belong into\n"
        "version control.\n"
    ),
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of rustest: backups may leave it out.\n",
}


def make_cache_folder(folder: str) -> None:
    """Make the folder, with the files that say what it is; what is there is left as it is; raises OSError."""
    os.makedirs(folder, exist_ok=True)
    for name, text in _OWN_FILES.items():
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)


def clear_cache_folder(folder: str) -> None:
    """Remove what earlier runs have left, and nothing else that may be in the folder; raises OSError."""
    from shutil import rmtree

    for name in (VALUES, FOLDERS):
        if os.path.isdir(path := os.path.join(folder, name)):
            rmtree(path)
    if os.path.isfile(history := os.path.join(folder, HISTORY)):
        os.remove(history)


def write_whole(path: str, parts: Iterable[str]) -> None:
    """Write a text so that nobody ever reads half of it; raises OSError."""
    folder, name = os.path.split(path)
    draft = os.path.join(folder, f".{name}.{os.getpid()}")
    try:
        with open(draft, "w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
            file.writelines(parts)
        os.replace(draft, path)
    except OSError:
        if os.path.exists(draft):
            os.remove(draft)
        raise

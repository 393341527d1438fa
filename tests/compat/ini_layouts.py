"""Projects with pytest's settings in all sorts of places, and pytest itself as the witness of which of them counts."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

KNOWN = "junit_suite_name"
"""A setting that changes nothing and takes any text: each file of a layout gives it another value."""


class Layout(NamedTuple):
    """A project, and a command in it."""

    name: str
    files: dict[str, str]
    args: tuple[str, ...] = ()
    cwd: str = "."


INI = f"[pytest]\n{KNOWN} = {{}}\n"
TOOL = f"[tool.pytest.ini_options]\n{KNOWN} = '{{}}'\n"
NATIVE = f"[tool.pytest]\n{KNOWN} = '{{}}'\n"
OWN = f"[pytest]\n{KNOWN} = '{{}}'\n"
CFG = f"[tool:pytest]\n{KNOWN} = {{}}\n"

EACH = {
    "pytest.toml": OWN.format("pytest.toml"),
    ".pytest.toml": OWN.format(".pytest.toml"),
    "pytest.ini": INI.format("pytest.ini"),
    ".pytest.ini": INI.format(".pytest.ini"),
    "pyproject.toml": TOOL.format("pyproject.toml"),
    "tox.ini": INI.format("tox.ini"),
    "setup.cfg": CFG.format("setup.cfg"),
}
"""By rank: of those in one folder the first counts."""

TEST = {"sub/deep/test_a.py": ""}


def ranked() -> list[Layout]:
    names = list(EACH)
    return [
        Layout(f"from {name} downwards", {**TEST, **{later: EACH[later] for later in names[index:]}})
        for index, name in enumerate(names)
    ]


LAYOUTS = [
    *ranked(),
    *[
        Layout(f"empty {name}", {**TEST, name: "", "setup.cfg": EACH["setup.cfg"]})
        for name in EACH
        if name != "setup.cfg"
    ],
    Layout("nothing at all", TEST),
    Layout("nothing, a folder below", TEST, cwd="sub"),
    Layout("nothing, a path below", TEST, ("sub/deep",)),
    Layout("nothing, from beside the path", {**TEST, "other/x.txt": ""}, ("../sub/deep",), cwd="other"),
    Layout("setup.py marks the root", {**TEST, "sub/setup.py": ""}, ("sub/deep",)),
    Layout("setup.py, seen from below", {**TEST, "setup.py": ""}, cwd="sub"),
    Layout("native table", {**TEST, "pyproject.toml": NATIVE.format("native")}),
    Layout(
        "pyproject without a table marks the root", {**TEST, "pyproject.toml": "[project]\nname='x'\n"}, cwd="sub/deep"
    ),
    Layout("pyproject goes before setup.py", {**TEST, "pyproject.toml": "", "sub/setup.py": ""}, ("sub/deep",)),
    Layout(
        "a table above beats a pyproject below",
        {**TEST, "pytest.ini": EACH["pytest.ini"], "sub/pyproject.toml": ""},
        ("sub",),
    ),
    Layout(
        "the nearest counts",
        {**TEST, "pytest.ini": EACH["pytest.ini"], "sub/tox.ini": INI.format("sub")},
        ("sub/deep",),
    ),
    Layout(
        "the nearest counts, by node id",
        {**TEST, "pytest.ini": EACH["pytest.ini"], "sub/tox.ini": INI.format("sub")},
        ("sub/deep/test_a.py",),
    ),
    Layout(
        "two paths, each with its own",
        {"a/pytest.ini": INI.format("a"), "b/pytest.ini": INI.format("b"), "a/test_a.py": "", "b/test_b.py": ""},
        ("b", "a"),
    ),
    Layout(
        "two paths, one above",
        {"pytest.ini": INI.format("top"), "a/pytest.ini": INI.format("a"), "a/test_a.py": "", "b/test_b.py": ""},
        ("a", "b"),
    ),
    Layout(
        "two paths and setup.py above",
        {"setup.py": "", "a/pytest.ini": INI.format("a"), "a/test_a.py": "", "b/test_b.py": ""},
        ("a", "b"),
    ),
    Layout(
        "-c names any ini file",
        {**TEST, "etc/my.ini": INI.format("my"), "pytest.ini": EACH["pytest.ini"]},
        ("-c", "etc/my.ini"),
    ),
    Layout("-c names any cfg file", {**TEST, "etc/my.cfg": CFG.format("my")}, ("-c", "etc/my.cfg")),
    Layout("-c names any toml file", {**TEST, "etc/my.toml": OWN.format("my")}, ("-c", "etc/my.toml")),
    Layout(
        "-c names a toml file with tool.pytest", {**TEST, "etc/my.toml": NATIVE.format("my")}, ("-c", "etc/my.toml")
    ),
    Layout("-c names an empty file", {**TEST, "etc/my.ini": ""}, ("-c", "etc/my.ini")),
    Layout("-c names no file", {**TEST, "pytest.ini": EACH["pytest.ini"]}, ("-c", "/dev/null", "sub")),
    Layout("-c and --rootdir", {**TEST, "etc/my.ini": INI.format("my")}, ("-c", "etc/my.ini", "--rootdir", "sub")),
    Layout("--rootdir keeps the file", {**TEST, "pytest.ini": EACH["pytest.ini"]}, ("--rootdir", "sub")),
    Layout("--rootdir without a file", TEST, ("--rootdir", "sub")),
    Layout("--rootdir does not make a file count", {**TEST, "sub/pytest.ini": INI.format("sub")}, ("--rootdir=sub",)),
    Layout("-o wins", {**TEST, "pytest.ini": EACH["pytest.ini"]}, ("-o", f"{KNOWN}=a=b", "-o", f"{KNOWN}=c=d")),
    Layout(
        "-o without a file",
        TEST,
        (
            "-o",
            f"{KNOWN}=x",
        ),
    ),
    Layout("colon, comments and blanks", {**TEST, "pytest.ini": f"# no\n[pytest]\n; no\n{KNOWN}: a # b = c\n"}),
    Layout(
        "lists over lines",
        {**TEST, "pytest.ini": f"[pytest]\n{KNOWN} =\n  one\n\n  # not this\n  two: x\nmarkers = a\n"},
    ),
    Layout("another section has names without values", {**TEST, "tox.ini": f"[tox]\nlonely\n[pytest]\n{KNOWN} = x\n"}),
    Layout("numbers and truths are text", {**TEST, "pyproject.toml": f"[tool.pytest.ini_options]\n{KNOWN} = true\n"}),
    Layout("both tables", {**TEST, "pyproject.toml": NATIVE.format("n") + TOOL.format("t")}),
    Layout("[pytest] in setup.cfg", {**TEST, "setup.cfg": INI.format("x")}),
    Layout("tool:pytest in tox.ini", {**TEST, "tox.ini": CFG.format("x")}),
    Layout("loose names in pytest.toml", {**TEST, "pytest.toml": f"{KNOWN} = 'x'\n"}),
    Layout("broken toml", {**TEST, "pyproject.toml": "[tool.pytest\n"}),
    Layout("broken ini", {**TEST, "pytest.ini": "[pytest\n"}),
    Layout("given twice", {**TEST, "pytest.ini": "[pytest]\nmarkers = a\nmarkers = b\n"}),
    Layout("-c names what is not there", TEST, ("-c", "nothing.ini")),
    Layout("-c names a folder", TEST, ("-c", "sub")),
    Layout("-c names some other file", {**TEST, "x.txt": "hello"}, ("-c", "x.txt")),
    Layout("--rootdir is not there", TEST, ("--rootdir", "nothing")),
    Layout("-o without a value", TEST, ("-o", "name")),
]

Found = tuple[str, str | None, str | None] | None
"""Root folder and file, below the project's folder, and the setting's value; None for an error of the command."""

WITNESS = """
import io, json, os, sys
from contextlib import redirect_stdout, redirect_stderr
import pytest

class Recorder:
    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config):
        file = config.inipath
        self.found = [str(config.rootpath), file and str(file), config.getini("junit_suite_name")]
        return 0  # that is all that was asked for

answers = []
for cwd, args in json.load(sys.stdin):
    os.chdir(cwd)
    recorder = Recorder()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        try:
            status = pytest.main([*args, "-p", "no:cacheprovider"], plugins=[recorder])
        except BaseException:  # of some files pytest complains with a traceback
            status = 4
    answers.append(None if status == 4 else recorder.found)
print(json.dumps(answers))
"""


def write(layout: Layout, folder: Path) -> None:
    for name, text in layout.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def ask_pytest(folders: list[Path]) -> list[Found]:
    """What pytest finds in each layout's folder; one process for all, which costs half a second."""
    jobs = [[str(folder / layout.cwd), layout.args] for layout, folder in zip(LAYOUTS, folders, strict=True)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", WITNESS],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [shorten(found, folder) for found, folder in zip(json.loads(done.stdout), folders, strict=True)]


def shorten(found: list[str | None] | None, folder: Path) -> Found:
    if found is None:
        return None
    root, file, value = found
    return os.path.relpath(root or "", folder), file and os.path.relpath(file, folder), value

"""`LocalPath`, held against the one that pytest brings along."""

import os
from collections.abc import Callable

import pytest
from _pytest._py.path import LocalPath as Witness

from rustest.model.local_path import LocalPath

Path = LocalPath | Witness
Question = Callable[[Path], object]


def tree(folder) -> str:
    folder /= "tree"
    folder.mkdir()
    (folder / "x").mkdir()
    (folder / "x" / "y.txt").write_text("a\nb\n")
    (folder / "m").mkdir()
    (folder / "m" / "z.py").write_text("pass")
    return str(folder)


QUESTIONS: dict[str, Question] = {
    "join": lambda p: [p.join("a", "b"), p.join("/a"), p.join("/a", "b", abs=True), p.join(), p.join("a", "..")],
    "operators": lambda p: [p / "a", p + "a", p == str(p), p != str(p), p == 1, p < p / "a", hash(p) == hash(str(p))],
    "shown": lambda p: [repr(p), str(p), os.fspath(p), p.strpath, p.sep],
    "names": lambda p: [(q.basename, q.dirname, q.purebasename, q.ext) for q in (p, p / "a.tar.gz", p / ".hidden")],
    "dirpath": lambda p: [p.dirpath(), p.dirpath("a", "b")],
    "new": lambda p: [
        p.new(basename="a"),
        p.new(ext="py"),
        (p / "a.b").new(purebasename="c"),
        (p / "a.b").new(ext=".d"),
        p.new(dirname="/a"),
    ],
    "parts": lambda p: [p.parts(), p.parts(reverse=True)],
    "relto": lambda p: [(p / "a").relto(p), p.relto(p), p.relto("/")[-4:], p.relto("/nowhere")],
    "bestrelpath": lambda p: [p.bestrelpath(p / "a" / "b"), (p / "a").bestrelpath(p / "b"), p.bestrelpath(p / "..")],
    "common": lambda p: [(p / "a" / "b").common(p / "a" / "c"), p.common(p.join("a"))],
    "check": lambda p: [
        [
            q.check(),
            q.check(file=1),
            q.check(dir=1),
            q.check(dir=0),
            q.check(exists=0),
            q.check(link=1),
            q.check(notfile=1),
        ]
        for q in (p, p / "x" / "y.txt", p / "nothing")
    ],
    "asked": lambda p: [[q.exists(), q.isdir(), q.isfile(), q.islink()] for q in (p, p / "x" / "y.txt", p / "nothing")],
    "samefile": lambda p: [p.samefile(p / "x" / ".."), p.samefile(p / "x")],
    "fnmatch": lambda p: [
        q.fnmatch(pattern) for q in (p / "a.py", p / "b" / "a.py") for pattern in ("*.py", "b/*", "a")
    ],
    "read": lambda p: [(q := p / "x" / "y.txt").read(), q.read("rb"), q.read_text("utf-8"), q.read_binary(), q.size()],
    "readlines": lambda p: [(p / "x" / "y.txt").readlines(), (p / "x" / "y.txt").readlines(cr=0)],
    "write": lambda p: [
        (q := p / "w").write("a"),
        q.write("b", mode="a"),
        q.read(),
        q.write(1),
        q.read(),
        q.write(b"c"),
        q.read(),
    ],
    "write_text": lambda p: [
        (q := p / "w").write_text("ä", "utf-8"),
        q.read_binary(),
        q.write_binary(b"b"),
        q.read_binary(),
    ],
    "ensure": lambda p: [
        p.ensure("a", "b").isfile(),
        p.ensure("c", dir=True).isdir(),
        p.ensure("x", "y.txt").size(),
        p.ensure_dir("d", "e").isdir(),
        (p / "f" / "g").write("h", ensure=True),
    ],
    "mkdir": lambda p: [p.mkdir("a").isdir(), (p / "b").mkdir().isdir()],
    "links": lambda p: [
        (q := p / "l").mksymlinkto(p / "x"),
        q.islink(),
        q.readlink(),
        q.realpath() == (p / "x").realpath(),
    ],
    "remove": lambda p: [(p / "x").remove(), (p / "m" / "z.py").remove(), sorted(p.visit())],
    "move": lambda p: [(p / "m" / "z.py").rename(p / "r"), (p / "x").move(p / "v"), sorted(p.visit())],
    "copy": lambda p: [(p / "m" / "z.py").copy(p / "x"), (p / "x").copy(p / "v"), sorted(p.visit())],
    "listdir": lambda p: [p.listdir(sort=True), p.listdir("x"), p.listdir(lambda q: q.basename == "m")],
    "visit": lambda p: [sorted(p.visit()), list(p.visit("*.txt")), sorted(p.visit(rec=lambda q: False))],
    "chdir": lambda p: [(q := (p / "x").chdir()), os.getcwd(), q.chdir().basename],
    "home": lambda p: [type(p)("~", expanduser=True), type(p)("."), type(p)(), type(p)(p)],
}


def answer(question: Question, path: Path, folder: str) -> str:
    return repr(question(path)).replace(os.path.dirname(folder), "OUTER")


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_as_pys_does(name, tmp_path_factory, monkeypatch):
    answers = []
    for kind in (LocalPath, Witness):
        folder = tree(tmp_path_factory.mktemp("tree"))
        monkeypatch.chdir(folder)
        answers.append(answer(QUESTIONS[name], kind(folder), folder))
    assert answers[0] == answers[1]


def test_files_that_are_not_there_are_os_errors(tmp_path):
    with pytest.raises(FileNotFoundError):
        LocalPath(tmp_path).join("nothing").read()


def test_as_cwd_gives_the_current_folder_back(tmp_path):
    before = os.getcwd()
    with LocalPath(tmp_path).as_cwd() as earlier:
        assert os.getcwd() == str(tmp_path)
    assert os.getcwd() == before == earlier


def test_what_is_missing_says_where_to_look(tmp_path):
    with pytest.raises(AttributeError, match="no 'sysexec' under rustest: use pathlib"):
        LocalPath(tmp_path).sysexec()

"""One file of tests that use the built-in fixtures as users of pytest do: what passes there must pass here."""

import os
import subprocess
import sys
from textwrap import dedent

from small_projects import results

SOURCE = """
    import logging
    import os
    import subprocess
    import sys
    import warnings
    from pathlib import Path

    {imports}

    log = logging.getLogger("witness")
    here, path, environment = os.getcwd(), list(sys.path), dict(os.environ)

    class Owner:
        value = 1

        @staticmethod
        def call(): return "static"

    class Derived(Owner): pass

    def test_capsys(capsys):
        print("out")
        print("err", file=sys.stderr)
        sys.stdout.buffer.write(b"bytes")
        captured = capsys.readouterr()
        assert (captured.out, captured.err) == ("out\\nbytes", "err\\n")
        with capsys.disabled():
            pass
        assert capsys.readouterr() == ("", "")

    def test_capsysbinary(capsysbinary):
        sys.stdout.buffer.write(b"\\xff")
        print("text")
        assert capsysbinary.readouterr() == (b"\\xfftext\\n", b"")

    def test_capfd(capfd):
        print("out", flush=True)
        os.write(2, b"err")
        subprocess.run([sys.executable, "-c", "print('child')"], check=True)
        assert capfd.readouterr() == ("out\\nchild\\n", "err")

    def test_capfdbinary(capfdbinary):
        os.write(1, b"\\xff")
        assert capfdbinary.readouterr() == (b"\\xff", b"")

    @fixture
    def logged_in_setup(caplog):
        log.warning("set-up")

    def test_caplog(logged_in_setup, caplog):
        assert caplog.records == []
        assert [record.getMessage() for record in caplog.get_records("setup")] == ["set-up"]
        caplog.set_level(logging.INFO)
        log.info("one %d", 1)
        log.debug("hidden")
        assert caplog.record_tuples == [("witness", logging.INFO, "one 1")]
        assert caplog.messages == ["one 1"]
        assert caplog.text.startswith("INFO     witness:") and caplog.text.endswith(" one 1\\n")
        assert logging.getLogger().level == logging.INFO and caplog.handler.level == logging.INFO
        with caplog.at_level("DEBUG", logger="witness"):
            log.debug("two")
            assert log.level == logging.DEBUG
        with caplog.at_level(logging.ERROR):
            log.warning("hidden")
        assert caplog.messages == ["one 1", "two"]
        caplog.clear()
        assert (caplog.records, caplog.text) == ([], "")
        log.propagate = False
        log.addHandler(caplog.handler)
        log.warning("by its handler")
        log.removeHandler(caplog.handler)
        log.propagate = True
        assert caplog.messages == ["by its handler"]

    def test_caplog_left_nothing():
        assert logging.getLogger().level == logging.WARNING and log.level == logging.NOTSET

    def test_recwarn(recwarn):
        warnings.warn("a", UserWarning)
        warnings.warn("b", DeprecationWarning)
        assert len(recwarn) == 2 and recwarn[0].category is UserWarning
        assert str(recwarn.pop(DeprecationWarning).message) == "b"
        assert [str(one.message) for one in recwarn] == ["a"] == [str(one.message) for one in recwarn.list]
        recwarn.clear()
        assert len(recwarn) == 0

    def test_monkeypatch(monkeypatch, tmp_path):
        monkeypatch.setattr(Owner, "value", 2)
        monkeypatch.setattr(Derived, "call", lambda: "patched")
        monkeypatch.setattr("os.sep", "|")
        monkeypatch.setattr(os, "not_there", 1, raising=False)
        monkeypatch.setenv("WITNESS", "b")
        monkeypatch.setenv("WITNESS", "a", prepend=os.pathsep)
        monkeypatch.delenv("WITNESS_NOT_THERE", raising=False)
        monkeypatch.delenv("PATH")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.chdir(tmp_path)
        assert (Owner.value, Derived.call(), os.sep, os.not_there) == (2, "patched", "|", 1)
        assert os.environ["WITNESS"] == "a" + os.pathsep + "b" and sys.path[0] == str(tmp_path)
        assert Path.cwd() == tmp_path
        with monkeypatch.context() as inner:
            inner.setattr(Owner, "value", 3)
            inner.delattr(Owner, "call")
            assert Owner.value == 3 and not hasattr(Owner, "call")
        assert (Owner.value, Owner.call()) == (2, "static")
        monkeypatch.undo()
        assert Owner.value == 1
        monkeypatch.setitem(vars_ := {"a": 1}, "b", 2)
        monkeypatch.delitem(vars_, "a")
        assert vars_ == {"b": 2}

    def test_monkeypatch_left_nothing():
        assert "call" not in vars(Derived) and isinstance(vars(Owner)["call"], staticmethod)
        assert os.sep == "/" and not hasattr(os, "not_there")
        environment.pop("PYTEST_CURRENT_TEST", None)
        assert {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"} == environment
        assert (os.getcwd(), sys.path) == (here, path)

    def test_monkeypatch_raises(monkeypatch):
        with raises(AttributeError): monkeypatch.setattr(Owner, "absent", 1)
        with raises(AttributeError): monkeypatch.setattr("os.absent", 1)
        with raises(AttributeError): monkeypatch.delattr("os.absent")
        with raises(KeyError): monkeypatch.delitem({}, "absent")
        with raises(KeyError): monkeypatch.delenv("WITNESS_NOT_THERE")
        with raises(TypeError): monkeypatch.setattr(Owner, "value")

    def test_tmpdir(tmpdir, tmpdir_factory, tmp_path):
        assert tmpdir == tmp_path and str(tmpdir) == str(tmp_path)
        assert tmpdir.join("a").ensure("b").relto(tmpdir) == "a/b"
        assert tmpdir.dirpath() == tmpdir_factory.getbasetemp()
        assert tmpdir_factory.mktemp("dir").basename == "dir0"
        assert tmpdir_factory.mktemp("plain_dir", numbered=False).check(dir=1)

    def test_tmp_path(tmp_path, tmp_path_factory, request):
        assert isinstance(tmp_path, Path) and list(tmp_path.iterdir()) == []
        assert tmp_path.name == "test_tmp_path0" and tmp_path.parent == tmp_path_factory.getbasetemp()
        assert tmp_path_factory.mktemp("data").name == "data0"
        assert tmp_path_factory.mktemp("data").name == "data1"
        assert tmp_path_factory.mktemp("plain", numbered=False).name == "plain"
        assert tmp_path.stat().st_mode & 0o777 == 0o700
        with raises(ValueError): tmp_path_factory.mktemp("../data")
        assert (tmp_path.parent.parent / (tmp_path.parent.name.split("-")[0] + "-current")).resolve() == tmp_path.parent

    def test_a_name_that_is_much_longer_than_thirty_letters(tmp_path):
        assert tmp_path.name == "test_a_name_that_is_much_longe0"

    def test_cache(cache):
        assert cache.get("witness/value", 5) == 5
        cache.set("witness/value", [1, None])
        assert cache.get("witness/value", None) == [1, None]
        assert cache.mkdir("witness").is_dir() and cache.mkdir("witness").name == "witness"
        with raises(ValueError): cache.mkdir("a/b")
    """


def test_what_passes_under_pytest_passes_here(tmp_path):
    theirs = tmp_path / "theirs" / "test_witness.py"
    theirs.parent.mkdir()
    theirs.write_text(dedent(SOURCE.replace("{imports}", "from pytest import fixture, raises")))
    program = [sys.executable, "-m", "pytest", "-q", "--rootdir=.", "-c", "/dev/null", theirs.name]
    lean = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(program, cwd=theirs.parent, env=lean, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    files = {"test_witness.py": SOURCE.replace("{imports}", "from rustest import fixture, raises")}
    found = results(tmp_path / "ours", files)
    assert set(found.values()) == {"passed"}, found
    assert f"{len(found)} passed" in done.stdout

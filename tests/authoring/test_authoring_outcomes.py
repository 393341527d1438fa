"""`skip`, `fail`, `xfail` and `importorskip`: what they raise, and when."""

import sys

import pytest

from rustest import fail, importorskip, skip, xfail
from rustest.model.errors import Failed, Skipped, XFailed


@pytest.mark.parametrize(("end", "outcome"), [(skip, Skipped), (fail, Failed), (xfail, XFailed)])
def test_each_ends_the_test_with_its_reason_and_past_except_exception(end, outcome):
    with pytest.raises(outcome) as info:
        try:
            end("why")
        except Exception:
            pytest.fail("taken for an ordinary exception")
    assert info.value.reason == "why"


def test_skip_says_whether_it_may_stand_outside_a_test():
    for allowed in (False, True):
        with pytest.raises(Skipped) as info:
            skip("why", allow_module_level=allowed)
        assert info.value.allow_module_level is allowed


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Writes a module, importable while the test runs."""
    monkeypatch.syspath_prepend(tmp_path)
    names = []

    def write(name, source):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
        names.append(name.removesuffix(".py").split("/")[0])

    yield write
    for name in [name for name in sys.modules if name.split(".")[0] in names]:
        del sys.modules[name]


def test_importorskip_returns_the_module(module):
    module("gadget_one.py", "x = 3")
    assert importorskip("gadget_one").x == 3


@pytest.mark.parametrize("name", ["no_such_gadget", "no_such_gadget.inner", "json.no_such_gadget"])
def test_a_missing_module_skips_the_test_or_the_file(name):
    with pytest.raises(Skipped, match=f"could not import '{name}'") as info:
        importorskip(name)
    assert info.value.allow_module_level


def test_the_reason_can_be_given():
    with pytest.raises(Skipped, match=r"^needs a gadget$"):
        importorskip("no_such_gadget", reason="needs a gadget")


@pytest.mark.parametrize(
    "source",
    ["import no_such_gadget", "from json import no_such_name", "raise ImportError('broken')", "1 / 0"],
)
def test_a_module_that_is_there_and_broken_raises(module, source):
    module("gadget_two.py", source)
    with pytest.raises((ImportError, ZeroDivisionError)):
        importorskip("gadget_two")


def test_a_broken_import_in_a_package_of_the_same_prefix_raises(module):
    module("gadget_three.py", "import gadget_threefold")
    with pytest.raises(ModuleNotFoundError):
        importorskip("gadget_three")


@pytest.mark.parametrize(
    ("found", "wanted"), [("1.10", "1.9"), ("2", "2.0.0"), ("2.0.0", "2"), ("1.2.3", "1.2"), ("1.2+cpu", "1.2")]
)
def test_a_version_that_is_new_enough_is_returned(module, found, wanted):
    module("gadget_four.py", f"__version__ = {found!r}")
    assert importorskip("gadget_four", wanted).__version__ == found


@pytest.mark.parametrize(("found", "wanted"), [("1.9", "1.10"), ("1.2", "1.2.1"), ("0", "0.0.1")])
def test_an_older_version_skips(module, found, wanted):
    module("gadget_five.py", f"__version__ = {found!r}")
    with pytest.raises(Skipped, match=f"gadget_five {found} is older than {wanted}") as info:
        importorskip("gadget_five", wanted)
    assert info.value.allow_module_level


@pytest.mark.parametrize("found", ["'2.0rc1'", "''", "None", "(2, 0)", "'2.²'"])
def test_a_version_that_cannot_be_compared_skips_and_says_so(module, found):
    module("gadget_six.py", f"__version__ = {found}")
    with pytest.raises(Skipped, match=r"must be 1\.0 or newer, and its __version__ cannot be compared"):
        importorskip("gadget_six", "1.0")


def test_a_minimum_that_is_no_version_is_an_error():
    with pytest.raises(ValueError, match="minversion must be numbers and dots"):
        importorskip("json", "2.0rc1")

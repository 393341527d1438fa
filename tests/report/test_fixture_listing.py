"""What `--fixtures` and `--fixtures-per-test` print, held against golden files (`UPDATE_GOLDEN=1` writes them anew)."""

import os
import sys
from pathlib import Path

import pytest

from rustest.model.fixtures import BUILTIN
from rustest.model.plan import Plan
from rustest.report.listings.fixture_listing import list_fixtures, list_fixtures_per_test
from rustest.testing import plan_project

GOLDEN = Path(__file__).parent / "golden"
SHOP = {
    "conftest.py": '''
        from rustest import fixture

        @fixture(scope="session", params=["sqlite", "postgres"])
        async def db(request):
            """The database of the shop.

            One after another, in two makes.
            """
            yield request.param

        @fixture(autouse=True)
        def _clean_up():
            """Nobody asks for this by name."""
    ''',
    "shop/conftest.py": """
        from rustest import fixture

        @fixture(scope="package")
        def till():
            "The till; it is open."
    """,
    "shop/test_cart.py": """
        from rustest import fixture, mark

        def setup_module(): pass

        @fixture(scope="module", autouse=True)
        def prices():
            "What things cost."

        @fixture
        def cart(size, till):
            return [None] * size

        @mark.parametrize("size", [0, 3])
        def test_size(cart, size): pass

        @mark.skip("out of order")
        def test_skipped(cart): pass

        def test_typo(prizes): pass

        class TestCheckout:
            @fixture(scope="class")
            def receipt(self, till):
                "As printed."

            async def test_pay(self, receipt, db, tmp_path): pass
    """,
    "shop/test_plain.py": """
        def test_plain(): pass
    """,
    "other/conftest.py": """
        from rustest import fixture

        @fixture
        def of_nobody(): pass
    """,
    "test_broken.py": "import no_such_module",
}


def without_builtins(plan: Plan) -> Plan:
    """The catalogue grows; what is held to the letter here is the form."""
    return plan._replace(fixtures=tuple(one for one in plan.fixtures if one.place != BUILTIN))


@pytest.mark.parametrize("verbose", [False, True], ids=["normal", "verbose"])
@pytest.mark.parametrize("listing", [list_fixtures, list_fixtures_per_test], ids=["fixtures", "fixtures_per_test"])
def test_the_listing_is_as_in_the_golden_file(listing, verbose: bool, request, tmp_path: Path) -> None:
    plan = without_builtins(plan_project(tmp_path, SHOP))
    output = "\n".join(listing(plan, verbose=verbose, rootdir=str(tmp_path))) + "\n"
    golden = GOLDEN / f"{listing.__name__.removeprefix('list_')}_{'verbose' if verbose else 'normal'}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(output)
    assert output == golden.read_text()


def test_what_no_selected_test_can_see_is_left_out(tmp_path: Path) -> None:
    plan = plan_project(tmp_path, SHOP, keyword="test_plain")
    output = "\n".join(list_fixtures(plan))
    assert "till" in output
    assert "cart" not in output
    assert "receipt" not in output


def test_built_in_fixtures_are_listed_with_the_docstrings_of_their_functions(tmp_path: Path) -> None:
    lines = list(list_fixtures(plan_project(tmp_path, {"test_it.py": "def test_it(): pass"})))
    assert lines[0] == "built in"
    (described,) = [line for line in lines if line.startswith("  tmp_path  ")]
    assert described.startswith("  tmp_path  [function, built in]\n    An empty folder")
    assert not any("is imported when it is first called" in line for line in lines)


def test_the_listing_of_each_test_imports_only_the_built_in_fixtures_that_tests_use(
    tmp_path: Path, monkeypatch
) -> None:
    for name in ("ports", "temp_folders"):
        monkeypatch.delitem(sys.modules, f"rustest.builtin_fixtures.{name}", raising=False)
    plan = plan_project(tmp_path, {"test_it.py": "def test_it(unused_tcp_port): pass"})
    assert "unused_tcp_port_factory  [session, built in]" in "\n".join(list_fixtures_per_test(plan))
    assert "rustest.builtin_fixtures.ports" in sys.modules
    assert "rustest.builtin_fixtures.temp_folders" not in sys.modules


def test_the_docstring_is_that_of_the_function_behind_its_wrappers(tmp_path: Path) -> None:
    source = '''
        import functools
        from rustest import fixture

        def given(number):
            """Of the wrapped one."""
            return number

        five = fixture(name="five")(functools.wraps(given)(functools.partial(given, 5)))
        six = fixture(name="six")(lambda: 6)

        def test_it(six): pass
    '''
    plan = without_builtins(plan_project(tmp_path, {"test_it.py": source}))
    assert any(line.startswith("  five  ") and "Of the wrapped one." in line for line in list_fixtures(plan))
    assert any(line.startswith("  six  ") and "\n" not in line for line in list_fixtures(plan))


def test_a_listing_of_nothing_says_so() -> None:
    assert list(list_fixtures(Plan(()))) == ["0 fixtures in sight of 0 tests"]
    assert list(list_fixtures_per_test(Plan(())))[-1] == "0 tests"

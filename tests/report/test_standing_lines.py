"""The answer to the question what runs now, as the terminal prints it."""

from pathlib import Path

import pytest

from rustest.model.events import Standing, Whereabouts
from rustest.model.failure import Frame, Phase
from rustest.report.painting import PLAIN
from rustest.report.standing import standing_lines, standing_place

DOCS = Path(__file__).parents[2] / "docs" / "output.md"
CART = "\n" * 8 + "    await till.answer()\n" + "\n" * 7 + "    await checkout([{}])\n"
CONFTEST = "\n" * 4 + "    await connect()\n"


def told(standing: Standing, rootdir: str = "/p") -> str:
    return PLAIN.lines(standing_lines(standing, rootdir))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "test_cart.py").write_text(CART)
    (tmp_path / "shop" / "conftest.py").write_text(CONFTEST)
    return tmp_path


def test_the_example_in_the_docs_is_what_is_printed(shop: Path) -> None:
    cart, conftest = str(shop / "shop" / "test_cart.py"), str(shop / "shop" / "conftest.py")
    slow = (Frame(cart, 9, "checkout"), Frame(cart, 17, "test_slow"))
    running = (
        Whereabouts("shop/test_cart.py::test_slow", 3.4, Phase.CALL, slow),
        Whereabouts("shop/test_cart.py::test_uses_db", 3.38, Phase.SETUP, (Frame(conftest, 5, "db"),)),
    )
    assert f"```text\n{told(Standing(3.41, running), str(shop))}\n```" in DOCS.read_text()


def test_one_test_and_none_are_told_in_words() -> None:
    one = Whereabouts("a.py::test_a", 1.0, Phase.TEARDOWN, ())
    assert told(Standing(2.0, (one,))).splitlines() == [
        "1 test runs now, 2.00 s after the start:",
        "  a.py::test_a  (1.00 s, teardown)",
        "    in no code of yours just now",
    ]
    assert told(Standing(2.0, ())) == "no test runs now, 2.00 s after the start"


def test_the_line_that_matters_follows_a_tests_name(shop: Path) -> None:
    cart = str(shop / "shop" / "test_cart.py")
    waiting = Whereabouts("a.py::test_a", 1.0, Phase.CALL, (Frame(cart, 9, "checkout"), Frame(cart, 17, "test_slow")))
    assert standing_place(waiting, str(shop)) == "  at shop/test_cart.py:9: await till.answer()"
    assert standing_place(waiting._replace(frames=()), str(shop)) == ""
    made_up = waiting._replace(frames=(Frame("/p/\0", 3, "test_it"),))
    assert standing_place(made_up, "/p") == "  at \0:3"

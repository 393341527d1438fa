"""The options that say how failures are told: `--tb`, `--showlocals` and `--full-trace`, from the run to the text."""

import io

import pytest

from rustest.model.choices import Traceback
from rustest.model.failure import Detail, detail_kept
from rustest.testing import run_project

PROJECT = {
    "shop.py": """\
        def total(cart):
            return sum(cart)


        def checkout(cart):
            count = len(cart)
            try:
                return total(cart)
            except TypeError as error:
                raise ValueError("no price") from error
        """,
    "test_shop.py": """\
        import asyncio
        from shop import checkout
        from rustest import fixture

        @fixture
        async def cart():
            yield [1, "two"]

        async def test_checkout(cart):
            checkout(cart)
        """,
}


def told(folder, **settings) -> str:
    """What is told of the one failure, without the lines around it."""
    stream = io.StringIO()
    run_project(folder, PROJECT, stream=stream, verbosity=-1, pythonpath=["."], **settings)
    heading, *lines = stream.getvalue().rpartition("\n\n")[0].split("\n")
    assert heading.startswith("FAILED test_shop.py::test_checkout")
    return "\n".join(line.removeprefix("  ") for line in lines)


AUTO = """\
ValueError: no price
  test_shop.py:10 in test_checkout
    checkout(cart)
  shop.py:10 in checkout
      def checkout(cart):
          count = len(cart)
          try:
              return total(cart)
          except TypeError as error:
    >         raise ValueError("no price") from error
caused by TypeError: unsupported operand type(s) for +: 'int' and 'str'
  shop.py:8 in checkout
    return total(cart)
  shop.py:2 in total
      def total(cart):
    >     return sum(cart)
                 ^^^^^^^^^
    cart = [1, 'two']"""

SHORT = """\
ValueError: no price
  test_shop.py:10 in test_checkout
    checkout(cart)
  shop.py:10 in checkout
    raise ValueError("no price") from error
caused by TypeError: unsupported operand type(s) for +: 'int' and 'str'
  shop.py:8 in checkout
    return total(cart)
  shop.py:2 in total
    return sum(cart)"""

LOCALS = """\
ValueError: no price
  test_shop.py:10 in test_checkout
    checkout(cart)
    cart = [1, 'two']
  shop.py:10 in checkout
      def checkout(cart):
          count = len(cart)
          try:
              return total(cart)
          except TypeError as error:
    >         raise ValueError("no price") from error
    cart = [1, 'two']
    count = 2
caused by TypeError: unsupported operand type(s) for +: 'int' and 'str'
  shop.py:8 in checkout
    return total(cart)
    cart = [1, 'two']
    count = 2
  shop.py:2 in total
      def total(cart):
    >     return sum(cart)
                 ^^^^^^^^^
    cart = [1, 'two']"""


def test_auto_tells_the_innermost_frame_in_detail(tmp_path):
    assert told(tmp_path) == AUTO


def test_short_tells_place_and_line_only(tmp_path):
    assert told(tmp_path, tb=Traceback.SHORT) == SHORT


def test_line_tells_all_in_one_line(tmp_path):
    assert told(tmp_path, tb=Traceback.LINE) == "shop.py:10: ValueError: no price"


def test_no_tells_the_headline(tmp_path):
    assert told(tmp_path, tb=Traceback.NO) == "ValueError: no price"


def test_native_is_pythons_own_text_from_the_users_code_on(tmp_path):
    lines = told(tmp_path, tb=Traceback.NATIVE).split("\n")
    assert lines[0] == "Traceback (most recent call last):"
    assert "The above exception was the direct cause of the following exception:" in lines
    later = lines[lines.index("The above exception was the direct cause of the following exception:") :]
    assert later[3] == f'  File "{tmp_path}/test_shop.py", line 10, in test_checkout'
    assert lines[-1] == "ValueError: no price"


def test_native_tells_what_is_no_exception_in_the_usual_way(tmp_path):
    report = run_project(tmp_path, {"test_it.py": "def test_it(nobody): pass\n"}, tb=Traceback.NATIVE)
    (failure,) = report.outcome("test_it.py::test_it").failures
    assert (failure.native, failure.type) == ("", "")


def test_showlocals_tells_the_local_variables_of_every_frame(tmp_path):
    assert told(tmp_path, showlocals=True) == LOCALS


def test_full_trace_tells_the_frames_of_rustest_too(tmp_path):
    lines = told(tmp_path, full_trace=True).split("\n")
    assert lines[1].endswith("in Attempt._call")
    assert "  test_shop.py:10 in test_checkout" in lines
    assert AUTO.partition("  shop.py:10")[2] in "\n".join(lines)


def test_full_trace_makes_a_native_traceback_begin_at_the_beginning(tmp_path):
    text = told(tmp_path, full_trace=True, tb=Traceback.NATIVE)
    assert "in _call\n" in text


def test_a_run_inside_a_test_and_after_it_has_its_own_detail(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_outer.py": """\
                import rustest.testing
                from rustest.model.failure import Detail, detail_kept

                def test_outer(tmp_path):
                    files = {"test_inner.py": "def test_inner():\\n    x = 1\\n    raise ValueError\\n"}
                    report = rustest.testing.run_project(tmp_path, files, full_trace=True)
                    (failure,) = report.outcome("test_inner.py::test_inner").failures
                    assert failure.frames[-1].locals == () and len(failure.frames) > 1
                    assert detail_kept() == Detail(locals=True)
                """
        },
        showlocals=True,
    )
    assert not report.outcome("test_outer.py::test_outer").failures
    assert detail_kept() == Detail()


@pytest.mark.parametrize("style", Traceback)
def test_problems_of_files_are_told_in_every_style(tmp_path, style):
    stream = io.StringIO()
    run_project(tmp_path, {"test_it.py": "x = (1,\ny = 2\n"}, stream=stream, verbosity=-1, tb=style)
    assert "SyntaxError: '(' was never closed" in stream.getvalue()

"""Which tests `-k`, `-m` and `--deselect` keep."""

import pytest

from rustest.model.errors import UsageError

FILES = {
    "pkg/test_orders.py": """
        from rustest import mark, parametrize

        @mark.slow
        def test_pay(): ...

        class TestRefund:
            @mark.device(serial=1)
            def test_full(self): ...

            @mark.device(serial=2, kind="usb")
            async def test_part(self): ...

        @parametrize("n", [1, 22])
        def test_many(n): ...
    """,
    "test_login.py": """
        from rustest import mark
        pytestmark = mark.net

        def test_ok(): ...
    """,
}


def kept(project, **settings):
    planned = project.plan(FILES, **settings)
    names = {name for _, _, names in planned.windows() for name in names}
    assert len(names) + planned.plan.deselected == 6
    return names


@pytest.mark.parametrize(
    ("keyword", "names"),
    [
        ("pay", {"test_pay"}),
        ("PAY", {"test_pay"}),
        ("refund", {"test_full", "test_part"}),
        ("TestRefund and not full", {"test_part"}),
        ("test_login.py", {"test_ok"}),
        ("pkg and not TestRefund", {"test_pay", "test_many[1]", "test_many[22]"}),
        ("many[22]", {"test_many[22]"}),
        ("2]", {"test_many[22]"}),
        ("slow or net", {"test_pay", "test_ok"}),
        ("nothing_of_that_name", set()),
        ("  ", {"test_pay", "test_full", "test_part", "test_many[1]", "test_many[22]", "test_ok"}),
    ],
)
def test_a_keyword_is_part_of_the_name_of_test_class_file_folder_or_mark(project, keyword, names):
    assert kept(project, keyword=keyword) == names


def test_a_keyword_does_not_reach_across_two_names(project):
    assert kept(project, keyword="pkgtest_orders or test_orders.pytest_pay or pkg/test_orders.py") == set()


@pytest.mark.parametrize(
    ("markexpr", "names"),
    [
        ("slow", {"test_pay"}),
        ("slo", set()),
        ("SLOW", set()),
        ("net", {"test_ok"}),
        ("device", {"test_full", "test_part"}),
        ("device(serial=1)", {"test_full"}),
        ("device(serial=2, kind='usb')", {"test_part"}),
        ("device(kind=None)", set()),
        ("device and not device(serial=1)", {"test_part"}),
    ],
)
def test_a_mark_is_matched_by_its_whole_name_and_by_its_keywords(project, markexpr, names):
    assert kept(project, markexpr=markexpr) == names


def test_both_expressions_must_hold(project):
    assert kept(project, keyword="refund", markexpr="device(serial=2)") == {"test_part"}


def test_an_expression_that_cannot_be_read_is_a_usage_error(project):
    with pytest.raises(UsageError, match="expression of -k"):
        kept(project, keyword="a and")
    with pytest.raises(UsageError, match="expression of -m"):
        kept(project, markexpr="a or or b")


@pytest.mark.parametrize(
    ("deselect", "left_out"),
    [
        (("pkg/test_orders.py::TestRefund",), {"test_full", "test_part"}),
        (("pkg/test_orders.py::test_many[1]",), {"test_many[1]"}),
        (("pkg/test_orders.py::test_many", "test_login.py"), {"test_many[1]", "test_many[22]", "test_ok"}),
        (("orders.py", "pkg/test_orders.py::test_nothing"), set()),
    ],
)
def test_deselected_are_the_tests_whose_ids_begin_so(project, deselect, left_out):
    assert kept(project) - kept(project, deselect=deselect) == left_out

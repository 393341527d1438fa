"""What tests record of themselves and of the run: it stands in the events, whatever becomes of the test."""

from small_projects import failing

from rustest.testing import run_project

SOURCE = """
    import asyncio
    from rustest import fixture

    @fixture
    def version(record_property):
        record_property("version", (3, 1))
        yield
        record_property("closed", True)

    def test_sync(version, record_property):
        record_property("twice", "a")
        record_property("twice", "b")

    async def test_async(version, record_property):
        await asyncio.sleep(0.01)
        record_property("me", "async")

    async def test_async_too(record_property):
        await asyncio.sleep(0.01)
        record_property("me", "async too")

    def test_fails(record_property):
        record_property("before", 1)
        assert False

    def test_says_nothing(): pass
    """


def test_properties_stand_with_their_test_in_order(tmp_path):
    report = run_project(tmp_path, {"test_it.py": SOURCE})
    assert {key.partition("::")[2]: ended.properties for key, ended in report.finished.items()} == {
        "test_sync": (("version", "(3, 1)"), ("twice", "a"), ("twice", "b"), ("closed", "True")),
        "test_async": (("version", "(3, 1)"), ("me", "async"), ("closed", "True")),
        "test_async_too": (("me", "async too"),),
        "test_fails": (("before", "1"),),
        "test_says_nothing": (),
    }


def test_properties_of_the_run_stand_in_the_report_once(tmp_path):
    source = """
        from rustest import fixture

        @fixture(scope="session", autouse=True)
        def kind(record_testsuite_property):
            record_testsuite_property("database", "sqlite")
            yield
            record_testsuite_property("rows", 3)

        def test_one(record_testsuite_property):
            record_testsuite_property("from a test", 1)

        async def test_two(): pass
        """
    report = run_project(tmp_path, {"test_it.py": source})
    assert report.properties == (("database", "sqlite"), ("from a test", "1"), ("rows", "3"))


def test_attributes_stand_apart_and_must_be_names_of_xml(tmp_path):
    source = """
        from rustest import raises

        def test_it(record_xml_attribute):
            record_xml_attribute("assertions", 3)
            for wrong in ("", "a b", "x:y", "1st", "größe", 'a="b"'):
                with raises(ValueError, match="an XML attribute is named by"):
                    record_xml_attribute(wrong, 1)
        """
    report = run_project(tmp_path, {"test_it.py": source})
    (ended,) = report.finished.values()
    assert (ended.outcome.failures, ended.xml_attributes, ended.properties) == ((), (("assertions", "3"),), ())


def test_a_value_that_cannot_be_printed_fails_the_test_that_records_it(tmp_path):
    source = """
        class Unprintable:
            def __str__(self): raise RuntimeError("no text")

        def test_it(record_property): record_property("x", Unprintable())
        """
    assert failing(tmp_path, source) == {"test_it": "failed; RuntimeError: no text"}


def test_whatever_stands_in_the_tests_own_list_brings_nothing_down(tmp_path):
    source = """
        class Unprintable:
            def __str__(self): raise RuntimeError("no text")

        def test_it(request):
            request.node.user_properties += [("a", 1), 3, ("b",), ("c", Unprintable())]
        """
    report = run_project(tmp_path, {"test_it.py": source})
    (ended,) = report.finished.values()
    assert report.status == 0
    assert ended.properties[0] == ("a", "1")
    assert [name for name, _ in ended.properties[1:]] == ["broken"] * 3

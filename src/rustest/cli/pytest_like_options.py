"""The rows of the table for what pytest has by the same names: what is a test, how it is imported and marked."""

from rustest.cli.kinds import COMPAT, EMPTY_PARAMETERS, FOLDER, IMPORT_MODE, REPEATED, SWITCH, TEXTS
from rustest.cli.option import Option

PYTEST_LIKE_OPTIONS = (
    Option(
        "pytest_compat",
        COMPAT,
        "whether pytest's names, settings and options count; alone it stands for 'on'",
        ("--pytest-compat",),
        "[MODE]",
        bare="on",
    ),
    Option("import_mode", IMPORT_MODE, "how test files are imported", ("--import-mode",), "MODE"),
    Option("consider_namespace_packages", SWITCH, "whether folders without __init__.py are part of a module's name"),
    Option("noconftest", SWITCH, "load no conftest", ("--noconftest",), const=True, once=True),
    Option("confcutdir", FOLDER, "the folder above which no conftest counts", ("--confcutdir",), "DIR", once=True),
    Option("python_classes", TEXTS, "beginnings or patterns of the names of test classes"),
    Option("python_functions", TEXTS, "beginnings or patterns of the names of test functions"),
    Option("collect_imported_tests", SWITCH, "whether tests that a file imports count as its own"),
    Option("doctest_modules", SWITCH, "run the examples in docstrings, too", ("--doctest-modules",), const=True),
    Option("doctest_glob", REPEATED, "patterns of text files whose examples are tests", ("--doctest-glob",), "PATTERN"),
    Option("doctest_optionflags", TEXTS, "names of doctest's option flags that count for all examples"),
    Option("markers", TEXTS, "the marks that tests may have, 'name: what it says'"),
    Option("strict_markers", SWITCH, "a mark that nobody registered is an error", ("--strict-markers",), const=True),
    Option("usefixtures", TEXTS, "fixtures that each test uses"),
    Option("empty_parameter_set_mark", EMPTY_PARAMETERS, "what becomes of a test that is parametrized with no values"),
    Option("runxfail", SWITCH, "run xfail tests as if they had no such mark", ("--runxfail",), const=True, once=True),
)

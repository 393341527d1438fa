"""The table of pytest's hooks: which of them run here, and why the others do not. docs/pytest-hooks.md shows it."""

from typing import NamedTuple


class Hook(NamedTuple):
    """One of pytest's hooks."""

    name: str
    arguments: str
    """What an implementation may ask for."""
    runs: bool = True
    note: str = ""
    """How it differs, or why it is not run."""
    firstresult: bool = False
    """Whether the first result that is not None is the only one."""
    historic: bool = False
    """Whether plugins that come later are called all the same."""


_WITHOUT = "wrappers are not run"
_ONE = {"firstresult": True}
_LATER = {"historic": True}

OF_WORKERS = tuple(
    Hook(name, arguments, False, "of pytest-xdist: rustest's workers are its own")
    for name, arguments in (
        ("pytest_xdist_setupnodes", "config, specs"),
        ("pytest_xdist_newgateway", "gateway"),
        ("pytest_configure_node", "node"),
        ("pytest_testnodeready", "node"),
        ("pytest_testnodedown", "node, error"),
        ("pytest_xdist_node_collection_finished", "node, ids"),
        ("pytest_xdist_make_scheduler", "config, log"),
        ("pytest_xdist_auto_num_workers", "config"),
        ("pytest_handlecrashitem", "crashitem, report, sched"),
    )
)
"""What pytest-xdist calls: told only where there are workers."""

HOOKS = (
    Hook("pytest_addhooks", "pluginmanager", historic=True),
    Hook("pytest_plugin_registered", "plugin, plugin_name, manager", historic=True),
    Hook("pytest_addoption", "parser, pluginmanager", historic=True),
    Hook(
        "pytest_load_initial_conftests",
        "early_config, parser, args",
        note="before the conftest files of the paths on the command line are imported",
    ),
    Hook("pytest_configure", "config", historic=True),
    Hook("pytest_unconfigure", "config"),
    Hook("pytest_sessionstart", "session"),
    Hook("pytest_sessionfinish", "session, exitstatus"),
    Hook("pytest_ignore_collect", "collection_path, path, config", firstresult=True),
    Hook("pytest_collect_directory", "path, parent", note=_WITHOUT, **_ONE),
    Hook("pytest_collect_file", "file_path, path, parent", note=_WITHOUT),
    Hook("pytest_pycollect_makemodule", "module_path, path, parent", note=_WITHOUT, **_ONE),
    Hook("pytest_pycollect_makeitem", "collector, name, obj", note=_WITHOUT, **_ONE),
    Hook("pytest_generate_tests", "metafunc", note="in conftest files, plugins, modules and classes"),
    Hook("pytest_make_parametrize_id", "config, val, argname", firstresult=True),
    Hook(
        "pytest_collectstart",
        "collector",
        note="called for the session, and for folders, files and classes that hold tests, once these are all known",
    ),
    Hook("pytest_itemcollected", "item", note="called for all tests once they are all known"),
    Hook(
        "pytest_collection_modifyitems",
        "session, config, items",
        note="async tests that may overlap still do, and then the order is that of their starts",
    ),
    Hook("pytest_deselected", "items"),
    Hook("pytest_collection_finish", "session"),
    Hook(
        "pytest_runtest_protocol",
        "item, nextitem",
        note="but one that runs the test itself is an error",
        firstresult=True,
    ),
    Hook("pytest_runtest_logstart", "nodeid, location"),
    Hook("pytest_runtest_logfinish", "nodeid, location"),
    Hook("pytest_runtest_setup", "item", note="of tests that a mark skips, only wrappers and `tryfirst`, as in pytest"),
    Hook(
        "pytest_fixture_setup",
        "fixturedef, request",
        note="but one that sets the fixture up itself is an error, unless it is async and nobody else would",
        **_ONE,
    ),
    Hook("pytest_runtest_call", "item"),
    Hook(
        "pytest_runtest_teardown",
        "item, nextitem",
        note="around the teardown of function-scoped fixtures; wider ones are torn down after it",
    ),
    Hook(
        "pytest_pyfunc_call",
        "pyfuncitem",
        note="what it puts into `pyfuncitem.obj` is called in the test's place; one that gives a result is done",
        firstresult=True,
    ),
    Hook("pytest_runtest_makereport", "item, call", firstresult=True),
    Hook("pytest_runtest_logreport", "report"),
    Hook("pytest_exception_interact", "node, call, report"),
    Hook("pytest_assertrepr_compare", "config, op, left, right", note="its lines stand beneath the comparison"),
    Hook(
        "pytest_report_teststatus",
        "report, config",
        note="it decides what `terminalreporter.stats` counts a report as; what is printed has rustest's words",
        firstresult=True,
    ),
    Hook(
        "pytest_report_to_serializable",
        "config, report",
        note="where plugins call it: what a failure says is a text",
        **_ONE,
    ),
    Hook("pytest_report_header", "config, start_path, startdir"),
    Hook("pytest_terminal_summary", "terminalreporter, exitstatus, config"),
    Hook(
        "pytest_asyncio_loop_factories",
        "config, item",
        note="of pytest-asyncio",
        firstresult=True,
    ),
    Hook("pytest_cmdline_parse", "pluginmanager, args", False, "rustest has read the command line", **_ONE),
    Hook("pytest_cmdline_main", "config", False, "rustest is the program that runs", **_ONE),
    Hook("pytest_collection", "session", False, "rustest collects", **_ONE),
    Hook("pytest_collectreport", "report", False, "there are no collectors"),
    Hook("pytest_make_collect_report", "collector", False, "there are no collectors", **_ONE),
    Hook("pytest_runtestloop", "session", False, "the order of running is rustest's own", **_ONE),
    Hook("pytest_report_from_serializable", "config, data", False, "reports go nowhere else", **_ONE),
    Hook("pytest_fixture_post_finalizer", "fixturedef, request", False, "rustest tears fixtures down"),
    Hook("pytest_assertion_pass", "item, lineno, orig, expl", False, "asserts that hold tell nobody"),
    Hook("pytest_report_collectionfinish", "config, start_path, startdir, items", False, "looks only"),
    Hook("pytest_warning_recorded", "warning_message, when, nodeid, location", False, "looks only", **_LATER),
    Hook("pytest_markeval_namespace", "config", False, "conditions that are texts know no other names"),
    Hook("pytest_internalerror", "excrepr, excinfo", False, "errors of rustest are its own"),
    Hook("pytest_keyboard_interrupt", "excinfo", False, "looks only"),
    Hook("pytest_enter_pdb", "config, pdb", False, "the debugger is rustest's"),
    Hook("pytest_leave_pdb", "config, pdb", False, "the debugger is rustest's"),
    *OF_WORKERS,
)
"""In the order in which a run comes to them; those that are not run stand last."""

TOLD = ("pytest_runtest_logstart", "pytest_runtest_logreport", "pytest_runtest_logfinish")
"""The hooks that are told of a test, and have no say in it."""

COLLECTING = (
    "pytest_collect_directory",
    "pytest_collect_file",
    "pytest_pycollect_makemodule",
    "pytest_pycollect_makeitem",
)
"""The hooks that may have other things collected than what is a test by its name."""

RUN_HOOKS = (
    *(f"pytest_runtest_{name}" for name in ("protocol", "logstart", "setup", "call", "teardown", "logfinish")),
    *("pytest_runtest_makereport", "pytest_runtest_logreport", "pytest_pyfunc_call", "pytest_exception_interact"),
    "pytest_fixture_setup",
)
"""The hooks that are called while tests run."""

BY_NAME = {hook.name: hook for hook in HOOKS}

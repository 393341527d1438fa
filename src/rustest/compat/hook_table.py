"""The table of pytest's hooks: which of them run here, and why the others do not. docs/pytest-hooks.md shows it."""

from collections.abc import Callable
from typing import NamedTuple


class Hook(NamedTuple):
    """One of pytest's hooks."""

    name: str
    spec: Callable[..., None]
    """Has the parameters that an implementation may ask for."""
    runs: bool = True
    note: str = ""
    """How it differs, or why it is not run."""
    firstresult: bool = False
    """Whether the first result that is not None is the only one."""
    historic: bool = False
    """Whether plugins that come later are called all the same."""


_ONE = {"firstresult": True}
_LATER = {"historic": True}

HOOKS = (
    Hook("pytest_addhooks", lambda pluginmanager: None, historic=True),
    Hook("pytest_plugin_registered", lambda plugin, plugin_name, manager: None, historic=True),
    Hook("pytest_addoption", lambda parser, pluginmanager: None, historic=True),
    Hook(
        "pytest_load_initial_conftests",
        lambda early_config, parser, args: None,
        note="before the conftest files of the paths on the command line are imported",
    ),
    Hook("pytest_configure", lambda config: None, historic=True),
    Hook("pytest_unconfigure", lambda config: None),
    Hook("pytest_sessionstart", lambda session: None),
    Hook("pytest_sessionfinish", lambda session, exitstatus: None),
    Hook("pytest_ignore_collect", lambda collection_path, path, config: None, firstresult=True),
    Hook("pytest_generate_tests", lambda metafunc: None, note="in conftest files, plugins, modules and classes"),
    Hook("pytest_make_parametrize_id", lambda config, val, argname: None, firstresult=True),
    Hook("pytest_itemcollected", lambda item: None, note="called for all tests once they are all known"),
    Hook(
        "pytest_collection_modifyitems",
        lambda session, config, items: None,
        note="async tests that may overlap still do, and then the order is that of their starts",
    ),
    Hook("pytest_deselected", lambda items: None),
    Hook("pytest_collection_finish", lambda session: None),
    Hook(
        "pytest_runtest_protocol",
        lambda item, nextitem: None,
        note="but one that runs the test itself is an error",
        firstresult=True,
    ),
    Hook("pytest_runtest_logstart", lambda nodeid, location: None),
    Hook("pytest_runtest_logfinish", lambda nodeid, location: None),
    Hook("pytest_runtest_setup", lambda item: None),
    Hook("pytest_runtest_call", lambda item: None),
    Hook(
        "pytest_runtest_teardown",
        lambda item, nextitem: None,
        note="around the teardown of function-scoped fixtures; wider ones are torn down after it",
    ),
    Hook("pytest_pyfunc_call", lambda pyfuncitem: None, firstresult=True),
    Hook("pytest_runtest_makereport", lambda item, call: None, firstresult=True),
    Hook("pytest_runtest_logreport", lambda report: None),
    Hook("pytest_exception_interact", lambda node, call, report: None),
    Hook("pytest_report_header", lambda config, start_path, startdir: None),
    Hook("pytest_terminal_summary", lambda terminalreporter, exitstatus, config: None),
    Hook(
        "pytest_asyncio_loop_factories",
        lambda config, item: None,
        note="of pytest-asyncio",
        firstresult=True,
    ),
    Hook("pytest_cmdline_parse", lambda pluginmanager, args: None, False, "rustest has read the command line", **_ONE),
    Hook("pytest_cmdline_main", lambda config: None, False, "rustest is the program that runs", **_ONE),
    Hook("pytest_collection", lambda session: None, False, "rustest collects", **_ONE),
    Hook("pytest_collect_directory", lambda path, parent: None, False, "rustest collects", **_ONE),
    Hook(
        "pytest_collect_file",
        lambda file_path, path, parent: None,
        False,
        "only Python files hold tests: write a test that is parametrized with what the other files hold",
    ),
    Hook("pytest_collectstart", lambda collector: None, False, "there are no collectors"),
    Hook("pytest_collectreport", lambda report: None, False, "there are no collectors"),
    Hook("pytest_make_collect_report", lambda collector: None, False, "there are no collectors", **_ONE),
    Hook("pytest_pycollect_makemodule", lambda module_path, path, parent: None, False, "rustest collects", **_ONE),
    Hook("pytest_pycollect_makeitem", lambda collector, name, obj: None, False, "rustest collects", **_ONE),
    Hook("pytest_runtestloop", lambda session: None, False, "the order of running is rustest's own", **_ONE),
    Hook("pytest_report_to_serializable", lambda config, report: None, False, "reports go nowhere else", **_ONE),
    Hook("pytest_report_from_serializable", lambda config, data: None, False, "reports go nowhere else", **_ONE),
    Hook("pytest_fixture_setup", lambda fixturedef, request: None, False, "rustest sets fixtures up", **_ONE),
    Hook("pytest_fixture_post_finalizer", lambda fixturedef, request: None, False, "rustest tears fixtures down"),
    Hook("pytest_assertrepr_compare", lambda config, op, left, right: None, False, "rustest explains asserts"),
    Hook("pytest_assertion_pass", lambda item, lineno, orig, expl: None, False, "asserts that hold tell nobody"),
    Hook("pytest_report_collectionfinish", lambda config, start_path, startdir, items: None, False, "looks only"),
    Hook("pytest_report_teststatus", lambda report, config: None, False, "looks only", **_ONE),
    Hook(
        "pytest_warning_recorded", lambda warning_message, when, nodeid, location: None, False, "looks only", **_LATER
    ),
    Hook("pytest_markeval_namespace", lambda config: None, False, "conditions that are texts know no other names"),
    Hook("pytest_internalerror", lambda excrepr, excinfo: None, False, "errors of rustest are its own"),
    Hook("pytest_keyboard_interrupt", lambda excinfo: None, False, "looks only"),
    Hook("pytest_enter_pdb", lambda config, pdb: None, False, "the debugger is rustest's"),
    Hook("pytest_leave_pdb", lambda config, pdb: None, False, "the debugger is rustest's"),
)
"""In the order in which a run comes to them; those that are not run stand last."""

BY_NAME = {hook.name: hook for hook in HOOKS}

"""The table of pytest's names, row by row."""

import importlib
import warnings

import pytest
import pytest_asyncio

from rustest.compat.names.answers import Absent, Ours, Partial
from rustest.compat.names.modules import find, spec_of
from rustest.compat.names.pytest_names import MODULES
from rustest.model.fixtures import BUILTIN
from rustest.model.plan import RunStep
from rustest.testing import plan_project, run_project

ROWS = [(module, name, answer) for module, names in MODULES.items() for name, answer in names.items()]
OF_OLDER_PYTESTS = {"_pytest.python_api"}
NAMES_OF_OLDER_PYTESTS = {"_pytest.monkeypatch": {"notset"}}


def test_every_public_name_of_pytest_has_a_row():
    assert {*pytest.__all__} - {*MODULES["pytest"]} == set()
    assert {*pytest_asyncio.__all__} - {*MODULES["pytest_asyncio"]} == set()


@pytest.mark.parametrize("module", sorted({*MODULES} - OF_OLDER_PYTESTS))
def test_no_row_stands_for_a_name_that_pytest_never_had(module):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        real = importlib.import_module(module)
        missing = {name for name in MODULES[module] if not hasattr(real, name)}
    assert missing == NAMES_OF_OLDER_PYTESTS.get(module, set())


@pytest.mark.parametrize(
    ("module", "name", "target"),
    [(module, name, answer.target) for module, name, answer in ROWS if isinstance(answer, Ours | Partial)],
)
def test_what_is_there_is_found(module, name, target):
    assert find(target) is getattr(make(module), name)


@pytest.mark.parametrize(
    ("module", "name", "advice"),
    [(module, name, answer.advice) for module, name, answer in ROWS if isinstance(answer, Absent)],
)
def test_what_is_absent_says_what_to_do(module, name, advice):
    with pytest.raises(AttributeError) as info:
        getattr(make(module), name)
    assert str(info.value) == f"{module}.{name} is not there under rustest: {advice}"


def test_a_star_import_gets_all_that_is_there(tmp_path):
    source = "from pytest import *\n\n@fixture\ndef one(): return 1\n\ndef test_one(one): assert one == approx(1)\n"
    assert run_project(tmp_path, {"test_one.py": source}, pytest_compat="on").status == 0


def make(module: str):
    spec = spec_of(module, lambda: None)
    assert spec.loader is not None
    return spec.loader.create_module(spec)


def test_modules_that_a_suite_loads_by_the_rewriting_hook_explain_their_asserts(tmp_path):
    source = """
        import pytest
        from importlib.util import module_from_spec, spec_from_file_location
        from _pytest.assertion.rewrite import AssertionRewritingHook

        def test_it(request, tmp_path):
            (tmp_path / "made.py").write_text("def check(one):\\n    assert one == 2\\n")
            hook = AssertionRewritingHook(config=request.config)
            hook.mark_rewrite("made")
            spec = spec_from_file_location("made", tmp_path / "made.py", loader=hook)
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            with pytest.raises(AssertionError, match="assert 1 == 2"):
                module.check(1)
    """
    assert run_project(tmp_path, {"test_it.py": source}, pytest_compat="on").status == 0


def test_the_module_has_a_file_that_is_there(tmp_path):
    source = "import os, pytest\ndef test_it(): assert os.path.isfile(pytest.__file__)\n"
    assert run_project(tmp_path, {"test_it.py": source}, pytest_compat="on").status == 0


IMPORTED = """
    import os, pytest
    from _pytest.monkeypatch import monkeypatch
    from _pytest.tmpdir import tmp_path
    from pytest_asyncio.plugin import unused_tcp_port

    @pytest.fixture
    def name(monkeypatch): monkeypatch.setenv("NAME", "patched")

    @pytest.mark.asyncio
    async def test_it(name, tmp_path, unused_tcp_port):
        assert (os.environ["NAME"], tmp_path.is_dir(), unused_tcp_port > 0) == ("patched", True, True)
"""


def test_fixtures_can_be_imported_from_where_plugins_have_them(tmp_path):
    assert run_project(tmp_path, {"test_it.py": IMPORTED}, pytest_compat="on").status == 0


def test_a_builtin_fixture_that_is_imported_is_no_other_one(tmp_path):
    plan = plan_project(tmp_path, {"test_it.py": IMPORTED}, pytest_compat="on")
    (step,) = plan.steps()
    assert isinstance(step, RunStep)
    assert {use.definition.place for use in step.fixtures if use.definition.name != "name"} == {BUILTIN}


def test_a_builtin_fixture_that_is_imported_by_another_name_has_that_too(tmp_path):
    source = "from _pytest.tmpdir import tmp_path as folder\n\ndef test_it(folder): assert folder.is_dir()\n"
    assert run_project(tmp_path, {"test_it.py": source}, pytest_compat="on").status == 0

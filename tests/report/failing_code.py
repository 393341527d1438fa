"""Code that fails, run from a real file or from none, for the tests of how failures are told."""

import os
from pathlib import Path
from textwrap import dedent

from rustest.model.failure import Detail, Failure, Phase, describe, keeping


def failure_of(source: str, file: "Path | str", function: str = "test", detail: Detail | None = None) -> Failure:
    """What the function of that source raises, as a record; a path is written to, a string only names the code."""
    source = dedent(source).lstrip("\n")
    if isinstance(file, Path):
        file.write_text(source)
    names: dict = {}
    try:
        exec(compile(source, os.fspath(file), "exec"), names)
        names[function]()
    except BaseException as error:
        error.__traceback__ = error.__traceback__.tb_next
        with keeping(detail or Detail()):
            return describe(error, Phase.CALL)
    raise AssertionError(f"{function} raised nothing")

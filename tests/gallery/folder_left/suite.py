"""A test goes to another folder and does not come back; the next one opens a file by its relative path."""

import os
import tempfile

HERE = os.getcwd()


def test_goes_away():
    os.chdir(tempfile.gettempdir())


def test_stays():
    assert os.getcwd() == HERE

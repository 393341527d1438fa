"""`mark.flaky` checks its arguments where they are written."""

import pytest

from rustest import mark


@pytest.mark.parametrize("wrong", [{"retries": "2"}, {"delay": None}, {"only": "OSError"}, {"reruns": 2}])
def test_what_is_of_the_wrong_type_is_refused(wrong):
    with pytest.raises(TypeError):
        mark.flaky(**wrong)


@pytest.mark.parametrize("wrong", [{"retries": -1}, {"delay": -0.5}, {"delay": float("inf")}])
def test_numbers_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="must be 0 or more"):
        mark.flaky(**wrong)

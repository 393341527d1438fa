"""Alignment: what lies between the changed parts is equal, few changes are found exactly, many at a bounded cost."""

import random
import time

from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from rustest.assertion.alignment import Block, align

quick = examples(20)
FEW_LETTERS = st.text("abc", max_size=30)


def size(blocks: list[Block]) -> int:
    return sum(block.left_end - block.left_start + block.right_end - block.right_start for block in blocks)


def assert_rest_is_equal(left, right, blocks: list[Block]) -> None:
    x = y = 0
    for block in blocks:
        assert left[x : block.left_start] == right[y : block.right_start]
        assert block.left_end > block.left_start or block.right_end > block.right_start
        x, y = block.left_end, block.right_end
    assert left[x:] == right[y:]


def fewest_edits(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for x, one in enumerate(left, 1):
        before, row = row, [x]
        for y, other in enumerate(right):
            row.append(before[y] if one == other else 1 + min(before[y + 1], row[-1]))
    return row[-1]


@quick
@given(FEW_LETTERS, FEW_LETTERS)
def test_the_rest_is_equal_and_the_changes_are_the_fewest(left, right):
    blocks = align(left, right)
    assert_rest_is_equal(left, right, blocks)
    assert size(blocks) == fewest_edits(left, right)


@quick
@given(st.integers())
def test_the_rest_is_equal_where_changes_are_many(seed):
    dice = random.Random(seed)
    left, right = ([dice.randrange(300) for _ in range(dice.randrange(100, 300))] for _ in range(2))
    assert_rest_is_equal(left, right, align(left, right))


def test_many_scattered_changes_are_found_one_by_one():
    left = list(range(20_000))
    right = [-number if number % 50 == 25 else number for number in left]
    assert align(left, right) == [Block(at, at + 1, at, at + 1) for at in range(25, 20_000, 50)]


def test_equal_sequences_have_no_changes():
    assert align("same", "same") == []


def test_time_grows_with_the_size_and_not_with_its_square():
    """The worst of small ones, against ones twenty times as large."""

    def needed(size: int) -> float:
        random.seed(1)
        pairs = [
            (list("xy" * (size // 2)), list("yx" * (size // 2))),
            ([random.randrange(2) for _ in range(size)], [random.randrange(2) for _ in range(size)]),
            (list(range(size)), random.sample(range(size), size)),
        ]
        started = time.process_time()
        for left, right in pairs:
            align(left, right)
        return time.process_time() - started

    assert needed(40_000) < 150 * max(needed(2_000), 0.002)

"""One row leads to the root of its table by its path, and no other row, place or path does."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.store.merkle import leaf_of, merkle, path_of, root_by, root_over

SIZES = [1, 2, 15, 16, 17, 31, 32, 255, 256, 257, 300]


def leaves(rows):
    return [leaf_of(f"[{n}]") for n in range(rows)]


def test_the_tree_is_the_one_of_the_documentation():
    """Computed a second way."""
    hashes = leaves(18)
    node = [hashlib.sha256(b"node:" + b"".join(part)).digest() for part in (hashes[:16], hashes[16:])]
    assert hashes[0] == hashlib.sha256(b"row:[0]").digest()
    assert merkle(b"".join(hashes)) == hashlib.sha256(b"node:" + node[0] + node[1]).hexdigest()
    assert merkle(hashes[0]) == hashes[0].hex() and merkle(b"") == hashlib.sha256().hexdigest()


@pytest.mark.parametrize("rows", SIZES)
def test_every_row_is_proved_and_no_other_in_its_place(rows):
    hashes = leaves(rows)
    root = root_over(iter(hashes))
    for index, leaf in enumerate(hashes):
        path = path_of(b"".join(hashes), index)
        assert root_by(leaf, index, rows, path) == root.sha256
        assert root_by(leaf_of("[-1]"), index, rows, path) != root.sha256
        if rows > 1:
            assert root_by(leaf, (index + 1) % rows, rows, path) != root.sha256


@given(st.sampled_from(SIZES).flatmap(lambda rows: st.tuples(st.just(rows), st.integers(0, rows - 1))), st.data())
def test_a_path_that_was_changed_anywhere_proves_nothing(place, data):
    rows, index = place
    hashes = b"".join(leaves(rows))
    path = path_of(hashes, index)
    changed = [list(level) for level in path]
    if path and data.draw(st.booleans()):
        level = data.draw(st.integers(0, len(path) - 1))
        what = data.draw(st.sampled_from(["hash", "drop", "add", "level"]))
        if what == "hash" and changed[level]:
            changed[level][0] = "00" * 32
        elif what == "drop" and changed[level]:
            changed[level].pop()
        elif what == "level":
            changed.pop(level)
        else:
            changed[level].append("00" * 32)
    else:
        changed.append([])
    assert root_by(leaf_of(f"[{index}]"), index, rows, changed) != merkle(hashes)


def test_a_node_is_no_row_and_a_number_of_rows_is_no_matter_of_taste():
    hashes = leaves(32)
    whole = b"".join(hashes)
    node = hashlib.sha256(b"node:" + b"".join(hashes[:16])).digest()
    assert root_by(node, 0, 2, path_of(whole, 0)[1:]) == merkle(whole), "only the number of rows beside the root tells it from a row"
    assert root_by(node, 0, 32, path_of(whole, 0)[1:]) is None
    assert root_by(hashes[0], 0, 33, path_of(whole, 0)) is None and root_by(hashes[0], -1, 32, []) is None

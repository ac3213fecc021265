"""A tree of hashes over the rows of a table: its root changes with any of them, and one row can be handed over with its proof. Pure.

A leaf is the SHA-256 of ``row:`` and the row's text. The leaves in their order are hashed sixteen at a time (SHA-256 of ``node:`` and
their bytes) until one is left. A leaf never counts as a node, and how many rows there are stands beside each root, so that a row has one
place alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HASH_BYTES = 32
WIDTH = 16
_NODE_BYTES = WIDTH * HASH_BYTES


@dataclass(frozen=True)
class TableRoot:
    """The rows that a run has in one table, and the hash over them."""

    rows: int
    sha256: str


def leaf_of(text: str) -> bytes:
    """The leaf of a row that is written so."""
    return hashlib.sha256(b"row:" + text.encode("utf-8", "surrogatepass")).digest()


def merkle(leaves: bytes) -> str:
    """The hash that is left of leaves one after the other, as hexadecimal digits; of nothing, the hash of nothing."""
    level = leaves or hashlib.sha256().digest()
    while len(level) > HASH_BYTES:
        level = _level(level)
    return level.hex()


def root_over(leaves: Iterable[bytes]) -> TableRoot:
    """Of a table's leaves one after the other, in pieces of any size; of many, sixteen are hashed as they come."""
    rows, waiting, nodes = 0, b"", bytearray()
    for piece in leaves:
        rows += len(piece) // HASH_BYTES
        waiting += piece
        whole = len(waiting) - len(waiting) % _NODE_BYTES
        nodes += _level(waiting[:whole])
        waiting = waiting[whole:]
    return TableRoot(rows, merkle(waiting if rows <= 1 else bytes(nodes) + _level(waiting)))


def path_of(leaves: bytes, index: int) -> list[list[str]]:
    """What proves the leaf at a place (from 0): at each level the other hashes of its sixteen, in their order."""
    path = []
    while len(leaves) > HASH_BYTES:
        begin = index // WIDTH * _NODE_BYTES
        group = leaves[begin : begin + _NODE_BYTES]
        own = index % WIDTH * HASH_BYTES
        others = group[:own] + group[own + HASH_BYTES :]
        path.append([others[at : at + HASH_BYTES].hex() for at in range(0, len(others), HASH_BYTES)])
        leaves, index = _level(leaves), index // WIDTH
    return path


def root_by(leaf: bytes, index: int, rows: int, path: Sequence[Sequence[str]]) -> str | None:
    """The root to which a leaf at its place among so many leads by its path; None for a path that such a tree cannot have."""
    if not 0 <= index < rows:
        return None
    left = list(path)
    while rows > 1:
        told = left.pop(0) if left else []
        others = [bytes.fromhex(one) for one in told]
        if len(others) + 1 != min(WIDTH, rows - index // WIDTH * WIDTH) or any(len(one) != HASH_BYTES for one in others):
            return None
        if [one.hex() for one in others] != list(told):  # spelled in another way
            return None
        others.insert(index % WIDTH, leaf)
        leaf = _level(b"".join(others))
        index, rows = index // WIDTH, -(-rows // WIDTH)
    return None if left else leaf.hex()


def _level(hashes: bytes) -> bytes:
    """The level above: a hash over sixteen of this one each."""
    sha256 = hashlib.sha256
    return b"".join([sha256(b"node:" + hashes[at : at + _NODE_BYTES]).digest() for at in range(0, len(hashes), _NODE_BYTES)])

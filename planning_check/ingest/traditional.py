"""Traditional characters and the Simplified ones that mean the same, in headings, units, choices and names."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def simple_forms() -> dict[int, str]:
    """Traditional character -> Simplified. (From OpenCC's TSCharacters, Apache License 2.0; of several forms the first.)"""
    pairs = (files("planning_check.ingest") / "traditional.txt").read_text("utf-8").replace("\n", "")
    return str.maketrans(dict(zip(pairs[::2], pairs[1::2], strict=True)))


def simplified(text: str) -> str:
    """The text in Simplified characters: ``總建築面積`` is ``总建筑面积``."""
    return text if text.isascii() else text.translate(simple_forms())

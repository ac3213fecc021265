"""Whose checks a run is one of: the deliveries of a city, one after the other, are a series; "new since" compares within it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

#: What changes from one delivery to the next: a day, a month, a year, a half or a quarter of it, a version.
_WHEN = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:[-_./年 ]?(?:1[0-2]|0?[1-9])(?:[-_./月 ]?(?:3[01]|[12]\d|0?[1-9]))?)?(?!\d)(?: ?[年月日])?"
    r"|[上下]半年|第?[一二三四1-4]季度|(?<![a-z])[qh][1-4](?![a-z\d])|(?<![a-z])v\d+(?:\.\d+)*",
    re.IGNORECASE,
)
_EDGES = " \t-_./+,，、·"
_EMPTY = re.compile(r"[（(]\s*[)）]")


def series_of(title: str | None, paths: Sequence[Path] = ()) -> str:
    """The name of a series: the title of the delivery, else the names of its folders, without what says when."""
    if title and title.strip():
        return _lasting(title) or title.strip()
    return " + ".join(sorted({_folder(path) for path in paths} - {""}))


def _folder(path: Path) -> str:
    """The name of a folder, or of the one it is in, as in ``someplace/2011-06``."""
    whole = path.resolve()
    folder = whole.parent if whole.is_file() else whole
    return next((name for name in map(_lasting, (folder.name, folder.parent.name)) if name), folder.name)


def _lasting(text: str) -> str:
    left = re.sub(r"\s+", " ", _EMPTY.sub(" ", _WHEN.sub(" ", text))).strip(_EDGES)
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", left)

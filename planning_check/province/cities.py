"""Which folders are cities, and what each is called."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from planning_check.errors import Place, Text, UsageError
from planning_check.ingest.delivery import MANIFEST, as_text, find_files
from planning_check.ingest.kinds import kind_of
from planning_check.ingest.sheets import FileProblem
from planning_check.words import bureau_of


def find_cities(folders: Sequence[Path]) -> dict[str, Path]:
    """Label -> folder, absolute, in the order of labels: the folders that are named, or those in the only one, where it is no city itself
    (no file of its own is read, it says nothing of itself in ``delivery.yaml``, and several folders in it hold something, not all of them
    called after bureaus).

    A label is the name of the folder, with as many of those above as tell it from others. Raises UsageError where a folder is none, or is
    named twice, or lies in another one.
    """
    named = [_absolute(folder) for folder in folders]
    cities = _inside(named[0]) if len(named) == 1 else named
    _told_apart(cities)
    return dict(sorted(_labelled(cities).items()))


def _absolute(folder: Path) -> Path:
    path = Path(os.path.abspath(folder))  # noqa: PTH100 - the links on the way stay as they were named
    if not path.is_dir():
        raise UsageError(
            Text("没有这个文件夹", "there is no such folder"), where=Place(str(folder)),
            fix=Text("每个城市一个文件夹：逐个列出，或给出装着它们的那个文件夹", "a city is a folder: name each, or the one that holds them all"),
        )  # fmt: skip
    return path


def _inside(top: Path) -> list[Path]:
    """The cities in a folder; the folder itself where it is one."""
    within = [path for path in sorted(top.iterdir()) if path.is_dir() and not path.name.startswith((".", "~$"))]
    own = [file.path for file in find_files([top]) if file.path.parent == top and file.path.is_file()]
    told = [path for path in within if find_files([path])]
    of_bureaus = all(bureau_of(f"{path.name}/file") for path in told)
    is_city = (top / MANIFEST).exists() or any(map(_is_read, own)) or of_bureaus
    return [top] if is_city or len(told) < 2 else within


def _is_read(path: Path) -> bool:
    """Whether a file is of a kind that is read: a folder of cities may hold notes and pictures besides."""
    with suppress(FileProblem, OSError):
        kind_of(path)
        return True
    return False


def _told_apart(cities: Sequence[Path]) -> None:
    real = {path: os.path.realpath(path) for path in cities}
    twice = next((path for path, times in Counter(cities).items() if times > 1), None)
    alike = next((path for path in cities if list(real.values()).count(real[path]) > 1), twice)
    if alike:
        raise UsageError(
            Text("这个文件夹给了两次", "this folder is named twice"), where=Place(str(alike)),
            fix=Text("每个城市只给一次", "name each city once"),
        )  # fmt: skip
    for one in cities:
        outer = next((other for other in cities if real[one].startswith(real[other].rstrip(os.sep) + os.sep)), None)
        if outer:
            raise UsageError(
                Text(f"这个文件夹在另一个城市的文件夹里：{outer}", f"this folder lies in that of another city: {outer}"), where=Place(str(one)),
                fix=Text("把它移到外面，或只给外面的一个", "move it out, or name the outer one alone"),
            )  # fmt: skip


def _labelled(cities: Sequence[Path]) -> dict[str, Path]:
    depth = dict.fromkeys(cities, 1)
    while True:
        labels = {path: as_text("/".join(path.parts[-depth[path] :])).lstrip("/") for path in cities}
        alike = Counter(labels.values())
        again = [path for path in cities if alike[labels[path]] > 1 and depth[path] < len(path.parts)]
        if not again:  # where nothing tells them apart that can be shown, they are numbered
            seen = Counter[str]()
            for path in sorted(cities):
                seen[labels[path]] += 1
                labels[path] += f" ({number})" if (number := seen[labels[path]]) > 1 else ""
            return {label: path for path, label in labels.items()}
        for path in again:
            depth[path] += 1

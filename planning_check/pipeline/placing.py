"""A folder that takes its place whole: who looks finds the old one or the new one, wherever the program that wrote it was cut off.

It is made beside its place, what stays of the old one is linked into it, and then the two change names. What a program that was killed left
behind is put right by the next one: it bears the number of its process, so that one still at work is left alone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path

from planning_check.errors import Place, Text, UsageError
from planning_check.leftovers import BEGINS, beside, left, mark


def check_place(folder: Path) -> None:
    """Refuse what cannot change its name: the root of a disk, and the folder that somebody stands in."""
    if folder.is_dir() and (os.path.ismount(folder) or Path.cwd().is_relative_to(folder)):
        raise UsageError(
            Text("材料整个换上，要有自己的文件夹；磁盘的根和当前所在的文件夹换不了",
                 "the papers change place as a whole and need a folder of their own: not the root of a disk, nor the folder you are in"),
            where=Place(str(folder)),
            fix=Text(f"在它里面给一个名字，如 -o {folder / 'report'}", f"give a name inside it, such as -o {folder / 'report'}"),
        )  # fmt: skip


@contextmanager
def made_beside(folder: Path) -> Iterator[Path]:
    """An empty folder beside the place, gone at the end if it was not put there. What an earlier program left is put right first."""
    _put_right(folder)
    unfinished = _beside(folder, "new")
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def put_in_place(unfinished: Path, folder: Path, without: Container[str] = ()) -> None:
    """Let the unfinished folder be the folder; what the old one holds besides stays, but for the names in ``without``."""
    if not folder.is_dir():
        unfinished.rename(folder)
        return
    _keep_the_rest(folder, unfinished, without)
    shutil.copymode(folder, unfinished)
    old, gone = _beside(folder, "old"), _beside(folder, "gone")
    folder.rename(old)
    try:
        unfinished.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    old.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def is_beside(name: str) -> bool:
    """Whether it is the name of a folder in the making, or of what is in one."""
    return any(part.startswith(BEGINS) for part in Path(name).parts)


def _keep_the_rest(folder: Path, unfinished: Path, without: Container[str]) -> None:
    for root, folders, names in os.walk(folder):
        here = Path(root).relative_to(folder)
        if not folders and not names:
            (unfinished / here).mkdir(parents=True, exist_ok=True)
        for name in (*names, *(one for one in folders if (Path(root) / one).is_symlink())):
            place = unfinished / here / name
            if (here / name).as_posix() not in without and not os.path.lexists(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                _link(Path(root) / name, place)


def _link(path: Path, place: Path) -> None:
    try:
        os.link(path, place, follow_symlinks=False)
    except (OSError, NotImplementedError):  # a disk without links
        shutil.copy2(path, place, follow_symlinks=False)


def _put_right(folder: Path) -> None:
    for path in left(folder.parent, beside(folder)):
        if path.suffix == ".old" and not folder.exists():  # cut off between the two names
            path.rename(folder)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _beside(folder: Path, kind: str, number: int | None = None) -> Path:
    return folder.with_name(f"{beside(folder)}.{mark(number)}.{kind}")

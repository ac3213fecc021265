"""Findings to a file or to stdout: never over an existing file unasked, never half a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check.errors import Place, Text, UsageError
from planning_check.leftovers import beside, left, mark

if TYPE_CHECKING:
    from planning_check.cli.console import Console

_ENDINGS = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx", ".gpkg": "gpkg"}
#: Office programs refuse a file of these names that is no workbook.
_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".et")
#: What says that a file is something else than CSV.
OTHER_ENDINGS = frozenset(_BOOKS) | {ending for ending, kind in _ENDINGS.items() if kind != "csv"}


def kind_of(kind: str | None, target: Path | None, offered: Sequence[str]) -> str:
    """The format asked for, else the one that the file's ending names, else a table. Raises UsageError where the ending names one that is
    not ``offered``, or where a workbook is to go to the screen."""
    ending = target.suffix.lower() if target else ""
    named = kind or _ENDINGS.get(ending, "table")
    if named not in offered or (ending in _BOOKS and named != "xlsx"):
        raise UsageError(
            Text(f"这里写不成 {ending} 文件", f"no {ending} file is written here"), where=Place(str(target)),
            fix=Text(f"文件名用 {'、'.join(endings_of(offered))}", f"name it {', '.join(endings_of(offered))}"),
        )  # fmt: skip
    if named in ("xlsx", "gpkg") and target is None:
        raise UsageError(
            Text("工作簿和图层要写进文件", "a workbook or layers go into a file"), fix=Text(f"加 -o 文件名.{named}", f"add -o NAME.{named}")
        )
    return named


def endings_of(offered: Sequence[str]) -> list[str]:
    """How files of these formats end."""
    return [ending for ending, kind in _ENDINGS.items() if kind in offered]


def check_target(target: Path | None, force: bool) -> None:
    """Say before any work is done that the file cannot be written there."""
    if target is None:
        return
    if not target.parent.is_dir():
        raise UsageError(Text("文件夹不存在", "the folder does not exist"), where=Place(str(target.parent)))
    if target.exists() and not target.is_file():
        raise UsageError(
            Text("这里是文件夹、管道或设备，不是文件", "this is a folder, a pipe or a device, not a file"), where=Place(str(target)),
            fix=Text("换一个文件名；不写 -o 就写到屏幕或管道", "choose another name; without -o it goes to the screen or the pipe"),
        )  # fmt: skip
    if target.exists() and not force:
        raise UsageError(
            Text("文件已存在，没有覆盖", "the file exists and was not overwritten"), where=Place(str(target)),
            fix=Text("换一个文件名，或加 --force", "choose another name, or add --force"),
        )  # fmt: skip


def write(pieces: Iterable[str], target: Path | None, kind: str, force: bool) -> None:
    """To stdout without a target; else to a file beside it that takes its name when it is whole."""
    if target is None:
        _to_stdout(pieces, kind)
        return
    with whole(target, force) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)


def write_bytes(data: bytes, target: Path, force: bool) -> None:
    """The same of a file that is no text."""
    with whole(target, force) as unfinished:
        unfinished.write_bytes(data)


@contextmanager
def whole(target: Path, force: bool) -> Iterator[Path]:
    """A path beside the target where nothing is yet; what is written there takes the target's name when the block ends, and is gone if it
    does not end well."""
    check_target(target, force)
    for path in left(target.parent, beside(target)):
        path.unlink(missing_ok=True)
    unfinished = target.with_name(f"{beside(target)}.{mark()}.part")
    try:
        yield unfinished
        unfinished.replace(target)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(target)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def show(
    console: Console, found: Any, page: Callable[..., Iterable[str]], forms: Mapping[str, Callable[[Any], Iterable[str]]], *, kind: str,
    target: Path | None, force: bool, book: Callable[[Any, str], bytes] | None = None,
) -> None:  # fmt: skip
    """A result on the console as ``page`` lays it out, or as a file: that page as plain text, one of the ``forms`` for programs, or
    a workbook."""
    if kind == "table" and target is None:
        console.say(page(found, console.lang, paint=console.paint))
        return
    if kind == "xlsx" and book and target:
        write_bytes(book(found, console.lang), target, force)
    else:
        write(forms[kind](found) if kind in forms else ["\n".join(page(found, console.lang)) + "\n"], target, kind, force)
    if target is not None:
        console.note(Text(f"已写入 {target}", f"Written to {target}"))


def _to_stdout(pieces: Iterable[str], kind: str) -> None:
    """A table in the console's own encoding; files for programs as the UTF-8 that they are."""
    if kind == "table":
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece.encode("utf-8"))
    sys.stdout.buffer.flush()

"""Findings to a file or to stdout: never over an existing file unasked, never half a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check.errors import Place, Text, UsageError
from planning_check.leftovers import beside, left, mark

if TYPE_CHECKING:
    from planning_check.cli.console import Console

_ENDINGS = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}


def kind_of(kind: str | None, target: Path | None) -> str:
    """The format asked for, else the one that the file's ending names, else a table."""
    return kind or _ENDINGS.get(target.suffix.lower() if target else "", "table")


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
    console: Console, found: Any, page: Callable[..., list[str]], forms: Mapping[str, Callable[[Any], Iterable[str]]], *, kind: str,
    target: Path | None, force: bool,
) -> None:  # fmt: skip
    """A result on the console as ``page`` lays it out, or as a file: that page as plain text, or one of the ``forms`` for programs."""
    if kind == "table" and target is None:
        console.say(page(found, console.lang, paint=console.paint))
        return
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

"""One boundary around each file: what its bytes make a library raise, or the program itself, is its problem; the rest is read."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from planning_check.engine import opened
from planning_check.errors import ActionableError, Text
from planning_check.ingest.delivery import File
from planning_check.ingest.sheets import FileProblem
from planning_check.sql import name

Piece = TypeVar("Piece")
#: What no file is the cause of, or after which the engine is of no use: memory, the disk, the user.
_OF_THE_RUN = (MemoryError, duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException, duckdb.InterruptException)
#: What the engine says of values that it cannot take.
_OF_THE_FILE = (duckdb.DataError, duckdb.InvalidInputException, pa.ArrowInvalid, UnicodeError)
_INTERRUPTED = "Query interrupted"  # Ctrl+C as DuckDB tells it


def sound(read: Iterable[Piece]) -> Iterator[Piece]:
    """What is read, piece by piece. Whatever a library raises over a broken file (Rust panics too) is a problem of that file,
    not of the run."""
    try:
        yield from read
    except (FileProblem, OSError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        what = type(error).__name__
        said = Text(f"读到一半出错，内容损坏或写法特殊（{what}）", f"reading it failed half-way: it is damaged or oddly written ({what})")
        raise FileProblem("unreadable_file", said) from error


def problem_of(error: Exception) -> FileProblem:
    """The problem of one file that an error over it is; a fault of the program is told as one, with its place. Raises what is none of
    the file's."""
    if isinstance(error, FileProblem):
        return error
    if isinstance(error, (*_OF_THE_RUN, ActionableError)) or str(error) == _INTERRUPTED:
        raise error
    if isinstance(error, PermissionError):
        return FileProblem("unreadable_file", Text("没有读取权限，或文件正被其他程序占用", "no permission, or another program holds it"))
    if isinstance(error, OSError):
        return FileProblem("unreadable_file", Text("读盘出错，或文件不在了", "the disk failed, or the file is gone"))
    if isinstance(error, _OF_THE_FILE):
        said = f"{type(error).__name__}: {str(error).splitlines()[0][:120] if str(error) else ''}"
        return FileProblem("unreadable_file", Text(f"内容入不了库（{said}）", f"the engine does not take what it holds ({said})"))
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__}, {Path(frame.filename).name}:{frame.lineno}"
    return FileProblem("internal_error", Text(place, place))


def without_culprits(
    con: duckdb.DuckDBPyConnection, error: Exception, files: Sequence[File],
    read: Callable[[duckdb.DuckDBPyConnection, Sequence[File]], Any],
) -> list[File]:  # fmt: skip
    """The files, with those refused over which alone ``read`` fails, where it failed over all of them together with ``error``. Raises that
    where it is none of a file's, or no file alone is the cause. Each is read within the cores and the memory that ``con`` may take."""
    problem_of(error)
    set_ = con.execute("SELECT current_setting('threads'), current_setting('memory_limit')").fetchall()[0]
    limits = {"threads": int(set_[0]), "memory": str(set_[1])}
    found = [file for file in files if not file.refused]
    culprits = {file.name: problem for file in found if (problem := _alone(file, read, limits))}
    if not culprits:
        raise error
    return [replace(file, refused=told.code, detail=told.detail) if (told := culprits.get(file.name)) else file for file in files]


def _alone(file: File, read: Callable[[duckdb.DuckDBPyConnection, Sequence[File]], Any], limits: dict[str, Any]) -> FileProblem | None:
    try:
        with opened(**limits) as con:
            read(con, [file])
    except Exception as error:
        return problem_of(error)
    return None


def made_in(con: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables and views outside the room of ingest, as ``DROP`` takes them."""
    told = con.execute(
        "SELECT table_type, table_name FROM information_schema.tables WHERE table_schema = 'main' AND table_catalog = current_database()"
    ).fetchall()
    return {f"{'VIEW' if kind == 'VIEW' else 'TABLE'} {name(table)}" for kind, table in told}

"""What a file was staged as, kept from check to check: of many files only those that changed are read again.

Kept are the rows as delivered, in the user's own cache folder (``keeping``), and found by the file's content, its name (which may say what
table it is), the code that reads and the versions of its readers. Typing and everything after it, where files meet,
is done anew in every run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from planning_check import following, keeping
from planning_check.ingest.delivery import File
from planning_check.sql import quoted

if TYPE_CHECKING:
    from planning_check.ingest.staging import Staging

#: Rows of so much and of so many files are kept; the files used last stay.
MOST_BYTES, MOST_FILES = 1 << 30, 4_096
_READERS = ("duckdb", "pyarrow", "pyogrio", "pyproj", "python-calamine", "shapely")
_OF_SOURCE = "source_id > {sources}"
_OF_ROW = "row_id > {rows}"
_OF_FILE = "coalesce(source_id > {sources}, row_id > {rows}, file = {file})"
#: What staging writes of a file into, and which rows of it are the file's, ``raw_<table>`` apart.
_TABLES = {
    "source": _OF_SOURCE, "raw_row": _OF_SOURCE, "ingest.cell_mark": _OF_ROW, "ingest.coordinate": _OF_ROW, "ingest.loose_cell": _OF_ROW,
    "ingest.hidden_row": _OF_ROW, "ingest.found": _OF_FILE, "unread": "file = {file}",
    "sheet_seen": "file = {file}", "heading_seen": "file = {file}",
    "ingest.beside": _OF_ROW, "ingest.by_name": _OF_SOURCE, "ingest.per_building": _OF_SOURCE,
    "ingest.date_order": _OF_SOURCE, "ingest.mapped_word": _OF_SOURCE,
}  # fmt: skip
_NUMBERED = {"row_id": ("rows", "BIGINT"), "source_id": ("sources", "INTEGER")}


def bring_back(staging: Staging, file: File, key: str) -> bool:
    """Stage the file as it was staged last time, if that is kept; whatever is wrong with what is kept, it is not."""
    folder = keeping.cache_folder()
    if folder is None:
        return False
    path = folder / f"{key}.staged"
    try:
        parts = _unpacked(keeping.read(path, key))
        told = json.loads(bytes(parts["told"]))
        tables = {name: pa.ipc.open_stream(data).read_all() for name, data in parts.items() if name != "told"}
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return False
    with suppress(OSError):
        path.touch()  # used last
    for name, rows in tables.items():
        _insert(staging, name, rows)
    staging.uses += [(source + staging.sources, *rest) for source, *rest in told["uses"]]
    staging.columns += [(source + staging.sources, *rest) for source, *rest in told["columns"]]
    staging.rows += told["rows"]
    staging.sources += told["sources"]
    return True


@contextmanager
def all_or_nothing(staging: Staging) -> Iterator[None]:
    """A sheet or layer, or nothing of it: where anything is raised, what was staged meanwhile is forgotten."""
    at = {"rows": staging.rows, "sources": staging.sources}
    uses, columns = len(staging.uses), len(staging.columns)
    try:
        yield
    except Exception:
        staging.rows, staging.sources = at["rows"], at["sources"]
        del staging.uses[uses:], staging.columns[columns:]
        with suppress(duckdb.Error):  # of an engine that is of no more use, for which the first error is told
            for name, own in _tables_since(staging, at).items():
                staging.con.execute(f"DELETE FROM {name} WHERE {own}")
        raise


def _tables_since(staging: Staging, at: dict[str, int]) -> dict[str, str]:
    """The tables that may hold rows of later sources, and which rows those are."""
    of_source = _OF_SOURCE.format(**at)
    raw = staging.con.execute(f"SELECT DISTINCT table_name FROM source WHERE {of_source}").fetchall()
    since = {_OF_SOURCE: of_source, _OF_ROW: _OF_ROW.format(**at), _OF_FILE: _OF_FILE.format(**at, file="NULL")}
    told = {name: since[own] for name, own in _TABLES.items() if own in since}
    return {**{f"raw_{table}": of_source for (table,) in raw}, **told, "sheet_seen": of_source, "heading_seen": of_source}


@contextmanager
def keeping_staged(staging: Staging, file: File, key: str) -> Iterator[None]:
    """Keep what is staged of the file meanwhile, if nothing is raised."""
    before = {"rows": staging.rows, "sources": staging.sources}
    uses, columns = len(staging.uses), len(staging.columns)
    yield
    folder = keeping.cache_folder()
    if folder is None:
        return
    told = {
        "rows": staging.rows - before["rows"],
        "sources": staging.sources - before["sources"],
        "uses": [(source - before["sources"], *rest) for source, *rest in staging.uses[uses:]],
        "columns": [(source - before["sources"], *rest) for source, *rest in staging.columns[columns:]],
    }
    parts = {"told": json.dumps(told).encode()} | _rows_of(staging, file, before)
    with suppress(OSError):  # a full disk or a folder that may not be written: then not
        keeping.write(folder / f"{key}.staged", key, _packed(parts))
        staging.has_kept = True


def make_room(staging: Staging) -> None:
    """Once a delivery is staged: of what is kept, what was not used for longest goes."""
    folder = keeping.cache_folder()
    if folder is not None and staging.has_kept:
        with suppress(OSError):
            keeping.drop_oldest(folder, ".staged", most_files=MOST_FILES, most_bytes=MOST_BYTES)


def key_of(file: File, files: Sequence[Path], sha256: str, mapping: str) -> str:
    """What the file's rows are found by; ``mapping``: the hash of the one they are read by, if any;
    ``files``: those that it consists of, whose contents one after the other ``sha256`` is of."""
    told = (f"{path.name} {path.stat().st_size}" for path in files)
    return keeping.digest("staged", *_read_by(), repr(following.current()), file.name, sha256, mapping, *told)


@cache
def _read_by() -> tuple[str, ...]:
    return sys.version, *map(version, _READERS), keeping.code_of("ingest", "geo")


def _rows_of(staging: Staging, file: File, before: dict[str, int]) -> dict[str, bytes]:
    where = {**before, "file": quoted(file.name)}
    con = staging.con
    tables = [
        name for (name,) in con.execute(f"SELECT DISTINCT table_name FROM source WHERE {_OF_SOURCE.format(**where)} ORDER BY 1").fetchall()
    ]
    kept = {}
    for name, own in {**_TABLES, **{f"raw_{table}": _OF_SOURCE for table in tables}}.items():
        rows = con.sql(f"SELECT *{_numbered(con, name, -1, before)} FROM {name} WHERE {own.format(**where)}").to_arrow_table()
        if rows.num_rows:
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as stream:
                stream.write_table(rows)
            kept[name] = sink.getvalue().to_pybytes()
    return kept


def _insert(staging: Staging, name: str, rows: pa.Table) -> None:
    at = {"rows": staging.rows, "sources": staging.sources}
    staging.con.register("kept_rows", rows)
    staging.con.execute(f"INSERT INTO {name} SELECT *{_numbered(staging.con, 'kept_rows', 1, at)} FROM kept_rows")
    staging.con.unregister("kept_rows")


def _numbered(con: Any, table: str, sign: int, at: dict[str, int]) -> str:
    """The rest of ``SELECT *``: ids of rows and sources counted from the file's own first, or to where the file stands in this delivery."""
    there = [column[0] for column in con.execute(f"FROM {table} LIMIT 0").description]
    moved = [f"CAST({column} + {sign * at[by]} AS {type_}) AS {column}" for column, (by, type_) in _NUMBERED.items() if column in there]
    return f" REPLACE ({', '.join(moved)})" if moved else ""


def _packed(parts: dict[str, bytes]) -> bytes:
    head = json.dumps({name: len(data) for name, data in parts.items()}).encode()
    return len(head).to_bytes(8, "big") + head + b"".join(parts.values())


def _unpacked(packed: bytes) -> dict[str, memoryview]:
    whole = memoryview(packed)
    start = 8 + int.from_bytes(whole[:8], "big")
    parts = {}
    for name, length in json.loads(bytes(whole[8:start])).items():
        parts[name] = whole[start : start + length]
        start += length
    return parts

"""What a GeoPackage would compute while it is read, and so perhaps without end: views, virtual tables, generated columns.
They are left out."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from planning_check.errors import Text
from planning_check.ingest.sheets import FileProblem

#: A table is what its statement says, whatever is written beside it; SQLite writes these words so.
_TABLE, _INDEX = re.compile(r"CREATE TABLE\b"), re.compile(r"CREATE (UNIQUE )?INDEX\b|CREATE TRIGGER\b")
#: The spatial index, which is asked for places only.
_SPATIAL_INDEX = re.compile(r"CREATE VIRTUAL TABLE .* USING rtree\s*\(", re.I | re.S)
_GENERATED = 2  # a column that is computed when it is read


@dataclass(frozen=True)
class Computed:
    """A layer that is no stored table, and its columns as far as they can be known."""

    name: str
    columns: tuple[str, ...]


@contextmanager
def open_geopackage(path: Path) -> Iterator[tuple[Path, list[Computed]]]:
    """The GeoPackage, or a copy without what would be computed; and what that is."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as plain:
            _refuse_nul(plain)
            computed = _computed(plain)
            if not computed:
                yield path, []
                return
            with tempfile.TemporaryDirectory(prefix="planning_check_layers.", ignore_cleanup_errors=True) as folder:
                copy = Path(folder) / path.name
                _copy_without(plain, copy, [one.name for one in computed])
                yield copy, [one for one in computed if not one.name.lower().startswith(("gpkg_", "sqlite_"))]
    except sqlite3.Error as error:
        raise FileProblem("unreadable_file", Text(str(error), str(error))) from error


def _statements(plain: sqlite3.Connection) -> list[tuple[str, str]]:
    """Name and statement of all that the database defines."""
    return [
        (str(name), str(sql)) for name, sql in plain.execute("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    ]


def _computed(plain: sqlite3.Connection) -> list[Computed]:
    layers = _contents(plain)
    found = []
    for name, sql in _statements(plain):
        if _INDEX.match(sql) or (_SPATIAL_INDEX.match(sql) and name.lower() not in layers):
            continue
        columns = _columns(plain, name)
        if not _TABLE.match(sql) or any(hidden == _GENERATED for _, hidden in columns):
            found.append(Computed(name, tuple(column for column, _ in columns)))
    return found


def _contents(plain: sqlite3.Connection) -> set[str]:
    """The names of the layers, in small letters; none where the list is no table itself."""
    if not any(name.lower() == "gpkg_contents" and _TABLE.match(sql) for name, sql in _statements(plain)):
        return set()
    return {str(name).lower() for (name,) in plain.execute("SELECT table_name FROM gpkg_contents")}


def _columns(plain: sqlite3.Connection, table: str) -> list[tuple[str, int]]:
    try:
        return [(row[1], row[6]) for row in plain.execute(f"PRAGMA table_xinfo({_quoted(table)})")]
    except sqlite3.Error:  # a view of a view of itself, a module that is not there
        return []


def _copy_without(plain: sqlite3.Connection, copy: Path, names: list[str]) -> None:
    """Taken out of the schema as text: nothing of it is carried out, neither a trigger nor a module of a virtual table."""
    with closing(sqlite3.connect(copy)) as held:
        plain.backup(held)
        held.execute("PRAGMA writable_schema = ON")
        held.execute("DELETE FROM sqlite_master WHERE sql LIKE 'CREATE TRIGGER%'")
        held.executemany("DELETE FROM sqlite_master WHERE tbl_name = ? OR name = ?", [(name, name) for name in names])
        held.commit()
    with closing(sqlite3.connect(copy)) as held:
        left = {name.lower() for name, _ in _statements(held)}
        for listed in ("gpkg_contents", "gpkg_geometry_columns"):
            if listed in left:
                held.executemany(f"DELETE FROM {listed} WHERE lower(table_name) = lower(?)", [(name,) for name in names])
        held.commit()


def _refuse_nul(plain: sqlite3.Connection) -> None:
    """GDAL ends a text at a NUL and drops the rest: a code would be another one. No program of an office writes any."""
    for name, sql in _statements(plain):
        stored = [_quoted(column) for column, hidden in _columns(plain, name) if not hidden] if _TABLE.match(sql) else []
        found = " OR ".join(f"typeof({column}) = 'text' AND instr({column}, char(0))" for column in stored)
        if found and plain.execute(f"SELECT 1 FROM {_quoted(name)} WHERE {found} LIMIT 1").fetchone():
            said = Text(f"图层 {name} 的文字里有空字符（NUL），重新导出", f"a text of the layer {name} holds a NUL; export it again")
            raise FileProblem("unreadable_file", said)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

"""What offices send: every delivery of ``nasty`` as each kind of file that can hold it, read right or refused by name."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from planning_check.errors import SourceError
from planning_check.schema import BY_NAME
from tests.deliveries.declared import declared, kinds, write
from tests.ingest.conftest import Folder

ALL = {
    f"{path.stem}: {name}": told
    for path in sorted((Path(__file__).parent / "nasty").glob("*.yaml"))
    for name, told in declared(path).items()
}
#: Each as one kind of file, in turn; as every kind that can hold it, which takes long, where the environment asks for that.
EVERY = os.environ.get("EVERY_KIND_OF_FILE") == "1"
CASES = [
    (name, kind)
    for number, (name, told) in enumerate(ALL.items())
    for kind in (kinds(told) if EVERY else [kinds(told)[number % len(kinds(told))]])
]


def test_there_are_enough():
    assert len(ALL) >= 40


@pytest.mark.parametrize(("name", "kind"), CASES, ids=[f"{name} as {kind}" for name, kind in CASES])
def test_read_right_or_refused_by_name(folder: Folder, name: str, kind: str):
    write(ALL[name], kind, folder.path)
    judge(folder, ALL[name]["right"])


def judge(folder: Folder, right: dict[str, Any]) -> None:
    """Read what was written, and hold it against what is right."""
    if "stops" in right:
        with pytest.raises(SourceError) as error:
            folder.load()
        assert [word for lang in right["stops"] for word in right["stops"][lang] if word not in error.value.render(lang)] == []
        return
    folder.load()
    assert _values(folder, right.get("values", {})) == right.get("values", {})
    assert {table: folder.one(f"SELECT count(*) FROM {table}")[0] for table in right.get("rows", {})} == right.get("rows", {})
    found = folder.problems()
    for asked in right.get("problems", []):
        assert any(_is(problem, asked) for problem in found), (asked, [_short(p) for p in found])
    assert {p["code"] for p in found} & set(right.get("not", [])) == set(), [_short(p) for p in found]
    if right.get("quiet"):
        assert [_short(p) for p in found] == []


def _is(problem: dict, asked: dict) -> bool:
    """Whether a problem is of the kind, names the sheet and column, and says the words in each language."""
    said = {lang: problem[f"what_{lang}"] for lang in ("zh", "en")}
    return (
        problem["code"] == asked["kind"]
        and problem["file"] is not None
        and (problem["letter"] or "") == asked.get("column", problem["letter"] or "")
        and (problem["row"] or 0) == asked.get("row", problem["row"] or 0)
        and all(word in said[lang] for lang in ("zh", "en") for word in asked.get(lang, []))
    )


def _short(problem: dict) -> tuple:
    return problem["code"], problem["sheet"], problem["letter"], problem["row"], problem["what_zh"]


def _values(folder: Folder, asked: dict[str, dict[str, dict[str, Any]]]) -> dict:
    return {
        table: {key: {column: _plain(_value(folder, table, key, column)) for column in columns} for key, columns in rows.items()}
        for table, rows in asked.items()
    }


def _value(folder: Folder, table: str, key: str, column: str) -> Any:
    rows = folder.rows(f"SELECT {column} FROM {table} WHERE {BY_NAME[table].key[0]} = '{key}'")
    return rows[0][0] if rows else "no such record"


def _plain(value: Any) -> Any:
    """As YAML tells it."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, dt.date):
        return "unknown" if value.year == 1 else value.isoformat()
    return value

"""A mapping: how a person says that sheets and layers are to be read whose headings say it otherwise.

Kept beside a delivery as YAML, written first by ``inspect --write-mapping`` and then edited. It says of a sheet (by patterns of file and
sheet names) its table, the row of its header, and heading by heading the field and unit; the order of days and months; words of the sheet
and what they mean; values that hold for all its rows; ids made of columns; and whether rows of one key are added up. A layer is read so
by its attributes; ``crs`` is how its coordinates are to be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from planning_check.errors import Place, Text, UsageError
from planning_check.geo.frames.readings import parse
from planning_check.ingest.headers import PLACE, point_tables
from planning_check.ingest.limits import size_told
from planning_check.ingest.plain import plain
from planning_check.ingest.units import dimension, factor
from planning_check.schema import BY_NAME, Table

#: Orders of year, month and day in dates of digits.
DATE_ORDERS = ("ymd", "dmy", "mdy")
_VERSION = 1
_MOST_BYTES = 4 << 20
_KEYS = ("file", "sheet", "table", "header_row", "columns", "dates", "values", "constants", "ids", "add_up", "crs", "parts")
_OF_ALL_PARTS = ("file", "sheet", "header_row", "parts")
_PART_KEYS = ("table", "columns", "dates", "values", "constants", "ids", "add_up", "rows_with", "rows_where")
#: Headings, each with the words that must stand under it; None: anything but a blank or a zero.
Condition = tuple[tuple[str, frozenset[str] | None], ...]


@dataclass(frozen=True)
class Told:
    """One heading of a sheet and the field that its column is; ``unit``: '' if the heading says it, or there is none."""

    heading: str
    field: str
    unit: str = ""


@dataclass(frozen=True)
class SheetMapping:
    """How one sheet, or several alike, are read. ``line``: where the mapping says so.

    ``parts``: the tables that a sheet is read as, one after the other; each of those has the ``condition`` of its rows (none: all) and
    ``beside``, the headings that the others read.
    """

    file: str
    sheet: str
    table: str
    line: int
    header_row: int | None = None
    columns: tuple[Told, ...] = ()
    ignored: frozenset[str] = frozenset()
    dates: str = ""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    add_up: bool = False
    crs: str = ""
    condition: Condition = ()
    beside: frozenset[str] = frozenset()
    parts: tuple[SheetMapping, ...] = ()

    def fits(self, file: str, sheet: str) -> bool:
        """Whether it is about that sheet of that file of the delivery."""
        return fnmatchcase(file, self.file) and fnmatchcase(sheet, self.sheet)


@dataclass(frozen=True)
class DeliveryMapping:
    """The mapping of a delivery; ``sha256`` of the file it was read from."""

    name: str
    text: str
    sheets: tuple[SheetMapping, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def of(self, file: str, sheet: str) -> SheetMapping | None:
        """The first that is about the sheet."""
        return next((one for one in self.sheets if one.fits(file, sheet)), None)

    def about(self, file: str) -> list[SheetMapping]:
        """All that may be about sheets of a file."""
        return [one for one in self.sheets if fnmatchcase(file, one.file)]


def read_mapping(path: Path) -> DeliveryMapping:
    """Read and check a mapping. Raises UsageError, with file and line, for what is no mapping or names what there is not."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _wrong(
                str(path),
                1,
                Text(
                    f"文件太大，不是对照表（最多 {size_told(_MOST_BYTES)}）", f"too large for a mapping (at most {size_told(_MOST_BYTES)})"
                ),
            )
        return parse_mapping(str(path), path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(
            Text("打不开对照表", "the mapping cannot be opened"), where=Place(str(path)),
            fix=Text("检查路径；没有的话用 inspect --write-mapping 写一份", "check the path; inspect --write-mapping writes one"),
        ) from error  # fmt: skip
    except UnicodeDecodeError as error:
        raise _wrong(str(path), 1, Text("文件不是 UTF-8 编码", "the file is not UTF-8")) from error


def parse_mapping(path: str, text: str) -> DeliveryMapping:
    """The mapping that a text says; ``path``: what it is called in errors."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML().load(text)
    except RecursionError:
        raise _wrong(path, 1, Text("套叠的层数太多", "it is nested too deep")) from None
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _wrong(path, mark.line + 1 if mark else 1, Text("不是合法的 YAML", "not valid YAML")) from error
    if not isinstance(content, dict) or content.get("version") != _VERSION or not isinstance(content.get("sheets"), list):
        raise _wrong(path, 1, Text(f"应有 version: {_VERSION} 和 sheets", f"expected version: {_VERSION} and sheets"))
    lines = content["sheets"].lc
    return DeliveryMapping(Path(path).name, text, tuple(_whole(path, lines.item(n)[0] + 1, one) for n, one in enumerate(content["sheets"])))


def _only(path: str, line: int, content: Any, keys: Sequence[str]) -> None:
    if not isinstance(content, dict):
        raise _wrong(path, line, Text("每张表应为“键: 值”", "a sheet is key: value"))
    if unknown := [str(key) for key in content if key not in keys]:
        raise _wrong(
            path, line, Text(f"不认得“{unknown[0]}”，可用：{'、'.join(keys)}", f"unknown {unknown[0]!r}; known: {', '.join(keys)}")
        )


def _whole(path: str, line: int, content: Any) -> SheetMapping:
    _only(path, line, content, _KEYS)
    return _in_parts(path, line, content) if "parts" in content else _sheet(path, line, content)


def _in_parts(path: str, line: int, content: Any) -> SheetMapping:
    """A sheet that is read as several tables, or as one of some of its rows."""
    _only(path, line, content, _OF_ALL_PARTS)
    told = content["parts"]
    if not isinstance(told, list) or not told:
        raise _wrong(
            path, line, Text("parts 是一列部分，每部分有 table 和 columns", "parts is a list, each part with its table and columns")
        )
    lines = told.lc  # type: ignore[attr-defined]  # ruamel's list knows its lines
    file, sheet, header_row = str(content.get("file", "*")), str(content.get("sheet", "*")), _header_row(path, line, content)
    parts: list[SheetMapping] = []
    for n, one in enumerate(told):
        at = lines.item(n)[0] + 1
        _only(path, at, one, _PART_KEYS)
        made = replace(_sheet(path, at, one), file=file, sheet=sheet, header_row=header_row, condition=_condition(path, at, one))
        if clash := next((other for other in parts if other.table == made.table and _overlap(made.condition, other.condition)), None):
            label = BY_NAME[made.table].label
            raise _wrong(
                path, at,
                Text(f"和第 {clash.line} 行的部分都是“{label.zh}”，各取哪些行没有分开",
                     f"it and the part of line {clash.line} are both {label.en}, and which rows are whose is not told apart"),
            )  # fmt: skip
        parts.append(made)
    read = {one.line: frozenset([*_named(one), *(heading for heading, _ in one.condition)]) for one in parts}
    every = frozenset().union(*read.values())
    return SheetMapping(file, sheet, parts[0].table, line, header_row, parts=tuple(replace(one, beside=every) for one in parts))


def _named(one: SheetMapping) -> list[str]:
    return [*(column.heading for column in one.columns), *(heading for some in one.ids.values() for heading in some)]


def _condition(path: str, line: int, content: Any) -> Condition:
    """Which rows a part is about."""
    if "rows_with" in content and "rows_where" in content:
        raise _wrong(path, line, Text("rows_with 和 rows_where 只能写一个", "either rows_with or rows_where, not both"))
    if "rows_with" in content:
        if not isinstance(content["rows_with"], str | int | float):
            raise _wrong(path, line, Text("rows_with 是一个表头", "rows_with is a heading"))
        return ((str(content["rows_with"]), None),)
    if "rows_where" not in content:
        return ()
    where = content["rows_where"]
    if not isinstance(where, dict) or not where or not all(isinstance(words, list) and words for words in where.values()):
        raise _wrong(path, line, Text("rows_where 写成 {表头: [词, ...]}", "rows_where is {heading: [word, ...]}"))
    return tuple((str(heading), frozenset(plain(str(word)) for word in words)) for heading, words in where.items())


def _overlap(one: Condition, other: Condition) -> bool:
    """Whether two conditions surely take some rows both; what only the rows can tell is told with those."""
    if not one or not other or one == other:
        return True
    words, others = dict(one), dict(other)
    return words.keys() == others.keys() and all(
        mine is None or theirs is None or mine & theirs for mine, theirs in ((words[heading], others[heading]) for heading in words)
    )


def _header_row(path: str, line: int, content: Any) -> int | None:
    row = content.get("header_row")
    if row is not None and not (isinstance(row, int) and 0 < row <= 1_048_576):
        raise _wrong(path, line, Text("header_row 是表头所在的行号", "header_row is the number of the header's row"))
    return row


def _sheet(path: str, line: int, content: Any) -> SheetMapping:
    """What a sheet or a part of one says; its keys are known to be such."""
    table = BY_NAME.get(str(content.get("table")))
    if table is None:
        raise _wrong(path, line, Text(f"没有“{content.get('table')}”这种表", f"there is no table {content.get('table')!r}"))
    columns = tuple(_columns(path, line, table, content.get("columns") or []))
    if not any(column.field for column in columns):
        raise _wrong(path, line, Text("没有一列写了 field", "no column says its field"))
    header_row, dates, add_up = _header_row(path, line, content), content.get("dates", ""), content.get("add_up", False)
    if dates and dates not in DATE_ORDERS:
        raise _wrong(path, line, Text("dates 是 ymd、dmy 或 mdy", "dates is ymd, dmy or mdy"))
    if not isinstance(add_up, bool):
        raise _wrong(path, line, Text("add_up 是 true 或 false", "add_up is true or false"))
    crs = str(content.get("crs", ""))
    if crs and parse(crs) is None:
        raise _wrong(path, line, Text("crs 写成 EPSG:4545、gcj02 或 bd09", "crs is EPSG:4545, gcj02 or bd09"))
    made = SheetMapping(
        str(content.get("file", "*")), str(content.get("sheet", "*")), table.name, line, header_row,
        tuple(column for column in columns if column.field), frozenset(column.heading for column in columns if not column.field),
        str(dates), _values(path, line, table, content.get("values") or {}),
        {str(name): str(value) for name, value in _pairs(path, line, table, "constants", content.get("constants") or {})},
        {name: tuple(map(str, parts)) for name, parts in _pairs(path, line, table, "ids", content.get("ids") or {})
         if isinstance(parts, list)},
        add_up, crs,
    )  # fmt: skip
    twice = [name for name in _all_fields(made) if list(_all_fields(made)).count(name) > 1]
    if twice:
        raise _wrong(path, line, Text(f"字段“{twice[0]}”对了两次", f"field {twice[0]!r} is given twice"))
    return made


def _all_fields(made: SheetMapping) -> list[str]:
    return [*(column.field for column in made.columns), *made.constants, *made.ids]


def _columns(path: str, line: int, table: Table, content: Any) -> Iterator[Told]:
    if not isinstance(content, list):
        raise _wrong(path, line, Text("columns 是一列 {heading, field, unit}", "columns is a list of {heading, field, unit}"))
    names = _names(table)
    for n, one in enumerate(content):
        at = content.lc.item(n)[0] + 1  # type: ignore[attr-defined]  # ruamel's list knows its lines
        if not isinstance(one, dict) or "heading" not in one or not set(one) <= {"heading", "field", "unit"}:
            raise _wrong(
                path, at, Text("每列写 {heading: 表头, field: 字段, unit: 单位}", "a column is {heading: .., field: .., unit: ..}")
            )
        name, unit = str(one.get("field") or ""), str(one.get("unit") or "")
        _known(path, at, table, name, names, empty=True)
        if name and unit and name not in PLACE and factor(dimension(table.field(name)), unit) is None:
            raise _wrong(path, at, Text(f"“{unit}”不是这个字段认得的单位", f"{unit!r} is no unit known for this field"))
        yield Told(str(one["heading"]), name, unit)


def _values(path: str, line: int, table: Table, content: Any) -> dict[str, dict[str, str]]:
    pairs = dict(_pairs(path, line, table, "values", content))
    if not all(isinstance(words, dict) for words in pairs.values()):
        raise _wrong(path, line, Text("values 写成 字段: {原词: 采用的词}", "values is field: {word in the sheet: word to read}"))
    return {name: {str(word): str(meant) for word, meant in words.items()} for name, words in pairs.items()}


def _pairs(path: str, line: int, table: Table, key: str, content: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(content, dict):
        raise _wrong(path, line, Text(f"{key} 写成 字段: 值", f"{key} is field: value"))
    for name, value in content.items():
        _known(path, line, table, str(name), _names(table))
        yield str(name), value


def _names(table: Table) -> list[str]:
    return [*(f.name for f in table.fields if f.type != "geometry"), *(PLACE if table.name in point_tables() else ())]


def _known(path: str, line: int, table: Table, name: str, names: Collection[str], *, empty: bool = False) -> None:
    if name not in names and not (empty and not name):
        near = ", ".join(get_close_matches(name, list(names), n=3, cutoff=0.5))
        zh, en = (f"，相近的有 {near}", f"; alike: {near}") if near else ("", "")
        raise _wrong(path, line, Text(f"“{table.label.zh}”没有“{name}”这个字段{zh}", f"{table.label.en} have no field {name!r}{en}"))


def _wrong(path: str, line: int, why: Text) -> UsageError:
    return UsageError(
        Text("对照表写错了", "the mapping is wrong"), where=Place(path, line=line), why=why,
        fix=Text("对照 docs/mapping.md 改正，或用 inspect --write-mapping 重写一份", 
                 "correct it by docs/mapping.md, or let inspect --write-mapping write one anew"),
    )  # fmt: skip

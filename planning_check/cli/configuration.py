"""The configuration file ``planning_check.toml``: what a command is asked for daily, in place of its options. The command line goes before.

It is the nearest one from the working folder upwards, or the one named by --config or PLANNING_CHECK_CONFIG (``off``: none). Paths in it
are relative to it.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from planning_check.errors import Place, Text, UsageError

FILE = "planning_check.toml"
OFF = "off"
LANGUAGES = ("zh", "en")
_MOST_BYTES = 1_000_000
MEMORY = re.compile(r"(\d+(?:\.\d+)?) ?([kmgt])i?b?", re.IGNORECASE)


@dataclass(frozen=True)
class Setting:
    """One line of the file that says something: ``value`` as a command takes it, ``line`` where it stands."""

    key: str
    value: Any
    line: int


@dataclass(frozen=True)
class Configuration:
    """The settings of one file, by the parameter of the commands that each is."""

    path: Path
    settings: dict[str, Setting]


class _Wrong(Exception):
    """A value that is none; its text says what is expected."""

    def __init__(self, expected: Text) -> None:
        self.expected = expected
        super().__init__(expected.en)


def configuration(named: str | None, start: Path, warn: Callable[[Text], None]) -> Configuration | None:
    """The configuration that holds in a folder; none where there is none. ``named``: the one to read. ``warn`` hears of one that is not
    trusted. Raises UsageError, with file and line, for one that cannot be read or says what is not known."""
    if named is not None:
        return None if named == OFF else read_configuration(Path(named))
    for folder in (start, *start.parents):
        path = folder / FILE
        if os.path.lexists(path):
            if _is_anothers(path):
                warn(Text(f"没有采用 {path}：它属于别的用户；确认无误的用 --config 指明", 
                          f"{path} belongs to another user and is not used; --config names it if it is meant"))  # fmt: skip
                return None
            return read_configuration(path)
    return None


def _is_anothers(path: Path) -> bool:
    return hasattr(os, "getuid") and path.lstat().st_uid not in (os.getuid(), 0)


def read_configuration(path: Path) -> Configuration:
    """Read and check one file. Raises UsageError."""
    text = _text(path)
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        last = text.count("\n") + 1
        raise _error(
            path, min(int(line[1]), last) if line else last, Text("不是合法的 TOML", "not valid TOML"),
            Text("写成 键 = \"值\"；Windows 路径用单引号：folder = 'D:\\报送'",
                 "write key = \"value\"; a Windows path in single quotes: folder = 'D:\\data'"),
        ) from error  # fmt: skip
    lines = {key: _line(text, key) for key in content}
    for key in content:
        if key not in KEYS:
            raise _unknown(path, lines[key], key)
    settings = {}
    for key, value in content.items():
        param, read = KEYS[key]
        try:
            settings[param] = Setting(key, read(value, path.resolve().parent), lines[key])
        except _Wrong as wrong:
            shown = f"{value!s:.80}"
            raise _error(
                path, lines[key], Text(f"{key} 不能是“{shown}”：{wrong.expected.zh}", f"{key} cannot be {shown!r}: {wrong.expected.en}"),
                Text("改正这一行，或删去它", "correct the line, or delete it"),
            ) from None  # fmt: skip
    return Configuration(path, settings)


def _text(path: Path) -> str:
    try:
        if path.is_file() and path.stat().st_size > _MOST_BYTES:
            raise _error(path, 1, Text("文件太大，不是配置文件", "too large for a configuration"), _REWRITE)
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        said = error.strerror or str(error)
        raise UsageError(
            Text("配置文件打不开", "the configuration cannot be read"), where=Place(str(path)), why=Text(said, said),
            fix=Text("检查 --config 或 PLANNING_CHECK_CONFIG 指的路径", "look at the path that --config or PLANNING_CHECK_CONFIG names"),
        ) from error  # fmt: skip
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _error(path, line, Text("文件不是 UTF-8 编码", "the file is not UTF-8"), Text("用 UTF-8 另存", "save it as UTF-8")) from error


_REWRITE = Text("用 planning-check init 写一份", "planning-check init writes one")


def _error(path: Path, line: int, what: Text, fix: Text) -> UsageError:
    return UsageError(what, where=Place(str(path), line=line), fix=fix)


def _unknown(path: Path, line: int, key: str) -> UsageError:
    near = get_close_matches(key.lower().replace("-", "_"), KEYS, 1, 0.5)
    zh, en = (f"，是不是“{near[0]}”" if near else ""), (f"; did you mean {near[0]!r}" if near else "")
    known = ", ".join(KEYS)
    return _error(path, line, Text(f"不认得“{key}”{zh}", f"unknown key {key!r}{en}"), Text(f"可用：{known}", f"known: {known}"))


def _line(text: str, key: str) -> int:
    """Where a key stands; the first line where that cannot be told."""
    found = re.search(rf"^\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]", text, re.MULTILINE)
    return text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1 if found else 1


def _word(value: Any, _base: Path) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise _Wrong(Text("应为文字，写在引号里", "expected a text in quotes"))
    return value.strip()


def _language(value: Any, base: Path) -> str:
    if value not in LANGUAGES:
        raise _Wrong(Text('应为 "zh" 或 "en"', 'expected "zh" or "en"'))
    return _word(value, base)


def _path(value: Any, base: Path) -> str:
    return str(base / _word(value, base))


def _several(one: Callable[[Any, Path], str]) -> Callable[[Any, Path], list[str]]:
    def read(value: Any, base: Path) -> list[str]:
        return [one(item, base) for item in (value if isinstance(value, list) else [value])]

    return read


def _rules(value: Any, base: Path) -> str:
    """A folder, else the name of a bundled example, which is looked up where the rules are read."""
    named = _word(value, base)
    return str(base / named) if (base / named).exists() else named


def _database(value: Any, base: Path) -> str:
    """A URL as it is, the file of SQLite beside the configuration."""
    given = _word(value, base)
    prefix, name = ("sqlite:///", given.removeprefix("sqlite:///")) if given.startswith("sqlite:///") else ("", given)
    if (prefix and (not name or name.startswith((":", "file:")))) or "://" in name:
        return given
    return f"{prefix}{base / name}"


def _day(value: Any, _base: Path) -> str:
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if type(day) is not dt.date:
        raise _Wrong(Text("应为日期，如 2011-06-30", "expected a day such as 2011-06-30"))
    return day.isoformat()


def _threads(value: Any, _base: Path) -> int:
    if type(value) is not int or value < 1:
        raise _Wrong(Text("应为 1 以上的整数", "expected a whole number of at least 1"))
    return value


def _memory(value: Any, base: Path) -> str:
    size = MEMORY.fullmatch(_word(value, base))
    if size is None or float(size[1]) == 0:
        raise _Wrong(Text('写成 "2GB" 或 "500MB"', 'write it as "2GB" or "500MB"'))
    return str(value)


#: Key of the file -> parameter of the commands, and how its value is read.
KEYS: Mapping[str, tuple[str, Callable[[Any, Path], Any]]] = {
    "folder": ("paths", _several(_path)), "db": ("db_url", _database), "rules": ("rule_dirs", _several(_rules)), "as_of": ("as_of", _day),
    "language": ("lang", _language), "mapping": ("mapping", _path), "crs": ("crs", _several(_word)), "series": ("series", _word),
    "threads": ("threads", _threads), "memory": ("memory", _memory), "by": ("actor", _word),
}  # fmt: skip
_PLACES = frozenset(("paths", "mapping"))


def for_command(found: Configuration, params: Collection[str]) -> dict[str, Any]:
    """The values for the parameters that a command has. Raises UsageError for a file or folder among them that there is not."""
    for name in _PLACES.intersection(params, found.settings):
        one = found.settings[name]
        for value in one.value if isinstance(one.value, list) else [one.value]:
            is_there = Path(value).is_file() if name == "mapping" else Path(value).exists()
            if not is_there:
                fix = Text("改正这一行，或删去它", "correct the line, or delete it")
                raise _error(found.path, one.line, Text(f"{one.key}：没有 {value}", f"{one.key}: there is no {value}"), fix)
    return {name: setting.value for name, setting in found.settings.items() if name in params}


def used(found: Configuration, names: Collection[str]) -> list[Text]:
    """What a command took from the configuration, in one line, and the day apart, which grows old. ``names``: of what it took."""
    taken = [setting for name, setting in found.settings.items() if name in names]
    told = ", ".join(f"{one.key} = {shown(one.value)}" for one in taken)
    lines = [Text(f"按配置文件 {found.path}：{told}", f"From the configuration {found.path}: {told}")] if taken else []
    if "as_of" in names:
        day, name = found.settings["as_of"], found.path.name
        lines.append(Text(f"截至日 {day.value} 是 {name} 第 {day.line} 行写的，不一定是今天；按别的日子检查用 --as-of，或删去这一行",
                          f"The day of the check, {day.value}, stands in {name}, line {day.line}, and may be old; --as-of checks as of "
                          "another, or delete the line"))  # fmt: skip
    return lines


def shown(value: Any) -> str:
    """A value as people read it; an address with a name in it, which may hold a password, is not told."""
    told = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "..." if "@" in told and "://" in told else told

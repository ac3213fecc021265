"""Templates to be filled in: one workbook, or one for each bureau."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from planning_check import following, template
from planning_check.errors import Text, UsageError
from planning_check.pipeline.rules import load_rules
from planning_check.schema import BY_NAME, Table
from planning_check.words import BUREAUS


def template_files(names: Sequence[str], lang: str) -> dict[str, tuple[str, tuple[Table, ...]]]:
    """The workbooks of a folder: file name -> bureau and its tables, of those that are asked for (none: all)."""
    wanted = {table.name for table in asked_tables(names)}
    found = {}
    for owner, label in BUREAUS.items():
        tables = tuple(t for t in template.tables(owner) if t.name in wanted)
        if tables:
            found[f"{label.get(lang).replace(' ', '_')}.xlsx"] = (owner, tables)
    return found


def asked_tables(names: Sequence[str]) -> tuple[Table, ...]:
    """Tables by their name, in either language, or a usual one; none asked for: all. Raises UsageError with the nearest name."""
    able = template.tables()
    if not names:
        return able
    known = {w.lower(): t for t in able for w in (*t.aliases, t.label.en, t.label.zh, t.name)}
    found = {}
    for name in names:
        table = known.get(name.strip().lower())
        if table is None:
            raise _unknown(name, known, able)
        found[table.name] = table
    return tuple(t for t in able if t.name in found)


def _unknown(name: str, known: dict[str, Table], able: Sequence[Table]) -> UsageError:
    if name in BY_NAME:
        what = Text(f"“{name}”要有图形，只能交图层", f"{name!r} needs shapes and is handed in as a layer only")
        return UsageError(what, fix=Text("用 QGIS 存为 .gpkg", "save it as .gpkg in QGIS"))
    near = get_close_matches(name.lower(), known, 1)
    zh, en = (f"，是不是“{near[0]}”" if near else ""), (f"; did you mean {near[0]!r}" if near else "")
    return UsageError(
        Text(f"没有“{name}”这种表{zh}", f"there is no table {name!r}{en}"),
        fix=Text(f"可用：{'、'.join(t.label.zh for t in able)}", f"known: {', '.join(t.name for t in able)}"),
    )


def write_templates(target: Path, names: Sequence[str], lang: str, rule_dirs: Sequence[Path] = ()) -> list[Path]:
    """Write one workbook (a target that ends in .xlsx) or one for each bureau into a folder; gives what was written. ``rule_dirs``: with
    the own tables of these rules. Raises UsageError before anything is written where a file is there already."""
    with following.in_force(load_rules(rule_dirs).own if rule_dirs else ()):
        return _write(target, names, lang)


def _write(target: Path, names: Sequence[str], lang: str) -> list[Path]:
    from planning_check.report.reference.template_book import write_template

    if target.suffix.lower() == ".xlsx":
        books = {target: ("", asked_tables(names))}
    else:
        books = {target / name: told for name, told in template_files(names, lang).items()}
    for path in books:
        if path.exists():
            raise UsageError(
                Text(f"文件已存在，没有覆盖：{path}", f"the file exists and was not overwritten: {path}"),
                fix=Text("换一个位置，或先把它移开", "choose another place, or move it away first"),
            )
    for path, (owner, tables) in books.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_template(path, lang, tables, owner)
    return list(books)

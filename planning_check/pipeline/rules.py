"""The rules and data that ship with the package, and a city's own rules laid over them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check import declared
from planning_check.errors import Place, Text, UsageError

if TYPE_CHECKING:
    from planning_check.rulebook.loading import Rulebook
    from planning_check.workdays import Workdays

_PACKAGE = Path(__file__).parents[1]


def bundled(name: str) -> Path:
    """The folder ``rules`` or ``data`` that ships with the package: inside an installed wheel, beside it in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def load_rules(rule_dirs: Sequence[Path] = ()) -> Rulebook:
    """The bundled rules with the city's own folders laid over them; ``examples/tiers`` names a bundled example,
    ``packs/funding`` a bundled pack. What is told of them knows the own tables that they bring to the end of the command."""
    from planning_check.rulebook.kept import load_kept

    book = load_kept([bundled("rules"), *map(rule_folder, rule_dirs)])
    declared.also(book.own)
    return book


def bundled_city(rule_dirs: Sequence[Path] = ()) -> list[Path]:
    """The delivery of the bundled city, with the registers that the packs among these folders ask for."""
    data, packs = bundled("data"), bundled("rules") / "packs"
    named = [folder.name for folder in map(rule_folder, rule_dirs) if folder.resolve().parent == packs.resolve()]
    return [data / "demo", *(found for name in named if (found := data / "demo_packs" / name).is_dir())]


def load_workdays(rule_dirs: Sequence[Path] = ()) -> Workdays:
    """The days of work, by the folders of the city. Raises UsageError for one that is not there, RulebookError for a wrong table."""
    from planning_check.rulebook.workdays import workdays_of

    folders = [rule_folder(path) for path in rule_dirs]
    gone = next((folder for folder in folders if not folder.is_dir()), None)
    if gone is not None:
        raise UsageError(
            Text("没有这个规则文件夹，不知道工作日按哪张表数", "no such rules folder: by which table are working days counted?"),
            where=Place(str(gone)), fix=Text("用 --rules 指明本市的规则文件夹", "name the city's rules folder with --rules"),
        )  # fmt: skip
    return workdays_of(folders)


def rule_folder(path: Path) -> Path:
    """A folder of rules as given, or the bundled example or pack of that name. Raises UsageError for one that there is not."""
    from planning_check.rulebook.loading import LAYERS, PACKS

    kind = path.parts[0] if path.parts else ""
    if path.exists() or kind not in LAYERS:
        return path
    layers = bundled("rules") / kind
    found = layers.parent / path
    if not found.is_dir():
        there = sorted(layers.iterdir()) if layers.is_dir() else []
        names = ", ".join(f"{kind}/{folder.name}" for folder in there if folder.is_dir())
        if kind == PACKS:
            gone, fix = Text("没有这个规则包", "no such pack"), Text(f"自带的规则包：{names}", f"the bundled packs are {names}")
        else:
            gone, fix = Text("没有这个示例", "no such example"), Text(f"自带的示例：{names}", f"the bundled examples are {names}")
        raise UsageError(gone, where=Place(path.as_posix()), fix=fix)
    return found

"""``facilities.yaml``: kinds of facilities and the weights of the programme; strictly read, each number with unit, source and whether
verified.

That of a later folder is laid over the earlier ones, number by number: a city writes what is different in its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from planning_check.errors import Place, RulebookError, Text
from planning_check.rulebook.nodes import Item, check_name, read_yaml
from planning_check.schema import FACILITY_KINDS, USES
from planning_check.siting.kinds import LEVELS, OWN_TABLE, PARTS, SETTINGS, SITES, Facilities, FacilityKind, Figure

FILE = "facilities.yaml"
_FIGURE = ("value", "unit", "cite", "verified")
_SPREAD = {"spacing_m": "m", "points_at_most": "1", "persons_per_household": "persons/household", "available_within_days": "days"}
_OWN = {"reach_m": "m", "serves_per_m2": "persons/m2", "serves_per_place": "persons/place", "least_m2": "m2", "usual_m2": "m2"}
_KIND = ("zh", "en", "level", "setting", *_OWN, "cost_yuan_per_m2", "land_uses", "present")
_REGISTERS = ("community_facilities", OWN_TABLE)
#: Unit -> the largest value that is no slip of the pen.
_LARGEST = {
    "m": 20_000, "1": 100_000, "persons/household": 20, "days": 36_500, "persons/m2": 10_000, "persons/place": 10_000, "m2": 1_000_000,
    "yuan/m2": 1_000_000, "points": 1_000,
}  # fmt: skip


def facilities_of(folders: Sequence[Path]) -> Facilities:
    """What the folders say, the later ones over the earlier. Raises RulebookError with file:line, and where none of them has the file."""
    laid: Item | None = None
    for folder in folders:
        if (folder / FILE).is_file():
            item = read_yaml(folder / FILE, name=f"{folder.name}/{FILE}")
            item.mapping(("spread", "kinds", "programme"))
            laid = item if laid is None else _over(laid, item)
    if laid is None:
        raise RulebookError(Text("没有 facilities.yaml，不知道设施的标准", "no facilities.yaml: by which standard are facilities sited?"),
                            where=Place(", ".join(map(str, folders))),
                            fix=Text("用 --rules packs/facilities", "use --rules packs/facilities"))  # fmt: skip
    spread, programme = laid.need("spread"), laid.need("programme")
    spread.mapping(tuple(_SPREAD))
    programme.mapping(("lease_days", "weights"))
    programme.need("weights").mapping(tuple(PARTS))
    return Facilities(
        kinds={code: _kind(code, item) for code, item in laid.need("kinds").mapping().items()},
        lease_days=_figure(programme.need("lease_days"), "days"),
        weights={part: _figure(programme.need("weights").need(part), "points") for part in PARTS},
        **{name: _figure(spread.need(name), unit, least=_least(name)) for name, unit in _SPREAD.items()},
    )


def _over(before: Item, after: Item) -> Item:
    """Mappings are laid over each other key by key; a number, a list and a text are replaced whole."""
    if not (isinstance(before.value, dict) and isinstance(after.value, dict)) or "value" in after.value:
        return after
    both = {key: _over(before.value[key], item) if key in before.value else item for key, item in after.value.items()}
    return replace(after, value=before.value | both)


def _kind(code: str, item: Item) -> FacilityKind:
    check_name(code, item)
    given = item.mapping(_KIND)
    own = {name: _figure(item.need(name), unit) for name, unit in _OWN.items() if name != "serves_per_place"}
    places = _figure(given["serves_per_place"], _OWN["serves_per_place"]) if "serves_per_place" in given else None
    costs = {site: _figure(cost, "yuan/m2") for site, cost in item.need("cost_yuan_per_m2").mapping(tuple(SITES)).items()}
    if own["usual_m2"].value < own["least_m2"].value:
        raise given["usual_m2"].fail("usual_m2 小于 least_m2", "usual_m2 is less than least_m2")
    level = item.need("level")
    if level.number() not in LEVELS:
        raise level.fail("level 是生活圈的分钟数：5、10 或 15", "level is the minutes of a living circle: 5, 10 or 15")
    return FacilityKind(
        code, Text(item.need("zh").text(), item.need("en").text()), int(level.number()), item.need("setting").text(SETTINGS),
        costs=costs, serves_per_place=places, present=_present(item.need("present")),
        land_uses=tuple(use.text(tuple(u.code for u in USES)) for use in item.need("land_uses").items()), **own,
    )  # fmt: skip


def _present(item: Item) -> dict[str, tuple[str, ...]]:
    bundled = tuple(choice.code for choice in FACILITY_KINDS)
    return {
        register: tuple(kind.text(bundled if register == "community_facilities" else None) for kind in kinds.items())
        for register, kinds in item.mapping(_REGISTERS).items()
    }


def _least(name: str) -> int:
    return 1 if name in ("spacing_m", "points_at_most") else 0


def _figure(item: Item, unit: str, least: int = 0) -> Figure:
    item.mapping(_FIGURE)
    value, told = item.need("value"), item.need("unit")
    if told.text() != unit:
        raise told.fail(f"单位应为 {unit}", f"the unit must be {unit}")
    number, most = value.number(), _LARGEST[unit]
    if not least <= number <= most:
        raise value.fail(f"此处应为 {least} 到 {most} 的数", f"a number from {least} to {most} is expected here")
    verified = item.need("verified").text(("yes", "no")) == "yes"
    return Figure(number, unit, item.need("cite").text(), verified, f"{value.file}:{value.line}")

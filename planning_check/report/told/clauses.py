"""Where a clause or a parameter has its value from: the law that is cited, the ordinance that it is inherited from, the place and days in
which it has another value and the city's file that says so. Told from the records of ``rulebook.texts``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from planning_check.errors import Text

NO_CITE = Text("", "")
_PART = re.compile(r"[^\s,\[\]{}:'\"]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def inherited_text(clause: Mapping[str, Any]) -> Text:
    """From which ordinance a clause is inherited; empty for one that its ordinance states itself."""
    origin = clause.get("inherited_from")
    return Text(f"（承 {origin}）", f" (from {origin})") if origin else NO_CITE


def cite_text(clause: Mapping[str, Any]) -> Text:
    """Where the law states a clause, and which ordinance it is inherited from."""
    origin = inherited_text(clause)
    return Text(f"{clause['cite']}{origin.zh}", f"{clause['cite']}{origin.en}")


def place_text(one: Mapping[str, Any]) -> Text:
    """The place and the days in which a value holds, the city's file that says so, and whether anybody has verified it."""
    zh, en = one["jurisdiction"] or "全部地方", one["jurisdiction"] or "everywhere"
    until = Text(f"至 {one['to']}", f" to {one['to']}") if one["to"] else Text("起", "")
    checked = Text("已核实", "verified") if one["verified"] else Text("未核实", "not verified")
    return Text(
        f"{zh}，{one['from']} {until.zh}（{one['where']}，{checked.zh}）",
        f"{en}, from {one['from']}{until.en} ({one['where']}, {checked.en})",
    )


def held_text(one: Mapping[str, Any]) -> Text:
    """Place, days and file of a value, and where the law says so."""
    where = place_text(one)
    return Text(f"{where.zh}：{one['cite']}", f"{where.en}: {one['cite']}")


def cite_of(clause: Mapping[str, Any], value: Any, district: str | None) -> Text:
    """Where a value that held for a subject of a district is from. A run keeps the value and not its day: of several values of a place
    that are the same all are named."""
    placed = held_in(clause, value, district)
    if not placed:
        return cite_text(clause)
    told = [held_text(one) for one in placed]
    return Text("；".join(one.zh for one in told), "; ".join(one.en for one in told))


def placed_of(told: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The values that a clause or a parameter has in places and times."""
    placed: Mapping[str, Mapping[str, Any]] = told.get("placed", {})
    return placed.values()


def held_in(told: Mapping[str, Any], value: Any, district: str | None) -> list[Mapping[str, Any]]:
    """Of the values in places those that the district lies in and that are this value, in the narrowest place."""
    found = [one for one in placed_of(told) if (district or "").startswith(one["jurisdiction"]) and _same(one["value"], value)]
    deepest = max((len(one["jurisdiction"]) for one in found), default=0)
    return [one for one in found if len(one["jurisdiction"]) == deepest]


def overridden(ordinances: Iterable[Mapping[str, Any]], rules: Iterable[Mapping[str, Any]]) -> list[tuple[str, Any, str, Text]]:
    """Every value of a clause or a parameter in a place and time: whose it is, value, unit, and where it holds and stands; one that is
    inherited is told where it stands."""
    found: dict[str, tuple[str, Any, str, Text]] = {}
    clauses = [(o["id"], name, clause) for o in ordinances for name, clause in o["clauses"].items()]
    for owner, name, told in sorted(clauses, key=lambda one: "inherited_from" in one[2]):
        for one in placed_of(told):
            found.setdefault(one["where"], (f"{owner}.{name}", one["value"], told["unit"], held_text(one)))
    for rule in rules:
        for told in rule["parameters"]:
            for one in placed_of(told):
                found[one["where"]] = (f"{rule['id']}.{told['name']}", one["value"], told["unit"], held_text(one))
    return list(found.values())


def _same(written: Any, judged: Any) -> bool:
    """Whether a value as written is the one that was judged by, which a run keeps as text: a number perhaps with more decimals, a list with
    commas, steps as the engine writes them."""
    return (written is None) == (judged is None) and _parts(written) == _parts(judged)


def _parts(value: Any) -> tuple[Any, ...]:
    if isinstance(value, list):
        return tuple(part for one in value for part in _parts(one))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return tuple(Decimal(part) if _NUMBER.fullmatch(part) else part for part in _PART.findall(text) if part not in ("at_least", "gives"))

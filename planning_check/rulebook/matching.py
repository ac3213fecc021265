"""``rules/matching.yaml``, ``coverage.yaml``, ``measuring.yaml``: what is policy in them; strictly read, a note beside every number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from planning_check.geo.places.assignment import MatchSettings
from planning_check.measuring import Measuring
from planning_check.rulebook.nodes import Item, read_yaml
from planning_check.schema import OWNER_KINDS, TENURES

_KEYS = ("tenures", "far_m", "use_rate_at_most", "other_community_m", "other_district_m", "owner_m")
_FARTHEST_M = 100_000


def read_matching(path: Path, name: str) -> MatchSettings:
    """Read the settings; all six are needed. Raises RulebookError with file:line."""
    item = read_yaml(path, name=name)
    item.mapping(_KEYS)
    values = {key: _value(item.need(key)) for key in _KEYS}
    owners = values["owner_m"].mapping(tuple(c.code for c in OWNER_KINDS))
    return MatchSettings(
        tenures=tuple(one.text(tuple(c.code for c in TENURES)) for one in values["tenures"].items()),
        far_m=_metres(values["far_m"], least=1),
        use_rate_at_most=_share(values["use_rate_at_most"]),
        other_community_m=_metres(values["other_community_m"]),
        other_district_m=_metres(values["other_district_m"]),
        owner_m={kind: _metres(metres) for kind, metres in owners.items()},
    )


def read_coverage(path: Path, name: str) -> int:
    """The service radius of a community office in metres. Raises RulebookError with file:line."""
    item = read_yaml(path, name=name)
    item.mapping(("service_radius_m",))
    return _metres(_value(item.need("service_radius_m")), least=1)


@dataclass(frozen=True)
class Width:
    """One value of ``measuring.yaml`` with its note and where it stands."""

    name: str
    value: Decimal
    note: str
    where: str

    @property
    def unit(self) -> str:
        """As the ending of its name says; "" for a count."""
        return next((unit for ending, unit in _UNITS.items() if self.name.endswith(ending)), "")


#: Ending of a name -> its unit.
_UNITS = {"_m2": "m2", "_m": "m", "_share": "1", "_percent": "%", "_degrees": "°", "_times": "×"}
#: Unit -> the largest value that is no slip of the pen; "" is a count.
_LARGEST = {"m2": 1_000_000, "m": 1_000, "1": 1, "%": 100, "°": 10, "×": 10_000_000, "": 1_000}
WIDTHS = tuple(f.name for f in fields(Measuring) if f.default is MISSING)


def read_measuring(path: Path, name: str, before: Mapping[str, Width] | None = None) -> dict[str, Width]:
    """The widths of measuring, those of ``before`` where the file says nothing. Raises RulebookError with file:line."""
    item = read_yaml(path, name=name)
    given = item.mapping(WIDTHS)
    read = {key: _width(key, value) for key, value in given.items()}
    if before is None:
        for key in WIDTHS:
            item.need(key)
    return {key: (before or read)[key] if key not in read else read[key] for key in WIDTHS}


def measuring_of(widths: Mapping[str, Width]) -> Measuring:
    """The widths as numbers, without the distances that come from rules."""
    numbers: dict[str, Any] = {w.name: float(w.value) if w.unit else int(w.value) for w in widths.values()}
    return Measuring(**numbers)


def _width(name: str, item: Item) -> Width:
    value = _value(item)
    width = Width(name, value.number(), item.need("note").text(), f"{item.file}:{item.line}")
    most, whole = _LARGEST[width.unit], not width.unit
    if not 0 <= width.value <= most or (whole and width.value != int(width.value)):
        zh, en = ("整数", "a whole number") if whole else ("数", "a number")
        raise value.fail(f"此处应为 0 到 {most} 的{zh}", f"{en} from 0 to {most} is expected here")
    return width


def _value(item: Item) -> Item:
    item.mapping(("value", "note"))
    item.need("note").text()
    return item.need("value")


def _metres(item: Item, least: int = 0) -> int:
    metres = item.number()
    if metres != int(metres) or not least <= metres <= _FARTHEST_M:
        raise item.fail(f"此处应为 {least} 到 {_FARTHEST_M} 的整数米", f"whole metres from {least} to {_FARTHEST_M} are expected here")
    return int(metres)


def _share(item: Item) -> float:
    share = item.number()
    if not 0 <= share <= 1:
        raise item.fail("此处应为 0 到 1", "a share from 0 to 1 is expected here")
    return float(share)

"""The cities of a province's run: whose a district is, and which of them were not checked and so are in no list and no sum.

A run of one delivery has none, and everything here then says nothing: papers write what they always did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.numbers import number

HEAD, DISTRICT = Text("城市", "city"), Text("区县", "district")
#: What the whole is called.
PROVINCE, CITY = Text("全省", "whole province"), Text("全市", "whole city")
#: What belongs to no city: no district is told, one that no city has, or one that two cities have.
NOT_KNOWN = Text("城市不明", "city not known")
_NAMED = 3


@dataclass(frozen=True)
class OneCity:
    """``label``: its name among the files; ``name``: how people call it, never that of another; ``districts``: codes. ``why``: why it was
    not checked, None where it was."""

    label: str
    name: Text
    districts: tuple[str, ...]
    projects: int
    shard: str
    is_checked: bool
    why: Text | None


@dataclass(frozen=True)
class Cities:
    """All cities of a run, in the order of their labels; false where it is not of a province."""

    all: tuple[OneCity, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.all)

    @property
    def checked(self) -> list[OneCity]:
        return [one for one in self.all if one.is_checked]

    @property
    def failed(self) -> list[OneCity]:
        """Those that are in no list and no sum."""
        return [one for one in self.all if not one.is_checked]

    @cached_property
    def _by_code(self) -> dict[str, OneCity]:
        told = Counter(code for one in self.all for code in dict.fromkeys(one.districts))
        return {code: one for one in self.all for code in one.districts if told[code] == 1}

    def of(self, district_code: str | None) -> OneCity | None:
        """The city of a district: of its code, or of the longest code that it begins with. None where no city has it, or several do."""
        code = district_code or ""
        return next((found for end in range(len(code), 3, -1) if (found := self._by_code.get(code[:end]))), None)

    def label(self, district_code: str | None) -> str:
        """The label of the city of a district, '' where that is not known."""
        found = self.of(district_code)
        return found.label if found else ""

    @property
    def names(self) -> dict[str, Text]:
        """What cities are called, by their labels, and under '' what belongs to none; nothing where there are no cities."""
        return {one.label: one.name for one in self.all} | {"": NOT_KNOWN} if self else {}

    def called(self, groups: Mapping[str, str], by: str) -> dict[str, Text]:
        """What the groups of a table are called, by their codes (``groups``: code -> name): cities, or districts with their city; nothing
        where there are no cities or the table is by something else."""
        if by == "city":
            return self.names
        if by != "district" or not self:
            return {}
        return {code: Text(*(self.place(code, name, lang) for lang in ("zh", "en"))) for code, name in groups.items()}

    def name(self, district_code: str | None) -> Text:
        """What the city of a district is called; nothing where the run is not of a province."""
        if not self:
            return Text("", "")
        found = self.of(district_code)
        return found.name if found else NOT_KNOWN

    def column(self, lang: str) -> list[str]:
        """The head of the column that stands before that of the district: one where there are cities, else none."""
        return [HEAD.get(lang)] if self else []

    def cell(self, district_code: str | None, lang: str) -> list[str]:
        """What stands in that column."""
        return [self.name(district_code).get(lang)] if self else []

    def place(self, district_code: str | None, district: str | None, lang: str) -> str:
        """City and district in one cell; of a district that bears its city's name that is enough."""
        city = self.cell(district_code, lang)
        if district and city and district.startswith(city[0]):
            return district
        return " ".join([*city, *([district] if district else [])])

    @property
    def group(self) -> Text:
        """What the sums of a list are told by."""
        return HEAD if self else DISTRICT

    @property
    def whole(self) -> Text:
        """What the sum over all of it is called."""
        return PROVINCE if self else CITY

    def counted(self) -> Text:
        """How many cities there are, and how many of them were checked."""
        n = len(self.all)
        if not self.failed:
            return Text(f"全省 {number(n)} 座城市，都检查了", f"A province of {_cities(n)}, all checked")
        done = len(self.checked)
        return Text(f"全省 {number(n)} 座城市，检查了 {number(done)} 座", f"A province of {_cities(n)}, {number(done)} checked")

    def left_out(self, most: int = _NAMED) -> Text | None:
        """Which cities were not checked and why, the first of them by name; None where all were."""
        if not self.failed:
            return None
        n, rest = len(self.failed), len(self.failed) - most
        zh = "；".join(f"{one.name.zh}（{one.why.zh}）" if one.why else one.name.zh for one in self.failed[:most])
        en = "; ".join(f"{one.name.en} ({one.why.en})" if one.why else one.name.en for one in self.failed[:most])
        return Text(
            f"全省 {number(len(self.all))} 座城市，{number(n)} 座没有检查，不在任何名单和合计内：{zh}{f'；另有 {number(rest)} 座' if rest > 0 else ''}",
            f"Of {_cities(len(self.all))} of the province {number(n)} {_were(n)} not checked and in no list and no sum: {en}"
            f"{f'; {number(rest)} more' if rest > 0 else ''}",
        )

    def lacking(self) -> Text:
        """The same in a few words, for the end of a sentence; nothing where all were checked."""
        if not self.failed:
            return Text("", "")
        n = len(self.failed)
        return Text(f"{number(n)} 座城市没有检查", f"{_cities(n)} {_were(n)} not checked")


def beside(city: Text, lang: str) -> list[str]:
    """What stands in the column of cities of a record that bears its city; nothing where there is none."""
    return [city.get(lang)] if city.zh else []


#: Those of a run that is of one delivery.
NO_CITIES = Cities()


def _were(n: int) -> str:
    return "was" if n == 1 else "were"


def _cities(n: int) -> str:
    return "1 city" if n == 1 else f"{number(n)} cities"


def cities_of(manifest: Mapping[str, Any]) -> Cities:
    """The cities that the manifest of a run names; none where it is of one delivery. Two of one name are told apart by their labels."""
    told = manifest.get("cities") or ()
    names = Counter(name for one in told for name in {one["zh"], one["en"]})

    def named(one: Mapping[str, Any]) -> Text:
        return Text(*(name if names[name] == 1 else f"{name} [{one['label']}]" for name in (one["zh"], one["en"])))

    return Cities(tuple(
        OneCity(
            one["label"], named(one), tuple(one.get("districts") or ()), one.get("projects") or 0, one.get("shard") or "",
            one["state"] == "checked", Text(one["why"]["zh"], one["why"]["en"]) if one.get("why") else None,
        )
        for one in told
    ))  # fmt: skip
